"""What latents do: single ones, and the first of a nested run."""

from autoencoder.config.runs import Run
from autoencoder.stages.report.blocks import Block, Figure, Figures, Heading, ReportSection, Table, Text
from autoencoder.stages.report.results import DataSet, StudyResults, figure
from autoencoder.stages.report.wording import number, plural
from autoencoder.storage.files import Record
from autoencoder.storage.results import PCA


def write_section(study: StudyResults) -> ReportSection | None:
    """What single latents do; and of nested runs the error by how many of them are kept, beside the runs trained for
    just as many.
    """
    if not study.with_runs:
        return None
    text = (
        "All latents at their mean, and one of them moved from three standard deviations below it to three above: of a "
        "nested run the first ones, of another those that vary most. A nested run is trained so that its first k "
        "latents decode alone, for every k (nested dropout, Rippel et al. 2014): one training gives the whole curve, "
        "and its first latents hold what matters most. For such a run test images are drawn from 1, 2, 4, ... latents, "
        "too, and the mean picture of many."
    )
    blocks: list[Block] = [Text(text)]
    for dataset in study.with_runs:
        blocks += [Heading(dataset.name)]
        blocks += [_nested(dataset, run, study) for run in dataset.runs if run.nested]
        shown = {run.name for run in dataset.runs if run.nested or run in dataset.pictured}
        blocks.append(
            Figures(tuple(_latents(dataset, row) for row in study.metrics_of_runs(dataset) if row["run"] in shown))
        )
    return ReportSection("latents", "What the latents do", tuple(blocks))


def _nested(dataset: DataSet, run: Run, study: StudyResults) -> Table:
    """A nested run's errors by number of latents, beside the best run of its network trained for just as many, and PCA
    of as many.
    """
    alone: dict[int, float] = {}
    for other in dataset.runs:
        if not other.nested and (other.model, other.model_options) == (run.model, run.model_options):
            sse = study.metrics(other)["test_sse"]
            alone[other.latent_dim] = min(sse, alone.get(other.latent_dim, sse))
    pca = {row["latent_dim"]: row["sse"] for row in study.plotted(dataset, "error-curve") if row["curve"] == PCA}
    rows = []
    for row in study.read("evaluate", run.name, "first-latents"):
        sse, kept = row["test_sse"], row["num_latents"]
        own = alone.get(kept)
        rows.append(
            (
                number(kept),
                number(sse),
                number(row["val_sse"]),
                number(row["test_psnr_db"]),
                number(own),
                "-" if own is None else f"{100 * (sse / own - 1):+.1f} %",
                number(pca.get(kept)),
            )
        )
    head = ("latents kept", "test SSE", "val SSE", "PSNR (dB)", "trained for so many", "difference", "PCA")
    return Table(
        f"{run.name}: error by how many of its first latents are kept, beside the test SSE of the best run of its "
        "network that was trained for so many, and of PCA",
        head,
        tuple(rows),
        num_text=0,
    )


def _latents(dataset: DataSet, row: Record) -> Figure:
    what = f"pictures decoded while one of {plural(row['latent_dim'], 'latent')} moves"
    alt = f"Rows of pictures from {dataset.name}, {row['run']}: {what}."
    return figure("plot", row["run"], f"{row['run']}/latents.png", alt, f"{row['run']}: {what}.")
