"""Between pictures: what lies on a straight line from one's latents to another's; of two latents the whole plane."""

import numpy as np

from autoencoder.drawing.image_rows import ImageRow
from autoencoder.inference.decoding import decode_images
from autoencoder.inference.embeddings import create_embeddings
from autoencoder.inference.trained_run import TrainedRun
from autoencoder.measures.shown import shown_rows
from autoencoder.storage.prepared import Split

NUM_PAIRS = 3
STEPS = 7  # from one picture to the other, both counted
SIDE = 9  # pictures along each side of the plane
MARGIN = 0.02  # of the test images, beyond each edge of the plane


def walk_rows(trained: TrainedRun, test: Split) -> list[ImageRow]:
    """Rows of a figure: for each of some pairs of test images the originals, and between them what the decoder draws on
    the way; below it the mere blend of their pixels. Of a run with two latents the plane, too.
    """
    first = shown_rows(test, 2 * NUM_PAIRS, trained.manifest.kind)
    originals = test.images[first] / np.float32(255)
    latents = create_embeddings(trained, test.images[first])
    rows = []
    for start, end in zip(range(0, len(first) - 1, 2), range(1, len(first), 2), strict=True):
        drawn = decode_images(trained, between(latents[start], latents[end]))
        blend = between(originals[start], originals[end])
        captions = ("original", *(f"{percent:.0f} %" for percent in np.linspace(0, 100, STEPS)), "original")
        rows.append(ImageRow("latents", np.stack([originals[start], *drawn.clip(0, 1), originals[end]])))
        rows.append(ImageRow("pixels", np.stack([originals[start], *blend, originals[end]]), captions))
    return [*rows, *(plane_rows(trained, test) if trained.run.latent_dim == 2 else [])]


def between(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """(STEPS, ...) from `start` to `end`, both included, in even steps."""
    shares = np.linspace(0, 1, STEPS, dtype=start.dtype).reshape(-1, *[1] * start.ndim)
    way: np.ndarray = start + shares * (end - start)
    return way


def plane_rows(trained: TrainedRun, test: Split) -> list[ImageRow]:
    """The plane of two latents, decoded on a grid over nearly all test images; the second latent rises upwards."""
    latents = create_embeddings(trained, test.images)
    ends = np.quantile(latents, [MARGIN, 1 - MARGIN], axis=0)
    across, up = np.linspace(ends[0], ends[1], SIDE, dtype=np.float32).T
    rows = []
    for height in up[::-1]:
        drawn = decode_images(trained, np.stack([across, np.full_like(across, height)], axis=1)).clip(0, 1)
        rows.append(ImageRow(f"{height:.2g}", drawn))
    rows[-1] = rows[-1]._replace(captions=tuple(f"{place:.2g}" for place in across))
    return rows
