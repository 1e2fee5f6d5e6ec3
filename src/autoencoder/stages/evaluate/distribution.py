"""How a run's error is distributed over test images: a mean hides which pictures are hard."""

from collections.abc import Iterator

import numpy as np

from autoencoder.measures.labels import told_labels
from autoencoder.measures.rounding import significant
from autoencoder.stages.evaluate.evaluation import ImageErrors
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import Manifest, Split

ALL = "all"
PERCENTILES = (0, 5, 25, 50, 75, 95, 100)
BIN_DB = 1  # decibels, of the histogram
NUM_SHOWN = 4  # of the easiest images, those in the middle, and the hardest


def distribute(errors: ImageErrors, test: Split, manifest: Manifest) -> list[Record]:
    """All that is said of the errors of single test images, in rows of three kinds.

    "group": all images, and those of each name of each label that is a code (a class): {label, name, num_images, sse,
    psnr_db (means), psnr_db_5 ... (the PSNR that so many per cent of the images stay below)}. "bin": how many have a
    PSNR from `psnr_db` to a decibel above: {psnr_db, num_images}, rising, none left out between. "shown": single images
    for figures: {which, index (in the source), row (in the split), sse}; which: easiest, median, hardest, each by
    rising error.
    """
    groups = [
        {"kind": "group", **_summary(label, name, chosen, errors)} for label, name, chosen in _groups(test, manifest)
    ]
    shown = [
        {
            "kind": "shown",
            "which": which,
            "index": int(test.index[row]),
            "row": int(row),
            "sse": significant(float(errors.sse[row])),
        }
        for which, rows in choose(errors.sse).items()
        for row in rows
    ]
    return [*groups, *({"kind": "bin", **row} for row in histogram(errors.psnr_db)), *shown]


def histogram(psnr_db: np.ndarray) -> list[Record]:
    """{psnr_db, num_images} for each decibel from the least to the largest of (n,) values."""
    bins = np.floor(psnr_db / BIN_DB).astype(int)
    counts = np.bincount(bins - bins.min())
    return [
        {"psnr_db": int(bins.min() + place) * BIN_DB, "num_images": int(count)} for place, count in enumerate(counts)
    ]


def choose(sse: np.ndarray) -> dict[str, np.ndarray]:
    """Rows of the easiest images, those in the middle, and the hardest, each by rising error. sse: (n,)."""
    order = np.argsort(sse, kind="stable")
    middle = max(0, (len(order) - NUM_SHOWN) // 2)
    return {"easiest": order[:NUM_SHOWN], "median": order[middle : middle + NUM_SHOWN], "hardest": order[-NUM_SHOWN:]}


def _summary(label: str, name: str, chosen: np.ndarray, errors: ImageErrors) -> Record:
    psnr = errors.psnr_db[chosen]
    return {
        "label": label,
        "name": name,
        "num_images": int(chosen.sum()),
        "sse": significant(float(errors.sse[chosen].mean())),
        "psnr_db": significant(float(psnr.mean())),
        **{f"psnr_db_{percent}": significant(float(np.percentile(psnr, percent))) for percent in PERCENTILES},
    }


def _groups(test: Split, manifest: Manifest) -> Iterator[tuple[str, str, np.ndarray]]:
    yield "", ALL, np.ones(len(test.index), dtype=bool)
    for label in told_labels(manifest):
        codes = test.labels[label]
        if codes.ndim == 1:
            for code, name in enumerate(manifest.labels[label]):
                if (codes == code).any():
                    yield label, name, codes == code
