"""Numbers as words: every number of the report goes through here, and comparisons choose their words by the numbers."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from autoencoder.storage.files import Record

DIGITS = 3
MISSING = "-"
MOST_NAMED = 2  # runs in a sentence; the tables have all


def number(value: float | None, digits: int = DIGITS) -> str:
    """`digits` significant digits, never fewer than all before the point, without exponent; a dash for None."""
    if value is None:
        return MISSING
    if abs(value) >= 10**digits or isinstance(value, int):
        return f"{value:,.0f}"
    return f"{Decimal(f'{value:#.{digits}g}'):,f}".removesuffix(".")


def percent(share: float, digits: int = DIGITS) -> str:
    """A share as a percentage: 0.0625 -> `6.25 %`. One that is not quite the whole does not look like it."""
    return f"{number(100 * share, digits + (0.99 <= share < 1))} %"


def plural(count: int, noun: str) -> str:
    """`1 run`, `4 runs`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def device(name: object) -> str:
    """A device as it was recorded, one thread in the singular."""
    return re.sub(r"\b1 threads$", "1 thread", str(name))


def counted_runs(rows: Sequence[Record], total: int) -> str:
    """How many of `total` runs some rows are: `all 4 runs`, `none of 4 runs`, `3 of 8 runs`; of few with names."""
    if not rows:
        return f"none of {plural(total, 'run')}"
    if len(rows) == total:
        return {1: "the run", 2: "both runs"}.get(total, f"all {total} runs")
    return f"{len(rows)} of {plural(total, 'run')}{named_runs(rows) if len(rows) <= MOST_NAMED else ''}"


def over_seeds(spread: Record) -> str:
    """Mean and standard deviation of a run's test SSE, and over how many seeds: `86.10 ± 0.12 (3)`."""
    return f"{spread['mean_test_sse']:#.4g} ± {spread['std_test_sse']:.2g} ({spread['num_seeds']})"


def listing(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def than(value: float, other: float) -> str:
    """How `value` stands to `other`, neither below 0: `12.3 % lower than`, `4.50 times`, `the same as`, `above`."""
    if number(value) == number(other):
        return "the same as"
    if other == 0:
        return "above"
    if value > 2 * other:
        return f"{number(value / other)} times"
    return f"{percent(abs(value / other - 1))} {'lower' if value < other else 'higher'} than"


def course(values: Sequence[float]) -> str:
    """The way a series goes: `falls at every step`, `rises at every step`, `falls, but not at every step`, ..."""
    steps = [after - before for before, after in pairwise(values)]
    if not steps:
        return "has a single value"
    verb = "falls" if values[-1] < values[0] else "rises" if values[-1] > values[0] else "ends where it begins"
    steady = all(step < 0 for step in steps) or all(step > 0 for step in steps)
    if verb == "ends where it begins" or len(steps) == 1:
        return verb
    return f"{verb} at every step" if steady else f"{verb}, but not at every step"


def signed_percent(share: float) -> str:
    """A share more or less: `+8.1 %`."""
    return f"{100 * share:+.1f} %"


def more_error(share: float) -> str:
    """A share more or less of an error, as a factor where it is large: `+8.1 %`, `3.10 times`."""
    return signed_percent(share) if share <= 1 else f"{number(1 + share)} times"


def told_lead(lead: tuple[float, float]) -> str:
    """A lead from least to most, in dB: `from 1.32 dB below to 0.392 dB above`."""
    least, most = (f"{number(abs(value))} dB {'below' if value < 0 else 'above'}" for value in lead)
    return least if least == most else f"from {least} to {most}"


def named_runs(rows: Sequence[Record]) -> str:
    """The runs of some rows, in brackets; nothing where there are none."""
    return f" ({listing('`{}`'.format(row['run']) for row in rows)})" if rows else ""
