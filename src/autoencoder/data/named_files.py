"""Which row of a table is about which file, however it spells the file's name."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

Spelling = tuple[Callable[[str], str], Callable[[str], str]]  # of what a table says, and of a file's path


def _plain(text: str) -> str:
    return text.strip().replace("\\", "/").removeprefix("./")


def _lower(text: str) -> str:
    return _plain(text).lower()


def _without_suffix(path: str) -> str:
    folder, slash, name = _lower(path).rpartition("/")
    return folder + slash + (name.rpartition(".")[0] or name)


# The strictest first: as it is, in capitals or not, without the suffix.
SPELLINGS: tuple[Spelling, ...] = ((_plain, _plain), (_lower, _lower), (_lower, _without_suffix))


def file_column(rows: Sequence[Sequence[str]], files: Sequence[str]) -> int | None:
    """The column that names files: the first that does in the strictest spelling in which any does."""
    for spelling in SPELLINGS:
        for column in range(max(map(len, rows), default=0)):
            if any(row is not None for row in _rows(column_of(rows, column), files, spelling)):
                return column
    return None


def rows_of(cells: Sequence[str], files: Sequence[str]) -> list[int | None]:
    """For each of the `files`, paths in their folder, the row whose cell names it; None where none does, or several
    may. A name alone will do, and so will a longer path that ends with the file's.
    """
    found: list[int | None] = [None] * len(files)
    for spelling in SPELLINGS:
        rows = _rows(cells, files, spelling)
        found = [row if first is None else first for first, row in zip(found, rows, strict=True)]
    return found


def column_of(rows: Sequence[Sequence[str]], column: int) -> list[str]:
    """A column's cells; "" where a row is too short."""
    return [row[column].strip() if len(row) > column else "" for row in rows]


def _rows(cells: Sequence[str], files: Sequence[str], spelling: Spelling) -> list[int | None]:
    spell_cell, spell_file = spelling
    whole = {spell_cell(cell): row for row, cell in enumerate(cells) if cell}
    ends: dict[str, int | None] = {}
    for text, row in whole.items():
        for end in _ends(text):
            ends[end] = None if end in ends else row  # of two paths, no one's
    spelled = [spell_file(file) for file in files]
    times = Counter(spelled)  # two files spelled alike are told apart by a stricter spelling or not at all
    return [_row(text, whole, ends) if times[text] == 1 else None for text in spelled]


def _row(text: str, whole: dict[str, int], ends: dict[str, int | None]) -> int | None:
    if text in whole:
        return whole[text]
    if text in ends:
        return ends[text]
    return next((whole[end] for end in _ends(text) if end in whole), None)


def _ends(path: str) -> Iterator[str]:
    """`b/c` and `c` of `a/b/c`."""
    while "/" in path:
        path = path.partition("/")[2]
        yield path
