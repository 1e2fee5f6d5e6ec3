"""Search by picture."""

from collections.abc import Sequence
from typing import Any

from autoencoder.config.runs import Run
from autoencoder.stages.report.charts import Chart, make_chart
from autoencoder.stages.report.parts import Figure, Table, run_figure
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.stages.report.wording import number, percent
from autoencoder.storage.files import Record

METRICS = ("euclidean", "cosine")
NUM_TOLD = 2  # labels that are told in words; the tables have all


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Nothing where the study has no run."""
    return {"datasets": [_dataset(d, study) for d in study.with_runs]} if study.with_runs else None


def _dataset(dataset: DataSet, study: StudyResults) -> dict[str, Any]:
    facts = study.facts(dataset)
    records = [record for run in dataset.runs for record in study.read("retrieve", run.name)]
    overall = [record for record in records if record.get("name", "all") == "all"]
    labels = telling_labels(overall)
    metric = finds_more(overall, labels[0]) if labels else METRICS[0]
    return {
        "name": dataset.name,
        "near_duplicate_share": facts["near_duplicate_share"],
        "near_duplicate": facts["near_duplicate"],
        "metric": metric,
        "counted": bool(overall),
        "labels": [told(label, metric, overall) for label in labels[:NUM_TOLD]],
        "precision": _chart(dataset, study, labels) if labels else None,
        "pictures": [_picture(run, metric, study) for run in study.pictured(dataset)],
        "table": _precisions(dataset.name, overall),
        "by_class": _by_class(dataset, records),
    }


def _chart(dataset: DataSet, study: StudyResults, labels: Sequence[str]) -> Chart:
    """A panel a label, the most telling first."""
    rank = {label: place for place, label in enumerate(labels)}
    records = sorted(study.plotted(dataset, "retrieval"), key=lambda row: rank.get(row["label"], len(rank)))
    alt = f"{dataset.name}: the share of neighbors that match the query."
    return make_chart("retrieval", f"chart-{dataset.name}-retrieval", records, alt)


def telling_labels(overall: Sequence[Record]) -> list[str]:
    """The labels, first those that blind choice gets right least often.

    Where nearly all images have one label it finds that nearly always: such a label tells nothing.
    """
    chance = {record["label"]: float(record["precision"]) for record in overall if record["code"] == "chance"}
    labels = dict.fromkeys(str(record["label"]) for record in overall)
    return sorted(labels, key=lambda label: chance.get(label, 0.0))


def finds_more(overall: Sequence[Record], label: str) -> str:
    """The distance by which the latents of all runs together find most of a label."""
    return max(METRICS, key=lambda metric: sum(found(overall, label, "latents", metric).values()))


def found(overall: Sequence[Record], label: str, code: str, metric: str) -> dict[str, float]:
    """The precision of one code and metric, all queries counted, by the run; of no run where PCA has not so many."""
    wanted = {"label": label, "code": code, "metric": metric, "queries": "all"}
    return {str(r["run"]): float(r["precision"]) for r in overall if wanted.items() <= r.items()}


def told(label: str, metric: str, overall: Sequence[Record]) -> dict[str, Any]:
    """For which runs the latents find more of a label than PCA, and than the pixels."""
    ours, pca, pixels = (found(overall, label, code, metric) for code in ("latents", "PCA", "pixels"))
    chance = [r["precision"] for r in overall if r["label"] == label and r["code"] == "chance"]
    return {
        "name": label.replace("_", " "),
        "metric": metric,
        "found": ours,
        "above_pca": [{"run": run} for run in ours if run in pca and ours[run] > pca[run]],
        "beside_pca": len(pca),
        "above_pixels": [{"run": run} for run in ours if run in pixels and ours[run] > pixels[run]],
        "num_runs": len(ours),
        "chance": chance[0] if chance else 0.0,
    }


def _picture(run: Run, metric: str, study: StudyResults) -> Figure:
    shown = [record for record in study.beside(run.name, "search", "retrieve") if record["metric"] == metric]
    data = [
        {"search by": record["code"], "query row": record["query"], "rank": rank, "neighbor row": neighbor}
        for record in shown
        for rank, neighbor in enumerate(record["rows"], start=1)
    ]
    alt = (
        f"Test images of {run.dataset}, and beside each its nearest by {metric} distance of the latents of {run.name}."
    )
    return run_figure(run, f"search-{metric}.png", alt, data)


def _code(record: Record) -> str:
    return f"{record['code']}, {record['metric']}"


def _precisions(dataset: str, overall: Sequence[Record]) -> Table:
    """A row for each label, set of queries and run; a column for each code and metric."""
    codes = list(dict.fromkeys(_code(record) for record in overall if "metric" in record))
    cells: dict[tuple[str, str, str], dict[str, str]] = {}
    for record in overall:
        if "metric" in record:
            row = cells.setdefault((record["label"], record["queries"], record["run"]), {})
            row[_code(record)] = percent(record["precision"])
    ordered = sorted(cells.items(), key=lambda item: item[0][:2])
    rows = tuple((*key, *(row.get(code, number(None)) for code in codes)) for key, row in ordered)
    return Table(f"{dataset}: precision of search", ("label", "queries", "run", *codes), rows, num_text=3)


def _by_class(dataset: DataSet, records: Sequence[Record]) -> list[Table]:
    """A table a label: precision by what the query shows, by Euclidean distance of the latents and of the pixels."""
    wanted = {"metric": "euclidean", "queries": "all"}
    chosen = [r for r in records if r.get("name", "all") != "all" and wanted.items() <= r.items()]
    tables = []
    for label in dict.fromkeys(record["label"] for record in chosen):
        cells = {(r["run"], r["code"], r["name"]): r["precision"] for r in chosen if r["label"] == label}
        names = list(dict.fromkeys(name for *_, name in cells))
        keys = [(run.name, "latents") for run in dataset.runs] + [(dataset.runs[0].name, "pixels")]
        rows = tuple(
            (run if code == "latents" else code, *(percent(cells[run, code, name]) for name in names))
            for run, code in keys
        )
        caption = f"{dataset.name}: precision by the query's {label}, Euclidean distance"
        tables.append(Table(caption, ("search by", *names), rows))
    return tables
