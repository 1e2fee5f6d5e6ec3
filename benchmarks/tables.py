"""benchmarks/README.md's tables and sentences, made from the results beside it: no number in it is typed by hand."""

import math
from pathlib import Path

from autoencoder.stages.report.parts import Table
from autoencoder.storage.files import Record, read_json, write_atomically
from autoencoder.tools.readme import markdown, replace
from benchmarks.growth_figure import PANELS, growing

FOLDER = Path("benchmarks")
README = FOLDER / "README.md"
PICTURE = "![Seconds and peak memory against what grows](growth.png)"
NAMES = (
    *("training_speed", "time_to_loss", "stages", "growth", "train_step", "step_profile", "search", "explorer"),
    "own_pictures",
)


def table(name: str) -> str:
    """A benchmark's results as Markdown, under the machine they were measured on; that there are none yet."""
    if not (FOLDER / f"{name}.json").exists():
        return "Not measured yet: `make bench` does it."
    about, *records = read_json(FOLDER / f"{name}.json", "make bench")
    machine = ", ".join(f"{key} {value}" for key, value in about.items())
    head = list(dict.fromkeys(key for record in records for key in record))
    rows = tuple(tuple(_shown(record.get(key)) for key in head) for record in records)
    num_text = next(place for place, key in enumerate(head) if type(records[0][key]) in (int, float))
    made = Table(name, tuple(key.replace("_", " ") for key in head), rows, num_text)
    told = f"{PICTURE}\n\n{_growth(records)}\n\n" if name == "growth" else ""
    return f"On: {machine}.\n\n{told}{markdown(made)}"


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _growth(records: list[Record]) -> str:
    """A line for each that grows: how many times as much its last step takes, beside how many times as large it is."""
    lines = []
    for title, (what, key) in PANELS.items():
        *_, before, last = growing(records, what, key)
        larger, longer, more = (last[name] / before[name] for name in (key, "seconds", "peak_mb"))
        power = math.log(longer) / math.log(larger)
        lines.append(
            f"- {title}: from {before[key]:,} to {last[key]:,}, {larger:.3g} times as many, the time grows"
            f" {longer:.3g} times (power {power:.2f}), the peak memory {more:.3g} times."
        )
    return "\n".join(lines)


def main() -> None:
    """Rewrite the page."""
    text = README.read_text()
    for name in NAMES:
        text = replace(text, name, table(name))
    write_atomically(README, text.encode())


if __name__ == "__main__":
    main()
