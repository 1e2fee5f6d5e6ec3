"""The first screen: how many numbers a quality takes, the best run, the curve, and pictures by number of latents."""

import re
from collections.abc import Mapping
from typing import Any

from autoencoder.stages.report.charts import error_curve
from autoencoder.stages.report.parts import Table
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.stages.report.thumbnails import picture_grid
from autoencoder.stages.report.wording import number
from autoencoder.storage.files import Record
from autoencoder.storage.results import NO_RUN


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Nothing where the study has no run."""
    if not study.with_runs:
        return None
    datasets = [_dataset(dataset, study) for dataset in study.with_runs]
    return {"datasets": datasets, "needed": needed(study.answers()), "explorer": bool(study.names("explore"))}


def _dataset(dataset: DataSet, study: StudyResults) -> dict[str, Any]:
    rows, points = study.metrics_of_runs(dataset), study.plotted(dataset, "error-curve")
    beside_pca = [row for row in rows if row["pca_test_sse"] is not None]
    return {
        "name": dataset.name,
        "beside_pca": len(beside_pca),
        "below_pca": sum(row["test_sse"] < row["pca_test_sse"] for row in beside_pca),
        "levels": levels(study.answers()[dataset.name]),
        "best": min(rows, key=lambda row: float(row["test_sse"])),
        "num_inputs": study.facts(dataset)["num_inputs"],
        "published": published(points),
        "has_published": any(row["run"] is None for row in points),
        "has_seeds": any(row.get("num_seeds") for row in points),
        "curve": error_curve(dataset, study),
        "grid": picture_grid(dataset, study),
    }


def levels(answer: Record) -> list[dict[str, Any]]:
    """What `curve` found of each quality: {db, network, how, pca}, rising."""
    found = sorted({int(level) for key in answer for level in re.findall(r"\d+(?=_db)", key)})
    return [
        {
            "db": level,
            "network": answer[f"latents_for_{level}_db"],
            "how": answer[f"how_for_{level}_db"],
            "pca": answer[f"pca_latents_for_{level}_db"],
        }
        for level in found
    ]


def published(rows: list[Record]) -> dict[str, list[int]] | None:
    """At which latent dimensions the best test error here is below the lowest published, and where it is not.

    None where nothing is published.
    """
    theirs = _least([row for row in rows if row["run"] is None])
    ours = _least([row for row in rows if row["run"] not in NO_RUN and row["split"] == "test"])
    dims = [dim for dim in theirs if dim in ours]
    if not dims:
        return None
    beaten = [dim for dim in dims if ours[dim] < theirs[dim]]
    return {"dims": dims, "beaten": beaten, "missed": [dim for dim in dims if dim not in beaten]}


def _least(rows: list[Record]) -> dict[int, float]:
    least: dict[int, float] = {}
    for row in sorted(rows, key=lambda row: -float(row["sse"])):
        least[row["latent_dim"]] = row["sse"]
    return dict(sorted(least.items()))


def needed(answers: Mapping[str, Record]) -> Table:
    """How many latents a picture of each quality needs: of each data set (by name) what `curve` found."""
    of_each = {dataset: levels(answer) for dataset, answer in answers.items()}
    heads = sorted({level["db"] for found in of_each.values() for level in found})
    rows: list[tuple[str, ...]] = []
    for dataset, found in of_each.items():
        by_db = {level["db"]: level for level in found}
        rows.append((dataset, "networks", *(_told(by_db.get(db)) for db in heads)))
        rows.append((dataset, "PCA", *(number(by_db[db]["pca"] if db in by_db else None) for db in heads)))
    caption = (
        "How many numbers for a mean PSNR over the test images; a dash: more than were tried. With \u2248 between the "
        "latent dimensions of two runs, with \u2264 those of the smallest run; PCA is measured at every number."
    )
    return Table(caption, ("data set", "code", *(f"{db} dB" for db in heads)), tuple(rows), num_text=2)


def _told(level: dict[str, Any] | None) -> str:
    if level is None:
        return number(None)
    return {"about": "\u2248 ", "at most": "\u2264 "}.get(level["how"] or "", "") + number(level["network"])
