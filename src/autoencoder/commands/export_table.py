"""A run's pictures as one Parquet file: what pandas, Embedding Atlas and FiftyOne open.

A row a picture: id, split, labels, error, latents, where it lies on the maps, the picture and its reconstruction as
PNG.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from autoencoder.inference.decoding import as_bytes, decode_images
from autoencoder.inference.trained_run import TrainedRun
from autoencoder.measures.labels import told_labels
from autoencoder.storage import paths
from autoencoder.storage.files import replacing
from autoencoder.storage.latents import Latents, read_latents
from autoencoder.storage.prepared import Manifest, read_split
from autoencoder.storage.results import read_result_arrays

MAPS = ("pca", "tsne")
MAPPED = "test"  # the split that the maps show
ROWS = 1000  # in a block


def export_table(trained: TrainedRun, splits: list[str], path: Path) -> int:
    """Write the run's pictures of these splits to `path`. Returns how many.

    Columns: id (position in the source), split, one a label, mse (of a value in [0, 1]), latents, pca_x, pca_y, tsne_x,
    tsne_y (of the test split, in [0, 1]; else null), picture and reconstruction ({bytes, path}, PNG).

    Raises UserError where latents or maps are missing.
    """
    latents = {split: read_latents(trained.run.name, split) for split in splits}
    schema = schema_of(trained, latents[splits[0]])
    count = 0
    with replacing(path) as scratch, pq.ParquetWriter(scratch, schema) as writer:
        for split in splits:
            for block in _blocks(trained, latents[split], split):
                writer.write_table(pa.table(block, schema=schema))
                count += len(block["id"])
    return count


def schema_of(trained: TrainedRun, latents: Latents) -> pa.Schema:
    """The columns and their types, as those latents are labelled."""
    picture = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    labels = [
        (label, pa.string() if latents.labels[label].ndim == 1 else pa.list_(pa.string()))
        for label in told_labels(trained.manifest)
    ]
    numbers = pa.list_(pa.float32(), trained.run.latent_dim)
    maps = [(f"{name}_{axis}", pa.float32()) for name in MAPS for axis in "xy"]
    return pa.schema(
        [
            ("id", pa.int64()),
            ("split", pa.string()),
            *labels,
            ("mse", pa.float32()),
            ("latents", numbers),
            *maps,
            ("picture", picture),
            ("reconstruction", picture),
        ]
    )


def _blocks(trained: TrainedRun, latents: Latents, split: str) -> Iterator[dict[str, Any]]:
    run, manifest = trained.run, trained.manifest
    given = read_split(run.dataset, split)
    points = read_result_arrays(paths.map_points(run.name), run.name, "map", *MAPS) if split == MAPPED else {}
    for start in range(0, len(given.images), ROWS):
        rows = slice(start, start + ROWS)
        images, codes = given.images[rows], latents.latents[rows]
        drawn = decode_images(trained, codes)
        ids = latents.index[rows].tolist()
        yield {
            "id": ids,
            "split": [split] * len(ids),
            **{label: _names(latents, label, rows, manifest) for label in told_labels(manifest)},
            "mse": np.square(drawn - images / np.float32(255)).mean(axis=(1, 2, 3)),
            "latents": list(codes),
            **{
                f"{name}_{axis}": _coordinates(points[name][rows, place]) if points else [None] * len(ids)
                for name in MAPS
                for place, axis in enumerate("xy")
            },
            "picture": [_png(image, f"{split}-{number}.png") for number, image in zip(ids, images, strict=True)],
            "reconstruction": [
                _png(image, f"{split}-{number}-reconstruction.png")
                for number, image in zip(ids, as_bytes(drawn), strict=True)
            ],
        }


def _coordinates(kept: np.ndarray) -> np.ndarray:
    """What a map keeps as uint16, in [0, 1]."""
    return kept / np.float32(np.iinfo(np.uint16).max)


def _names(latents: Latents, label: str, rows: slice, manifest: Manifest) -> list[Any]:
    """The names of a label: one an image, or of flags those that are set."""
    names, values = manifest.labels[label], latents.labels[label][rows]
    if values.ndim == 1:
        return [names[code] for code in values]
    return [[names[place] for place in np.flatnonzero(flags)] for flags in values]


def _png(image: np.ndarray, name: str) -> dict[str, Any]:
    pixels = image.transpose(1, 2, 0)
    buffer = BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels).save(buffer, "PNG")
    return {"bytes": buffer.getvalue(), "path": name}
