"""What the study set out to reach, and how far it came: the table of docs/goals.md, made from results alone.

The bars are those that were set before; none is lowered where it is missed. `make readme` writes the table.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from autoencoder.config.published import Published
from autoencoder.config.runs import Run
from autoencoder.stages.report.facts.nested import below_pca
from autoencoder.stages.report.parts import Table
from autoencoder.stages.report.wording import signed_percent
from autoencoder.storage.files import Record, read_json

PAGE = Path("docs/goals.md")
BENCHMARKS = Path("benchmarks")
DIMS = (64, 128, 256, 384)
OURS, OWN = "cifar10_cnn", "cifar10_feedback"  # the tutorial's network, and one of our own
# As benchmarks/stages.py calls them.
PULLED = "dvc repro, after dvc pull in a fresh clone"
PCA_GOAL = "PCA"  # as benchmarks/time_to_loss.py calls PCA's error
DEMO = "make demo, after installing"


class Goal(NamedTuple):
    """A bar, what was reached, and whether that is enough (None: not measured)."""

    what: str
    bar: str
    reached: str
    met: bool | None


class Results(NamedTuple):
    """What the goals are measured with. metrics: of each run; seeds: of each study; first_latents: of CIFAR-10's nested
    run; pca_sse: of its test images by latent dimension; benchmarks: records by benchmark, of those that were measured.
    """

    runs: Mapping[str, Run]
    metrics: Mapping[str, Record]
    seeds: Mapping[str, Record]
    first_latents: Sequence[Record]
    pca_sse: Mapping[int, float]
    published: Mapping[str, Published]
    benchmarks: Mapping[str, Sequence[Record]]


def goals(results: Results) -> Table:
    """The table: a row a goal."""
    rows = [*_quality(results), *_nested(results), *_minutes(results), *_speed(results.benchmarks)]
    shown = tuple((*goal[:3], {True: "yes", False: "**no**", None: "-"}[goal.met]) for goal in rows)
    return Table("What the study set out to reach", ("goal", "bar", "reached", "met"), shown, num_text=4)


def read_benchmarks() -> dict[str, list[Record]]:
    """The records of each benchmark that was measured."""
    return {path.stem: read_json(path, "make bench")[1:] for path in sorted(BENCHMARKS.glob("*.json"))}


def _quality(results: Results) -> Iterator[Goal]:
    lowest = {dim: min(study.test_sse[dim] for study in results.published.values()) for dim in DIMS}
    default, own = (_least(results, model) for model in (OURS, OWN))
    lead, lead_of_own = ({dim: sse[dim] / lowest[dim] - 1 for dim in DIMS} for sse in (default, own))
    what = "test error of the tutorial's network, beside the lowest published"
    yield Goal(what, "below at each", _percents(lead), max(lead.values()) < 0)
    yield Goal(what, "4 % below (stretch)", _percents(lead), max(lead.values()) <= -0.04)
    what = "that of a network of ours, at most twice the multiply-adds"
    yield Goal(what, "15 % below", _percents(lead_of_own), max(lead_of_own.values()) <= -0.15)


def _least(results: Results, model: str) -> dict[int, float]:
    """The least test error of a network that is not nested, by latent dimension."""
    found: dict[int, float] = {}
    for name, row in results.metrics.items():
        if row["model"] == model and not results.runs[name].nested:
            found[row["latent_dim"]] = min(row["test_sse"], found.get(row["latent_dim"], row["test_sse"]))
    return found


def _nested(results: Results) -> Iterator[Goal]:
    alone = _least(results, OURS)
    rows = {row["num_latents"]: float(row["test_sse"]) for row in results.first_latents}
    more = {dim: rows[dim] / alone[dim] - 1 for dim in DIMS}
    what = "test error of the nested run, beside a run for that dimension alone"
    yield Goal(what, "at most 5 % above", _percents(more), max(more.values()) <= 0.05)
    yield Goal(what, "at most 2 % above (stretch)", _percents(more), max(more.values()) <= 0.02)
    start, end = below_pca(list(results.first_latents), dict(results.pca_sse))
    reached = "nowhere" if start is None else f"from {start} up" + (f", to {end}" if end else "")
    yield Goal("numbers at which the nested run is below PCA", "from 16 up", reached, (start or 99) <= 16 and not end)


def _minutes(results: Results) -> Iterator[Goal]:
    """Of trainings, two side by side, as long as each took when it was trained."""
    four = side_by_side([results.metrics[f"cifar10-{dim}"]["train_seconds"] for dim in DIMS]) / 60
    yield Goal(
        "the four runs `cifar10-<d>`, two side by side", "40 minutes (stretch: 20)", _of_minutes(four), four <= 40
    )
    each = [row["train_seconds"] for row in (*results.metrics.values(), *results.seeds.values())]
    every = side_by_side(each) / 60
    yield Goal("all trainings of `make reproduce`, two side by side", "90 minutes", _of_minutes(every), every <= 90)


def side_by_side(seconds: Iterable[float], places: int = 2) -> float:
    """When the last of some trainings ends, `places` of them at a time, the longest first, as `make reproduce` does."""
    ends = [0.0] * places
    for each in sorted(seconds, reverse=True):
        heapq.heapreplace(ends, ends[0] + each)
    return max(ends)


def _of_minutes(minutes: float) -> str:
    return f"{minutes:.0f} minutes" if minutes < 180 else f"{minutes / 60:.1f} hours"


def _speed(benchmarks: Mapping[str, Sequence[Record]]) -> Iterator[Goal]:
    rows = [row for row in benchmarks.get("training_speed", ()) if "two side by side" in row["contender"]]
    times = [float(row["times_the_rival"]) for row in rows]
    what = "images a second, two runs side by side, beside the tutorial as written"
    yield _of_range(what, "3 times", times, "times", 3)
    yield _of_range(what, "4 times (stretch)", times, "times", 4)
    yield from _sooner(benchmarks.get("time_to_loss", ()))
    yield from _on_a_graphics_card()
    stages = {row["what"]: row for row in benchmarks.get("stages", ())}
    for what, on, bar in ((DEMO, "", 100), (PULLED, ", where it was trained", 120), (PULLED, ", elsewhere", 240)):
        seconds = [float(stages[what]["seconds"])] if what in stages else []
        command, when = what.split(",")
        yield _of_range(f"`{command}`,{when}{on}", f"{bar} s", seconds, "s", -bar)
    peaks = [float(row["peak_mb"]) for what, row in stages.items() if what.startswith("train ") and "epoch" in what]
    yield _of_range("peak memory of a training of the study", "1,500 MB", peaks, "MB", -1500)
    most = max(benchmarks.get("explorer", ()), key=lambda row: int(row["thumbnails"]), default=None)
    frames = [float(most["frames_per_second"])] if most else []
    what = "frames a second of the explorer with 10,000 pictures, drawn without a graphics card"
    yield _of_range(what, "60", frames, "", 59.5)
    paint = [float(most["first_paint_ms"])] if most else []
    yield _of_range("first paint of the explorer with 10,000 pictures", "1,000 ms", paint, "ms", -1000)


def _sooner(rows: Sequence[Record]) -> Iterator[Goal]:
    """How many times sooner a loss is reached. Where the rival never was at PCA's error, its whole training counts: a
    number of times that is at least so.
    """
    best = [max(row.get("times_sooner") or 0, row.get("times_sooner_on_all") or 0) for row in rows]
    of_rival = [times for row, times in zip(rows, best, strict=True) if str(row["goal"]).startswith("the rival")]
    yield _of_range("sooner at the loss that the tutorial as written reaches", "10 times", of_rival, "times", 10)
    what, bar = "sooner at PCA's error than the tutorial as written", "10 times"
    told, enough = [], []
    for row, times in zip(rows, best, strict=True):
        least = row.get("times_sooner_at_least") or 0
        if row["goal"] == PCA_GOAL and (times or least):
            told.append(f"{times:.4g} at {row['latent_dim']}" if times else f"over {least:.4g} at {row['latent_dim']}")
            enough.append(max(times, least) >= 10)
    yield Goal(what, bar, ", ".join(told), all(enough)) if told else Goal(what, bar, "not measured", None)


def _on_a_graphics_card() -> Iterator[Goal]:
    """None was at hand: its bars stand here so that they are not forgotten."""
    bars = {
        "250 epochs of one run on a graphics card": "1 minute",
        "all four runs at once on a graphics card": "3 minutes",
        "images a second on a graphics card, beside the tutorial as written": "10 times",
    }
    yield from (Goal(what, bar, "not measured", None) for what, bar in bars.items())


def _of_range(what: str, bar: str, values: Sequence[float], unit: str, limit: float) -> Goal:
    """A goal that all of `values` are to reach: to be at least `limit`, or, where that is below 0, at most its size."""
    if not values:
        return Goal(what, bar, "not measured", None)
    ends = [f"{value:,.4g}" for value in dict.fromkeys((min(values), max(values)))]
    met = min(values) >= limit if limit > 0 else max(values) <= -limit
    return Goal(what, bar, f"{' to '.join(ends)} {unit}".strip(), met)


def _percents(shares: Mapping[int, float]) -> str:
    return ", ".join(f"{signed_percent(share)} at {dim}" for dim, share in sorted(shares.items()))
