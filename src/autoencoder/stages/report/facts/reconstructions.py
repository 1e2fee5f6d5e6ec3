"""Originals beside what comes back: the easiest and the hardest images, classes, held-out and training images."""

from collections.abc import Sequence
from typing import Any

from autoencoder.config.runs import Run
from autoencoder.stages.report.charts import Chart, make_chart
from autoencoder.stages.report.facts.learning import course_of_training
from autoencoder.stages.report.parts import Figure, Table, run_figure
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.stages.report.wording import number
from autoencoder.storage.files import Record

NAMES_APART = 0.09  # of the highest line, from the name of one line to the next
PICTURES = {
    "held_out": ("reconstructions-test", "held-out test images"),
    "training": ("reconstructions-train", "training images"),
    "untrained": ("untrained", "held-out test images through the untrained network"),
}


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Nothing where the study has no run."""
    if not study.with_runs:
        return None
    return {"datasets": [_dataset(dataset, study) for dataset in study.with_runs]}


def _dataset(dataset: DataSet, study: StudyResults) -> dict[str, Any]:
    drawn = study.best_of_each(dataset)
    best = study.best(dataset)
    rows = study.read("evaluate", best.name, "distribution")
    groups = [row for row in rows if row["kind"] == "group"]
    everyone, *named = groups
    told = {
        "name": dataset.name,
        "best": best.name,
        "families": [_family(family, study) for family in dataset.families],
        "classes": _classes(named),
        "least_db": everyone["psnr_db_0"],
        "most_db": everyone["psnr_db_100"],
        "distribution": _distribution(best.name, groups),
        "histogram": _histogram(dataset, drawn, study),
        "ranges": {run.name: _range(run, study) for run in study.pictured(dataset)},
        "rows": {run.name: study.metrics(run) for run in dataset.runs},
        "ends": {run.name: course_of_training(run.name, study.learning(run)) for run in study.ends(dataset)},
        "hardest": [_hardest(run, study) for run in study.pictured(dataset)],
    }
    shown = {"held_out": study.pictured(dataset), "training": study.ends(dataset), "untrained": study.ends(dataset)}
    return told | {key: [_pictures(dataset, run, key, study) for run in runs] for key, runs in shown.items()}


def _histogram(dataset: DataSet, runs: Sequence[Run], study: StudyResults) -> Chart:
    """How many test images have which PSNR, a line a run, its name above where it is highest:
    those of the left above those of the right, so that no name lies across the dots from another to its line.
    """
    rows, told, colours = [], [], study.colours(dataset)
    for run in runs:
        found = study.read("evaluate", run.name, "distribution")
        bins = [row for row in found if row["kind"] == "bin"]
        total = sum(row["num_images"] for row in bins)
        about = {"run": run.name, "latent_dim": run.latent_dim, "colour": colours[run.name]}
        rows += [
            {**about, "psnr_db": row["psnr_db"], "share": row["num_images"] / total}
            for row in [*bins, {"psnr_db": bins[-1]["psnr_db"] + 1, "num_images": 0}]
        ]
        told.append(
            f"{run.name}, the middle half {number(found[0]['psnr_db_25'])} to {number(found[0]['psnr_db_75'])} dB"
        )
    peaks = {run.name: max((row for row in rows if row["run"] == run.name), key=_share) for run in runs}
    from_right = sorted(peaks.values(), key=lambda row: -row["psnr_db"])
    for rank, row in enumerate(from_right, start=1):
        row["label_at"] = max(map(_share, from_right)) * (1 + NAMES_APART * rank)
    alt = f"Histograms of PSNR over test images, {dataset.name}: {'; '.join(told)}."
    return make_chart("psnr-histogram", f"chart-{dataset.name}-psnr", rows, alt)


def _share(row: Record) -> float:
    return float(row["share"])


def _range(run: Run, study: StudyResults) -> list[float]:
    """The PSNR of the test image that a run gives back worst, and of the one that it gives back best."""
    everyone = study.read("evaluate", run.name, "distribution")[0]
    return [everyone["psnr_db_0"], everyone["psnr_db_100"]]


def _family(family: list[Run], study: StudyResults) -> dict[str, Any]:
    rows = [study.metrics(run) for run in family]
    return {
        "model": family[0].model,
        "dims": [run.latent_dim for run in family],
        "psnr": [row["test_psnr_db"] for row in rows],
        "ssim": [row["test_ssim"] for row in rows],
    }


def _classes(named: list[Record]) -> dict[str, Any] | None:
    """The easiest and the hardest name of the first label."""
    if not named:
        return None
    label = named[0]["label"]
    ranked = sorted((row for row in named if row["label"] == label), key=lambda row: float(row["psnr_db"]))
    return {"label": label.replace("_", " "), "hardest": ranked[0], "easiest": ranked[-1]}


def _distribution(run: str, groups: list[Record]) -> Table:
    percentiles = [key for key in groups[0] if key.startswith("psnr_db_")]
    columns = {
        "label": [row["label"].replace("_", " ") or "-" for row in groups],
        "name": [row["name"] for row in groups],
        "images": [number(row["num_images"]) for row in groups],
        "SSE": [number(row["sse"]) for row in groups],
        "PSNR (dB)": [number(row["psnr_db"]) for row in groups],
        **{f"{key.removeprefix('psnr_db_')} % below": [number(row[key]) for row in groups] for key in percentiles},
    }
    return Table.of_columns(f"{run}: PSNR of test images, by what they show", columns, num_text=2)


def _hardest(run: Run, study: StudyResults) -> Figure:
    shown = [row for row in study.read("evaluate", run.name, "distribution") if row["kind"] == "shown"]
    data = [{key: row[key] for key in ("which", "index", "sse")} for row in shown]
    alt = f"Four test images that {run.name} gives back best, four in the middle, and four that it gives back worst."
    return run_figure(run, "hardest.png", alt, data)


def _pictures(dataset: DataSet, run: Run, key: str, study: StudyResults) -> Figure:
    file, what = PICTURES[key]
    alt = f"Rows of pictures from {dataset.name}: originals over reconstructions, {what}, {run.name}."
    if key != "untrained":
        row = study.metrics(run)
        alt += f" Over the whole test set: PSNR {number(row['test_psnr_db'])} dB, SSIM {number(row['test_ssim'])}."
    return run_figure(run, f"{file}.png", alt)
