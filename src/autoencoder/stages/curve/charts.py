"""A data set's charts: the table behind each as JSON, for `dvc plots` and the page, and the chart as PNG."""

from collections.abc import Mapping, Sequence

from autoencoder.charts.vega_lite import as_png, filled, in_order
from autoencoder.storage import paths
from autoencoder.storage.files import Record, write_atomically
from autoencoder.storage.prepared import Manifest
from autoencoder.storage.results import write_curve

TITLES = {
    "error-curve": "error over latent dimension",
    "out-of-distribution": "pictures unlike the data set's",
    "retrieval": "nearest neighbors of test images",
    "rate-distortion": "test images as bytes",
    "learning-curves": "learning curves",
}


def write_charts(tables: Mapping[str, Sequence[Record]], manifest: Manifest, weights_sha256: Mapping[str, str]) -> None:
    """tables: records by chart (a key of `TITLES`). weights_sha256: by run. -> plots/<dataset>/<chart>.{json,png}"""
    for chart, records in tables.items():
        told = with_sample(records, manifest.sample)
        path = paths.plots(manifest.name) / f"{chart}.json"
        write_curve(path, told, weights_sha256)
        drawn = as_png(in_order(filled(chart, told, f"{manifest.name}: {TITLES[chart]}"), told))
        write_atomically(path.with_suffix(".png"), drawn)


def with_sample(records: Sequence[Record], sample: bool) -> list[Record]:
    """The records, each with `sample`, which charts print over what is drawn from the built-in sample.

    All have the keys of all, with null where one has nothing to say: DVC draws nothing of records that differ in keys.
    """
    keys = dict.fromkeys(key for record in records for key in record)
    return [{**{key: record.get(key) for key in keys}, "sample": sample} for record in records]
