"""What the explorer's page holds of a study: thumbnails, maps, neighbors, and networks that run in the page.

Size decides what is kept of a run: its decoder and the latents of the images shown, a byte each, always; its encoder,
which pictures of one's own need, of one run of a data set alone. The weights of that run and of small networks are
halves, those of others bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from autoencoder.config.explorer import load_explorer_options
from autoencoder.config.params import get_section, load_params
from autoencoder.config.provenance import preparation_facts
from autoencoder.config.runs import Run, load_runs
from autoencoder.inference.decoding import decode_images
from autoencoder.inference.trained_run import TrainedRun, load_trained
from autoencoder.measures.image_similarity import peak_signal_to_noise
from autoencoder.measures.kept_pca import kept_pca
from autoencoder.measures.labels import told_labels
from autoencoder.measures.nearest_neighbors import nearest
from autoencoder.measures.pca import Projection
from autoencoder.measures.sampling import sample_rows
from autoencoder.stages.explore.atlas import capacity, make_atlas
from autoencoder.stages.explore.network_program import UnknownOperationError, describe
from autoencoder.stages.explore.packing import packed, packed_in_blocks, packed_in_bytes
from autoencoder.storage import paths
from autoencoder.storage.latents import read_latents
from autoencoder.storage.prepared import Manifest, Split, read_manifest, read_split
from autoencoder.storage.results import read_result_arrays
from autoencoder.ui.errors import UserError

NUM_NEIGHBORS = 8
# Of pictures larger than these no more pixels and numbers of PCA are kept: the page is to stay below MOST_BYTES.
LARGE_SIDE, MOST_PIXELS, MOST_PCA = 64, 1_000 * 64 * 64, 4_000_000
NUM_DIRECTIONS = 12  # along which latents vary most
FEW_WEIGHTS = 50_000  # of a decoder
MAX_NAMES = 256  # of a label: a byte an image
MAPS = ("tsne", "pca")


def gather(name: str, num_images: int | None = None) -> dict[str, Any]:
    """All that the page of `explore.<name>` shows; num_images: in place of as many as it asks for. Raises UserError
    where a run was not embedded or mapped, or one that is to be left out is not there.
    """
    options = load_explorer_options(name)
    named = load_runs()
    unknown = [run for run in options.leave_out if run not in named]
    if unknown:
        raise UserError(f"params.yaml: explore.{name}.leave_out: {unknown[0]!r} is no run; take it out")
    runs = sorted((run for run in named.values() if run.name not in options.leave_out), key=lambda run: run.latent_dim)
    of_datasets = {
        dataset: [run for run in runs if run.dataset == dataset] for dataset in get_section(load_params(), "prepare")
    }
    most = num_images or options.num_images
    datasets = [gather_dataset(dataset, its, most) for dataset, its in of_datasets.items() if its]
    return {"title": options.title, "sample": any(dataset["sample"] for dataset in datasets), "datasets": datasets}


def gather_dataset(name: str, runs: Sequence[Run], num_images: int) -> dict[str, Any]:
    """A data set: thumbnails, labels, PCA, and each of its runs; of the test images at most `num_images`."""
    manifest, test = read_manifest(name, preparation_facts(name)), read_split(name, "test")
    rows = sample_rows(len(test.images), min(num_images, most_shown(manifest.image_shape)))
    images = test.images[rows]
    linear = kept_pca(manifest, read_split(name, "train").images)
    atlas, columns = make_atlas(images)
    labels = list(_labels(test, rows, manifest))
    with_encoder = run_with_encoder(runs)
    return {
        "name": name,
        "sample": manifest.sample,
        "shape": list(manifest.image_shape),
        "count": len(rows),
        "total": len(test.images),
        "columns": columns,
        "atlas": atlas,
        "ids": packed(test.index[rows], "<i4"),
        "labels": [{**label, "codes": packed(label["codes"], "u1")} for label in labels],
        "first_label": most_telling(labels),
        "num_neighbors": NUM_NEIGHBORS,
        "neighbors": others_nearest(images.reshape(len(images), -1) / 255),
        "pca": _linear(linear, images, max(run.latent_dim for run in runs)),
        "runs": [gather_run(run, rows, images, linear, run is with_encoder) for run in runs],
    }


def most_shown(image_shape: tuple[int, int, int]) -> int:
    """How many images of this shape (channels, height, width) the page has at most."""
    _, height, width = image_shape
    most = capacity(image_shape)
    return most if max(height, width) <= LARGE_SIDE else min(most, MOST_PIXELS // (height * width))


def run_with_encoder(runs: Sequence[Run]) -> Run:
    """Of a data set's runs, by rising latent dimension, the one whose encoder the page has: the largest nested one, or
    the largest where none is.
    """
    return max(runs, key=lambda run: (run.nested, run.latent_dim))


def gather_run(
    run: Run, rows: np.ndarray, images: np.ndarray, linear: Projection, with_encoder: bool
) -> dict[str, Any]:
    """A run and these test images: their maps, errors, latents and neighbors, and the network."""
    trained, latents = load_trained(run.name), read_latents(run.name, "test").latents[rows]
    points = read_result_arrays(paths.map_points(run.name), run.name, "map", *MAPS)
    coefficients = linear.encode(images, run.latent_dim) if run.latent_dim <= len(linear.components) else None
    return {
        "name": run.name,
        "latent_dim": run.latent_dim,
        "nested": run.nested,
        "value_range": list(trained.manifest.value_range),
        "psnr": packed(_decibels(images, decode_images(trained, latents)), "<f2"),
        "maps": {name: packed(points[name][rows], "<u2") for name in MAPS},
        "neighbors": others_nearest(latents),
        "by_pca": None if coefficients is None else others_nearest(coefficients),
        "latents": packed_in_bytes(latents),
        "directions": _directions(latents),
        "decoder": _program(trained, "decoder", exact=with_encoder),
        "encoder": _program(trained, "encoder", exact=True) if with_encoder else None,
    }


def others_nearest(vectors: np.ndarray) -> dict[str, str]:
    """The nearest others of each of (n, d) vectors, n > 1, by Euclidean distance: rows (n, k) uint16 and distances
    (n, k) float16, nearest first. Where there are fewer others than there should be they begin again.
    """
    found = nearest(vectors, vectors, NUM_NEIGHBORS + 1, "euclidean")
    places = []
    for own, of_row in enumerate(found.rows):  # itself is there, but not always first: pictures may be the same
        others = np.flatnonzero(of_row != own)[:NUM_NEIGHBORS]
        places.append(np.resize(others, NUM_NEIGHBORS))
    kept = np.array(places)
    rows, distances = (np.take_along_axis(each, kept, axis=1) for each in (found.rows, found.distances))
    return {"rows": packed(rows, "<u2"), "distances": packed(distances, "<f2")}


def _decibels(images: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """PSNR of each image as evaluate measures it; images uint8, drawn floats in [0, 1], both (n, ...): (n,)."""
    return peak_signal_to_noise(torch.from_numpy(drawn).double(), torch.from_numpy(images).double() / 255).numpy()


def _directions(latents: np.ndarray) -> dict[str, Any]:
    """Where latents (n, d) vary most: their mean (d,), unit vectors (k, d), and the deviation along each."""
    mean = latents.mean(axis=0, dtype=np.float64)
    _, scales, axes = np.linalg.svd(latents - mean, full_matrices=False)
    count = min(NUM_DIRECTIONS, len(axes))
    deviations = scales[:count] / np.sqrt(len(latents))
    shares = np.square(scales[:count]) / max(np.square(scales).sum(), np.finfo(float).tiny)
    return {
        "count": count,
        "mean": packed(mean, "<f4"),
        "axes": packed(axes[:count], "<f2"),
        "deviations": packed(deviations, "<f4"),
        "shares": packed(shares, "<f4"),
    }


def _program(trained: TrainedRun, part: str, exact: bool) -> dict[str, Any] | None:
    """The run's encoder or decoder, or None where it is made of what the page cannot do."""
    shape = trained.manifest.image_shape if part == "encoder" else (trained.run.latent_dim,)
    try:
        program = describe(getattr(trained.model, part), shape)
    except UnknownOperationError:
        return None
    exact |= len(program.weights) <= FEW_WEIGHTS
    weights = packed(program.weights, "<f2") if exact else packed_in_blocks(program.weights)
    return {"steps": program.steps, "weights": weights}


def _linear(linear: Projection, images: np.ndarray, most: int) -> dict[str, Any]:
    """PCA up to as many components as a run has latents, fewer of large images, and the images' coefficients."""
    kept = linear.components[: min(most, MOST_PCA // linear.mean.size)]
    return {
        "count": len(kept),
        "mean": packed(linear.mean, "<f2"),
        "components": packed_in_blocks(kept),
        "latents": packed_in_bytes(linear.encode(images, len(kept))),
    }


def _labels(test: Split, rows: np.ndarray, manifest: Manifest) -> Iterator[dict[str, Any]]:
    """Labels that are codes; and of flags (what is worn) each that some of the images have, as a label of two names in
    the flags' `group`. codes: (n,) for these rows.
    """
    for label in told_labels(manifest):
        codes, names = test.labels[label][rows], manifest.labels[label]
        if codes.ndim == 1 and len(names) <= MAX_NAMES:
            yield {"label": label, "group": None, "names": names, "codes": codes}
        elif codes.ndim == 2:
            for flag in np.flatnonzero(codes.any(axis=0)):
                two = [f"no {names[flag]}", names[flag]]
                yield {"label": f"{label}: {names[flag]}", "group": label, "names": two, "codes": codes[:, flag]}


def most_telling(labels: Sequence[Mapping[str, Any]]) -> int:
    """The place of the label to begin with: whose most common name has the smallest share; 0 where there is none."""
    commonest = [np.bincount(label["codes"]).max() for label in labels]
    return int(np.argmin(commonest)) if commonest else 0
