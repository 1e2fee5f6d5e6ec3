"""Names of a user's folders and files as text: what a file system allows is more than a figure or a table can show."""

import os
import unicodedata

MAX_CHARACTERS = 80
KEPT_AT_THE_END = 20  # of a longer name


def readable(name: str) -> str:
    """`name`, as the file system gave it, as one line of printable UTF-8 text.

    Bytes that are no UTF-8 and characters that show nothing become escapes such as \\xe9 or \\t, runs of spaces one.
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    shown = "".join(character if character.isprintable() else _escape(character) for character in text)
    return " ".join(unicodedata.normalize("NFC", shown).split())


def label_names(names: list[str]) -> list[str]:
    """A label for each of the different `names`: readable, at most some 80 characters, and different, too.

    A name that needs no change keeps it; of those that become the same, the later ones are numbered.
    """
    taken = {name for name in names if _shorten(readable(name)) == name}
    labels = []
    for name in names:
        label = first = _shorten(readable(name)) or "unnamed"
        number = 1
        while label != name and label in taken:
            number += 1
            label = f"{first} ({number})"
        taken.add(label)
        labels.append(label)
    return labels


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _shorten(text: str) -> str:
    if len(text) <= MAX_CHARACTERS:
        return text
    return f"{text[: MAX_CHARACTERS - KEPT_AT_THE_END - 1]}…{text[-KEPT_AT_THE_END:]}"
