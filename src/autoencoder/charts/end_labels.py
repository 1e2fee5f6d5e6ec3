"""Labels at the ends of lines, moved apart where they would cover each other."""

import math
from collections.abc import Mapping

APART = 0.05  # of the axis, from one label to the next: of an axis of 340 pixels


def spread(
    values: Mapping[str, float], low: float, high: float, *, log: bool = False, apart: float = APART
) -> dict[str, float]:
    """Where to write each label on an axis from `low` to `high`: at its value, or as near as there is room.

    log: the axis is logarithmic, all values above 0. apart: from one label to the next, of the axis. Neighbors are
    moved apart evenly about their middle, as a block; blocks that meet become one, and none leaves the axis.
    """
    along, back = (math.log, math.exp) if log else (float, float)
    start, span = along(low), (along(high) - along(low)) or 1.0
    ranked = sorted(values.items(), key=lambda item: item[1])
    blocks = [([name], (along(value) - start) / span) for name, value in ranked]
    place = 1
    while place < len(blocks):
        (below, middle), (above, other) = blocks[place - 1], blocks[place]
        room = apart * (len(below) + len(above)) / 2
        if _within(other, above, apart) - _within(middle, below, apart) < room:
            names = below + above
            joined = (middle * len(below) + other * len(above)) / len(names)
            blocks[place - 1 : place + 1] = [(names, joined)]
            place = max(1, place - 1)
        else:
            place += 1
    return {
        name: back(start + span * (_within(middle, names, apart) + apart * (rank - (len(names) - 1) / 2)))
        for names, middle in blocks
        for rank, name in enumerate(names)
    }


def _within(middle: float, names: list[str], apart: float) -> float:
    """The middle of a block, 0 to 1, moved so far that the outermost labels are on the axis, where all have room."""
    half = apart * (len(names) - 1) / 2
    return min(max(middle, half), 1 - half) if half <= 0.5 else middle
