"""Search by picture."""

from collections.abc import Sequence

from autoencoder.config.runs import Run
from autoencoder.stages.report.blocks import Block, Figure, Figures, Items, ReportSection, Table, Text
from autoencoder.stages.report.results import DataSet, StudyResults, figure
from autoencoder.stages.report.sections.by_dataset import by_dataset
from autoencoder.stages.report.wording import named_runs, number, percent, plural, trend
from autoencoder.storage.files import Record


def write_section(study: StudyResults) -> ReportSection | None:
    """Search by picture."""
    text = (
        "Each test image asks for the images nearest to it among all others: by the distance of their latents, of "
        "PCA's components of the same number, and of the pixels themselves. Precision is the share of the neighbors "
        "that have the label of the query (of several labels in one: the part that both have of what either has); "
        "labels had no part in the training. Where nearly all images have one label, blind choice finds it nearly "
        "always; told are the labels where it seldom does, the tables have all. Look at what neighbors share: the "
        "subject, or colours and layout? `python src/search.py --run RUN PICTURE` does the same for a picture of yours."
    )
    return by_dataset(study, "search", "Search by picture", text, _searched)


SEARCHES = ("euclidean", "cosine")
DISTANCES = {"euclidean": "by Euclidean distance", "cosine": "by cosine"}
NUM_TOLD = 2  # labels that are told in words; the tables have all


def _searched(dataset: DataSet, study: StudyResults) -> list[Block]:
    facts = study.beside(dataset.name, "dataset", "baseline")
    twins = (
        f"{percent(facts['near_duplicate_share'])} of the test images have a near-duplicate among the others, one "
        f"whose pixels correlate with theirs by at least {number(facts['near_duplicate'])}; the second count leaves "
        "them out."
    )
    records = [record for run in dataset.runs for record in study.read("retrieve", run.name)]
    overall = [record for record in records if record.get("name", "all") == "all"]
    pictures = Figures(_search_pictures(dataset, overall))
    if not overall:
        return [Text(f"{twins} There are no labels, so nothing is counted."), pictures]
    labels = _telling_labels(overall)
    sentences = (
        *(" ".join(_best_code(run, label, overall) for label in labels) for run in dataset.runs),
        *(_beside_others(metric, label, overall) for label in labels for metric in SEARCHES),
        *(sentence for family in dataset.families for sentence in _courses(family, labels, overall)),
    )
    curve = figure(
        "curve",
        dataset.name,
        f"{dataset.name}/retrieval.png",
        f"Precision of search over latent dimension, {dataset.name}, a panel a label. {' '.join(sentences)}",
        f"{dataset.name}: the share of neighbors that match the query.",
    )
    tables = [_precisions(dataset.name, overall), *_by_class(dataset, records)]
    return [Text(twins), Items(sentences), Figures((curve,)), pictures, *tables]


def _telling_labels(overall: Sequence[Record]) -> list[str]:
    """The labels that blind choice gets right least often, the two least; one without such a number comes first."""
    chance = {record["label"]: float(record["precision"]) for record in overall if record["code"] == "chance"}
    labels = dict.fromkeys(str(record["label"]) for record in overall)
    return sorted(labels, key=lambda label: chance.get(label, 0.0))[:NUM_TOLD]


def _found(overall: Sequence[Record], label: str, code: str, metric: str) -> dict[str, float]:
    """The precision of one code and metric, all queries counted, by the run; of no run where PCA has not so many."""
    wanted = {"label": label, "code": code, "metric": metric, "queries": "all"}
    return {str(r["run"]): float(r["precision"]) for r in overall if wanted.items() <= r.items()}


def _beside_others(metric: str, label: str, overall: Sequence[Record]) -> str:
    """For how many runs the latents find more than PCA, and than the pixels, by one metric."""
    ours = _found(overall, label, "latents", metric)
    sides = []
    for code in ("PCA", "pixels"):
        others = _found(overall, label, code, metric)
        above = [{"run": run} for run in ours if run in others and ours[run] > others[run]]
        sides.append(f"than {code} for {len(above)} of {plural(len(others), 'run')}{named_runs(above)}")
    return f"{_told(label).capitalize()}, {DISTANCES[metric]}: latents are more precise {' and '.join(sides)}."


def _courses(family: Sequence[Run], labels: Sequence[str], overall: Sequence[Record]) -> list[str]:
    """How the precision of a network's latents goes with their number."""
    dims = [run.latent_dim for run in family]
    if len(dims) < 2:
        return []
    return [
        trend(
            f"`{family[0].model}`, {_told(label)}, {DISTANCES[metric]}: precision",
            dims,
            [100 * _found(overall, label, "latents", metric)[run.name] for run in family],
            " %",
        )
        for label in labels
        for metric in SEARCHES
    ]


def _told(label: str) -> str:
    return label.replace("_", " ")


def _best_code(run: Run, label: str, overall: Sequence[Record]) -> str:
    """Which code finds most of a label, all queries counted, and what the latents find."""
    of_run = [record for record in overall if record["run"] == run.name and record["label"] == label]
    counted = [record for record in of_run if record.get("queries") == "all"]
    best = max(counted, key=lambda record: float(record["precision"]))
    ours = max(
        (record for record in counted if record["code"] == "latents"), key=lambda record: float(record["precision"])
    )
    blind = [record for record in of_run if record["code"] == "chance"]
    sentence = f"`{run.name}`, {_told(label)}: most precise is search by {_code(best)} ({percent(best['precision'])})"
    if best is not ours:
        sentence += f", that by {_code(ours)} reaches {percent(ours['precision'])}"
    return sentence + (
        f"; blind choice {percent(blind[0]['precision'])}." if blind else "; blind choice was not counted."
    )


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
    rows = tuple((*key, *(row.get(code, number(None)) for code in codes)) for key, row in _by_label(cells))
    return Table(f"{dataset}: precision of search", ("label", "queries", "run", *codes), rows, num_text=3)


def _by_label(cells: dict[tuple[str, str, str], Record]) -> list[tuple[tuple[str, str, str], Record]]:
    """The rows by label, then by which queries are counted; runs stay in their order."""
    return sorted(cells.items(), key=lambda item: item[0][:2])


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
        tables.append(
            Table(f"{dataset.name}: precision by the query's {label}, Euclidean distance", ("search by", *names), rows)
        )
    return tables


def _search_pictures(dataset: DataSet, overall: Sequence[Record]) -> tuple[Figure, ...]:
    """A picture a run, by the distance that finds more; of a single run one by each distance, to compare those."""
    if len(dataset.pictured) == 1:
        return tuple(_search_picture(dataset.pictured[0], metric) for metric in SEARCHES)
    metric = _finds_more(overall) if overall else SEARCHES[0]
    return tuple(_search_picture(run, metric) for run in dataset.pictured)


def _finds_more(overall: Sequence[Record]) -> str:
    """The distance by which the latents of all runs together find most of the label that is hardest to guess."""
    label = _telling_labels(overall)[0]
    return max(SEARCHES, key=lambda metric: sum(_found(overall, label, "latents", metric).values()))


def _search_picture(run: Run, metric: str) -> Figure:
    alt = (
        f"Test images of {run.dataset}, and beside each its nearest by {metric} distance of the latents of {run.name}."
    )
    caption = f"{run.name}: queries and what they find, {metric} distance."
    return figure("plot", run.name, f"{run.name}/search-{metric}.png", alt, caption)
