"""Charts of the page: a definition of .dvc/plots, the records it shows, and what it says to those who cannot see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from autoencoder.charts.vega_lite import as_narrow_svg, as_svg, filled, in_order
from autoencoder.stages.report.parts import as_csv
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.stages.report.wording import number, over_seeds
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
    chart = in_order(filled(name, records), records)
    narrow = as_narrow_svg(chart, f"{anchor}-narrow")
    return Chart(anchor, alt, as_svg(chart, anchor), narrow, as_csv(records))


def error_curve(dataset: DataSet, study: StudyResults, marks: Sequence[Record] = ()) -> Chart:
    """Error over latent dimension, with PCA, what others published, and the spread over seeds. marks: records of what
    else is written beside the lines.
    """
    records, spread = [*study.plotted(dataset, "error-curve"), *marks], study.spread(dataset)
    each = "; ".join(
        f"{number(row['test_sse'])} ({row['run']}{_of_seeds(spread, row['run'])}), PCA {number(row['pca_test_sse'])}"
        for row in study.metrics_of_runs(dataset)
    )
    alt = f"Lines of squared error over latent dimension, {dataset.name}, test images: {each or 'PCA alone'}."
    return make_chart("error-curve", f"chart-{dataset.name}-error-curve", records, alt)


def _of_seeds(spread: Record, run: str) -> str:
    return f", over seeds {over_seeds(spread[run])}" if run in spread else ""
