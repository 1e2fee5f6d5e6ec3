"""One network from several seeds."""

from collections.abc import Iterator
from typing import Any

from autoencoder.stages.report.charts import Chart, make_chart
from autoencoder.stages.report.parts import Figure, Table, figure
from autoencoder.stages.report.study import StudyResults
from autoencoder.stages.report.wording import number, plural
from autoencoder.storage.files import Record

NUM_EPOCHS_SHOWN = 60  # of a seed's, few where the curve is flat
COLUMNS = {
    "mean_test_mse": "mean",
    "std_test_mse": "deviation",
    "min_test_mse": "least",
    "max_test_mse": "most",
    "mean_living_test_mse": "mean of the living",
    "mean_image_test_mse": "the mean image's",
    "black_test_mse": "all black",
}


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Nothing where the study has no seed studies."""
    rows = {name: study.seed_outcomes(name) for name in study.names("seeds")}
    if not rows:
        return None
    lines = study.params["seeds"]
    points = [point for name, row in rows.items() for point in strip(name, row)]
    alt = "; ".join(
        f"{name}: {number(row['min_test_mse'])} to {number(row['max_test_mse'])}" for name, row in rows.items()
    )
    pictures = {name: _picture(name, row) for name, row in rows.items()}
    ends = [end for name, row in rows.items() for end in _end(name, row, study.seeds_learning(name))]
    return {
        "studies": [_told(name, row) for name, row in rows.items()],
        "came_back": came_back(rows, lines),
        "repeated": [run for dataset in study.with_runs for run in study.spread(dataset)],
        "strip": make_chart("seeds", "chart-seeds", points, f"Test MSE of each seed of each study: {alt}."),
        "learning": _learning(study, rows, ends),
        "ends": ends,
        "pictures": list(pictures.values()),
        "dead": {pictures[name].id: (row["num_dead"], row["num_seeds"]) for name, row in rows.items()},
        "table": _table(rows, lines),
    }


def strip(name: str, row: Record) -> list[Record]:
    """A record a seed: {dataset, study, seed, test_mse, state}, and the two errors that are no network's, as other
    states.
    """
    about = {"dataset": row["dataset"], "study": name}
    seeds = [
        {
            **about,
            "seed": seed,
            "test_mse": row[f"seed_{seed}_test_mse"],
            "state": "dead" if is_dead(row, seed) else "living",
        }
        for seed in range(row["num_seeds"])
    ]
    lines = {"the mean image": "mean_image_test_mse", "all black": "black_test_mse"}
    return [*seeds, *({**about, "test_mse": row[key], "state": state} for state, key in lines.items())]


def _end(name: str, row: Record, learning: list[Record]) -> Iterator[dict[str, Any]]:
    """Between which validation errors a study's seeds end: {name, least, most}; nothing where it kept none."""
    errors = [record["mse"] for record in learning if record["epoch"] == row["num_epochs"]]
    if errors:
        yield {"name": name, "least": min(errors), "most": max(errors)}


def _learning(study: StudyResults, rows: dict[str, Record], ends: list[dict[str, Any]]) -> Chart | None:
    """Error over epochs, a panel a study, a line a seed; None where no study kept it."""
    states = {
        (name, seed): "dead" if is_dead(row, seed) else "living"
        for name, row in rows.items()
        for seed in range(row["num_seeds"])
    }
    records = [
        {**record, "state": states[name, record["seed"]], "sample": row["sample"]}
        for name, row in rows.items()
        for record in study.seeds_learning(name)
        if record["epoch"] in _log_spaced(row["num_epochs"])
    ]
    if not records:
        return None
    last = "; ".join(f"{end['name']}: {number(end['least'])} to {number(end['most'])}" for end in ends)
    alt = f"Validation error of each seed over the epochs; after the last one {last}."
    return make_chart("seeds-learning", "chart-seeds-learning", records, alt)


def _log_spaced(last: int) -> set[int]:
    """About NUM_EPOCHS_SHOWN epochs from the first to the last, even on a log axis."""
    return {round(last ** (step / NUM_EPOCHS_SHOWN)) for step in range(NUM_EPOCHS_SHOWN + 1)}


def _told(name: str, row: Record) -> dict[str, Any]:
    inside = [
        {
            "name": state,
            "active": row.get(f"{state}_active_share"),
            "given": row[f"{state}_before_last_activation"],
        }
        for state in ("dead", "living")
        if f"{state}_before_last_activation" in row and "dead_before_last_activation" in row
    ]
    facts = {key: row[key] for key in ("num_epochs", "num_dead", "num_seeds")}
    return {"name": name, **facts, "least": row["min_test_mse"], "most": row["max_test_mse"], "inside": inside}


def came_back(rows: dict[str, Record], lines: Record) -> list[dict[str, Any]]:
    """Of the seeds that are dead in one study, how many live in a longer one that differs in its recipe alone."""
    told = []
    for short, row in rows.items():
        dead = [seed for seed in range(row["num_seeds"]) if is_dead(row, seed)]
        for long, other in rows.items():
            tried = [seed for seed in dead if seed < other["num_seeds"]]
            if tried and row["num_epochs"] < other["num_epochs"] and _same_network(lines[short], lines[long]):
                back = sum(not is_dead(other, seed) for seed in tried)
                told.append(
                    {"short": short, "long": long, "tried": len(tried), "num_epochs": other["num_epochs"], "back": back}
                )
    return told


def is_dead(row: Record, seed: int) -> bool:
    """Whether a seed is worse than drawing the mean training image every time."""
    return float(row[f"seed_{seed}_test_mse"]) > float(row["mean_image_test_mse"])


def _same_network(one: Record, other: Record) -> bool:
    return all(one.get(key) == other.get(key) for key in ("dataset", "model", "latent_dim", "options"))


def _table(rows: dict[str, Record], lines: Record) -> Table:
    options = [
        ", ".join(
            f"{key}: {'null' if value is None else value}" for key, value in lines[name].get("options", {}).items()
        )
        for name in rows
    ]
    counts = {"epochs": "num_epochs", "seeds": "num_seeds", "dead": "num_dead", "black": "num_black"}
    columns = {
        "study": list(rows),
        "options": options,
        **{head: [number(row[key]) for row in rows.values()] for head, key in counts.items()},
        **{head: [number(row[key]) for row in rows.values()] for key, head in COLUMNS.items()},
    }
    return Table.of_columns("test MSE over the seeds of each study", columns, num_text=2)


def _picture(name: str, row: Record) -> Figure:
    seeds = [point for point in strip(name, row) if "seed" in point]
    alt = (
        f"Held-out images of {row['dataset']}, and beside them what each seed draws of them: {row['num_dead']} of "
        f"{plural(row['num_seeds'], 'seed')} dead."
    )
    return figure("evaluate_seeds", name, f"seeds/{name}.png", alt, seeds)
