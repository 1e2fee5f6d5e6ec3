"""Where each layer of a network stands: rows from the picture down, the longest path in one column, branches beside."""

from collections.abc import Sequence
from typing import NamedTuple

from autoencoder.stages.plot.layers import Layer

Edge = tuple[int, int]  # places in the list of layers, from and to


class Layout(NamedTuple):
    """rows, columns: of each layer, 0 at the top and in the main column. detours: for each edge that must pass rows of
    its column where other layers stand, the number of the lane beside the main column that it takes, 0 the nearest.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    edges: tuple[Edge, ...]
    detours: dict[Edge, int]


def lay_out(layers: Sequence[Layer]) -> Layout:
    """Rows and columns for `layers`, each of which comes after those that feed it; without `inputs`, one column."""
    if any(layer.inputs is None for layer in layers):
        return Layout(tuple(range(len(layers))), (0,) * len(layers), (), {})
    edges = tuple((given, place) for place, layer in enumerate(layers) for given in layer.inputs or ())
    rows = _depths(len(layers), edges)
    columns = [0] * len(layers)
    taken: list[list[range]] = []  # in each side column, the rows of the branches in it
    main = _longest_path(set(range(len(layers))), edges)
    left = set(range(len(layers))) - set(main)
    while left:
        branch = _longest_path(left, edges)
        left -= set(branch)
        span = _span(branch, rows, edges)
        _spread(branch, rows, span)
        column = next((place for place, spans in enumerate(taken) if not _overlaps(span, spans)), len(taken))
        taken[column : column + 1] = [[*(taken[column] if column < len(taken) else []), span]]
        for place in branch:
            columns[place] = column + 1
    return Layout(tuple(rows), tuple(columns), edges, _detours(edges, rows, columns))


def _depths(count: int, edges: Sequence[Edge]) -> list[int]:
    """Of each layer, the steps of the longest way to it."""
    depths = [0] * count
    for place in range(count):
        depths[place] = max((depths[given] + 1 for given, taker in edges if taker == place), default=0)
    return depths


def _longest_path(among: set[int], edges: Sequence[Edge]) -> list[int]:
    """The longest way from layer to layer through `among`; of equals the one that comes first."""
    ways: dict[int, list[int]] = {}
    for place in sorted(among):
        before = [ways[given] for given, taker in edges if taker == place and given in among]
        ways[place] = [*max(before, key=len, default=[]), place]
    return max(ways.values(), key=len)


def _span(branch: Sequence[int], rows: Sequence[int], edges: Sequence[Edge]) -> range:
    """The rows between what feeds a branch and what takes from it."""
    above = [rows[given] for given, taker in edges if taker in branch and given not in branch]
    below = [rows[taker] for given, taker in edges if given in branch and taker not in branch]
    return range(max(above, default=rows[branch[0]] - 1) + 1, min(below, default=rows[branch[-1]] + 1))


def _spread(branch: Sequence[int], rows: list[int], span: range) -> None:
    """Put a branch into the middle of the rows it has, where they are free to choose."""
    together = [rows[place] - rows[branch[0]] for place in branch]
    spare = len(span) - 1 - together[-1]
    if spare > 0:
        for place, offset in zip(branch, together, strict=True):
            rows[place] = span.start + spare // 2 + offset


def _overlaps(span: range, others: Sequence[range]) -> bool:
    return any(span.start < other.stop and other.start < span.stop for other in others)


def _detours(edges: Sequence[Edge], rows: Sequence[int], columns: Sequence[int]) -> dict[Edge, int]:
    """Lanes for the edges within a column that skip layers of it: short ones near, and no two over each other."""
    lanes: list[list[range]] = []
    detours = {}
    skipping = [edge for edge in edges if columns[edge[0]] == columns[edge[1]] and _skips(edge, rows, columns)]
    for edge in sorted(skipping, key=lambda edge: rows[edge[1]] - rows[edge[0]]):
        span = range(rows[edge[0]], rows[edge[1]])
        lane = next((place for place, spans in enumerate(lanes) if not _overlaps(span, spans)), len(lanes))
        lanes[lane : lane + 1] = [[*(lanes[lane] if lane < len(lanes) else []), span]]
        detours[edge] = lane
    return detours


def _skips(edge: Edge, rows: Sequence[int], columns: Sequence[int]) -> bool:
    between = range(rows[edge[0]] + 1, rows[edge[1]])
    return any(row in between and column == columns[edge[0]] for row, column in zip(rows, columns, strict=True))
