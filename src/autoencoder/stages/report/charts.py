"""Charts of the page: a definition of .dvc/plots, the records it shows, and what it says to those who cannot see it."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from autoencoder.charts.vega_lite import as_svg, filled, narrowed
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.stages.report.wording import number
from autoencoder.storage.files import Record


@dataclass(frozen=True)
class Chart:
    """A chart for the page. alt: what is to be seen on it, numbers included; svg: for a wide screen, and narrow for a
    phone; csv: what "copy the data" copies. Its caption is the template's.
    """

    id: str
    alt: str
    svg: str
    narrow: str
    csv: str


def make_chart(name: str, anchor: str, records: Sequence[Record], alt: str) -> Chart:
    """The definition called `name` over these records."""
    chart = filled(name, records)
    narrow = as_svg(narrowed(chart), f"{anchor}-narrow", legend_below=True)
    return Chart(anchor, alt, as_svg(chart, anchor), narrow, as_csv(records))


def as_csv(records: Sequence[Record]) -> str:
    """Records as CSV, a column for each key that any of them has."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(dict.fromkeys(key for record in records for key in record)))
    writer.writeheader()
    writer.writerows(records)
    return buffer.getvalue()


def error_curve(dataset: DataSet, study: StudyResults) -> Chart:
    """Error over latent dimension, with PCA, what others published, and the spread over seeds."""
    records = study.plotted(dataset, "error-curve")
    each = "; ".join(
        f"{number(row['test_sse'])} ({row['run']}), PCA {number(row['pca_test_sse'])}"
        for row in study.metrics_of_runs(dataset)
    )
    alt = f"Lines of squared error over latent dimension, {dataset.name}, test images: {each or 'PCA alone'}."
    return make_chart("error-curve", f"chart-{dataset.name}-error-curve", records, alt)
