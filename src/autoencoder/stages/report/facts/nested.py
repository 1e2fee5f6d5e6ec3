"""What the first latents of a nested run draw, and what they leave."""

from itertools import groupby
from typing import Any

from autoencoder.config.runs import Run
from autoencoder.stages.report.parts import Figure, Table, run_figure
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.stages.report.wording import number
from autoencoder.storage.files import Record
from autoencoder.storage.results import PCA


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Nothing where the study has no nested run."""
    of = [dataset for dataset in study.with_runs if dataset.nested]
    if not of:
        return None
    return {
        "datasets": [
            {"name": dataset.name, "runs": [_nested(dataset, run, study) for run in dataset.nested]} for dataset in of
        ]
    }


def _nested(dataset: DataSet, run: Run, study: StudyResults) -> dict[str, Any]:
    """A nested run's errors by number of latents, beside the best run of its network trained for just as many, and PCA
    of as many.
    """
    alone = trained_for_so_many(dataset, run, study)
    pca = {row["latent_dim"]: row["sse"] for row in study.plotted(dataset, "error-curve") if row["curve"] == PCA}
    rows = study.read("evaluate", run.name, "first-latents")
    beside = [
        {"latent_dim": row["num_latents"], "more": row["test_sse"] / alone[row["num_latents"]] - 1}
        for row in rows
        if row["num_latents"] in alone
    ]
    start, end = below_pca(rows, pca)
    drawn = [row for row in rows if row["num_latents"].bit_count() == 1 or row is rows[-1]]  # as in the figure
    return {
        "name": run.name,
        "beside": beside,
        "below_pca_from": start,
        "below_pca_to": end,
        "quality": [(row["num_latents"], row["test_psnr_db"]) for row in (drawn[0], drawn[len(drawn) // 2], drawn[-1])],
        "figure": [_first_latents(dataset, run)],
        "table": _table(run, rows, alone, pca),
    }


def trained_for_so_many(dataset: DataSet, run: Run, study: StudyResults) -> dict[int, float]:
    """The least test SSE of the runs of the same network that are not nested, by latent dimension."""
    alone: dict[int, float] = {}
    for other in dataset.runs:
        if not other.nested and (other.model, other.model_options) == (run.model, run.model_options):
            sse = study.metrics(other)["test_sse"]
            alone[other.latent_dim] = min(sse, alone.get(other.latent_dim, sse))
    return alone


def below_pca(rows: list[Record], pca: dict[int, float]) -> tuple[int | None, int | None]:
    """The longest stretch of numbers of latents at which the error is below PCA's: its first, and its last where the
    error is above again behind it (None: to the end). (None, None) where it never is below.
    """
    ours = {row["num_latents"]: row["test_sse"] for row in rows if row["num_latents"] in pca}
    stretches = [list(kept) for below, kept in groupby(sorted(ours), lambda k: ours[k] < pca[k]) if below]
    if not stretches:
        return None, None
    longest = max(stretches, key=len)
    return longest[0], None if longest[-1] == max(ours) else longest[-1]


def _table(run: Run, rows: list[Record], alone: dict[int, float], pca: dict[int, float]) -> Table:
    kept = [row["num_latents"] for row in rows]
    columns = {
        "latents kept": [number(k) for k in kept],
        "test SSE": [number(row["test_sse"]) for row in rows],
        "val SSE": [number(row["val_sse"]) for row in rows],
        "PSNR (dB)": [number(row["test_psnr_db"]) for row in rows],
        "trained for so many": [number(alone.get(k)) for k in kept],
        "difference": [
            f"{100 * (row['test_sse'] / alone[k] - 1):+.1f} %" if k in alone else "-"
            for k, row in zip(kept, rows, strict=True)
        ],
        "PCA": [number(pca.get(k)) for k in kept],
    }
    return Table.of_columns(f"{run.name}: error by how many of its first latents are kept", columns, num_text=0)


def _first_latents(dataset: DataSet, run: Run) -> Figure:
    what = (
        "test images and the mean of many decoded from their first 1, 2, 4, ... latents, then the mean latents with one"
    )
    return run_figure(
        run, "latents.png", f"Rows of pictures from {dataset.name}, {run.name}: {what} of the first moved."
    )
