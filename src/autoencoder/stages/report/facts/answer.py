"""The first screen: how many numbers a quality takes, the best run, the curve, and pictures by number of latents."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autoencoder.config.runs import Run
from autoencoder.stages.report.charts import error_curve
from autoencoder.stages.report.facts.curve import per_doubling
from autoencoder.stages.report.parts import Table
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.stages.report.thumbnails import picture_grid
from autoencoder.stages.report.wording import number, over_seeds
from autoencoder.storage.files import Record
from autoencoder.storage.results import NO_RUN, PCA

LEAST_DB = 25  # of the qualities that are told in words: below it a picture is hardly one


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Nothing where the study has no run."""
    if not study.with_runs:
        return None
    datasets = [_dataset(dataset, study) for dataset in study.with_runs]
    return {"datasets": datasets, "needed": needed(study.answers()), "explorer": bool(study.names("explore"))}


def _dataset(dataset: DataSet, study: StudyResults) -> dict[str, Any]:
    rows, points = study.metrics_of_runs(dataset), study.plotted(dataset, "error-curve")
    found, best = levels(study.answers()[dataset.name]), study.best(dataset)
    bend, marks = knee(dataset, study), level_marks(points, found)
    beside_pca = [row for row in rows if row["pca_test_sse"] is not None]
    return {
        "name": dataset.name,
        "beside_pca": len(beside_pca),
        "all_beside_pca": len(beside_pca) == len(rows),
        "below_pca": sum(row["test_sse"] < row["pca_test_sse"] for row in beside_pca),
        "levels": found,
        "highest": found[-1],
        "most": max(run.latent_dim for run in dataset.runs),
        "still_buys": still_buys(next(family for family in dataset.families if best in family), study),
        "best": {"run": best.name, **study.metrics(best)},
        "nested": len(dataset.nested),
        "num_inputs": study.facts(dataset)["num_inputs"],
        "published": published(points),
        "has_published": any(row["run"] is None for row in points),
        "seeds": [{"run": run, "told": over_seeds(row)} for run, row in study.spread(dataset).items()],
        "knee": bend,
        "marked": [mark["level"] for mark in marks if mark["to_dim"] != mark["latent_dim"]],  # a line has two ends
        "curve": error_curve(dataset, study, [*marks, *knee_mark(points, bend)]),
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
            "curve": answer.get(f"curve_for_{level}_db"),
            "pca": answer[f"pca_latents_for_{level}_db"],
        }
        for level in found
    ]


def still_buys(family: list[Run], study: StudyResults) -> float | None:
    """Which share of the error a doubling of the numbers takes away, between the two largest runs of a family; None
    where that cannot be told.
    """
    last = family[-2:]
    if len(last) < 2:
        return None
    factors = per_doubling([run.latent_dim for run in last], [study.metrics(run)["test_sse"] for run in last])
    return 1 - factors[0] if factors else None


def knee(dataset: DataSet, study: StudyResults) -> dict[str, Any] | None:
    """Of a nested run the number beyond which a further one buys less than the average one; None where none is."""
    latents = study.answers()[dataset.name]["knee_latents"]
    return {"run": dataset.nested[0].name, "latents": latents} if latents and dataset.nested else None


def level_marks(points: Sequence[Record], found: Sequence[Record]) -> list[Record]:
    """For the curve: from the network's number for each quality to PCA's, as far as they are within what is drawn."""
    marks = []
    for level in found:
        ends = [
            {"latent_dim": latents, "sse": sse}
            for curve, latents in ((level["curve"], level["network"]), (PCA, level["pca"]))
            if (sse := on_curve(points, curve, latents)) is not None
        ]
        if level["db"] >= LEAST_DB and ends:
            to = {"to_dim": ends[-1]["latent_dim"], "to_sse": ends[-1]["sse"]}
            marks.append({"level": f"{level['db']} dB", **ends[0], **to})
    return marks


def knee_mark(points: Sequence[Record], bend: Record | None) -> list[Record]:
    """For the curve: where the knee is."""
    return [
        {"knee": f"knee: {row['latent_dim']}", "latent_dim": row["latent_dim"], "sse": row["sse"]}
        for row in points
        if bend and (row["run"], row["split"], row["latent_dim"]) == (bend["run"], "test", bend["latents"])
    ]


def on_curve(points: Sequence[Record], curve: str | None, latents: int | None) -> float | None:
    """The test error of a curve at so many latents, between two points on a straight line over the logarithms; None
    beyond its ends.
    """
    there = {row["latent_dim"]: row["sse"] for row in points if (row["curve"], row["split"]) == (curve, "test")}
    there = {dim: sse for dim, sse in sorted(there.items()) if sse > 0}
    if not there or not latents or not min(there) <= latents <= max(there):
        return None
    return float(np.exp(np.interp(np.log(latents), np.log([*there]), np.log([*there.values()]))))


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
    return Table(
        "How many numbers for a mean PSNR over the test images",
        ("data set", "code", *(f"{db} dB" for db in heads)),
        tuple(rows),
        num_text=2,
    )


def _told(level: dict[str, Any] | None) -> str:
    if level is None:
        return number(None)
    return {"about": "\u2248 ", "at most": "\u2264 "}.get(level["how"] or "", "") + number(level["network"])
