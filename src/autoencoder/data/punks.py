"""The CryptoPunks: one sheet of 100 x 100 pictures of 24 x 24 pixels, and a table of their attributes.

Source: Larva Labs, 2017 (the sheet); Brian Caffo's book, chapter "Autoencoders" (slicing, 75/25 split, attributes).
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autoencoder.data.download import fetch, read_source
from autoencoder.data.kind import Loaded, SplitParams
from autoencoder.data.slicing import SIDE, read_sheet, slice_sheet
from autoencoder.data.splitting import split_randomly, take
from autoencoder.ui.errors import UserError

if TYPE_CHECKING:
    import pandas as pd  # else imported where it is used, so that params are checked without it

SHEET, TABLE = "punks.png", "cryptopunks.csv"
COLUMNS = {"type": "type", "gender": "gender", "skin_tone": "skin tone", "count": "count"}  # labels: headings


class Params(SplitParams):
    """`prepare.<name>` in params.yaml where kind is punks."""


def load(name: str, params: Params) -> Loaded:
    """Download, verify, slice, split: images of 3 x 24 x 24. Transparent pixels become black, as in the tutorial."""
    source = read_source(params.source, SHEET, TABLE)
    sheet = fetch(name, SHEET, source["files"][SHEET])
    table = fetch(name, TABLE, source["files"][TABLE])
    images = slice_sheet(read_sheet(sheet), SIDE)
    attributes = read_attributes(table)
    if len(attributes) != len(images):
        raise UserError(f"{table} has {len(attributes)} rows for {len(images)} punks; remove it and prepare again")
    labels, names = encode_attributes(attributes)
    parts = split_randomly(len(images), params.test_fraction, params.val_fraction, params.split_seed)
    return Loaded(take(images, labels, parts), names, source["description"])


def read_attributes(path: Path) -> "pd.DataFrame":
    """The table of attributes, a row a punk, in order; every cell is text, an empty one is empty text."""
    import pandas as pd

    return pd.read_csv(path, skipinitialspace=True, dtype=str, keep_default_na=False)


def encode_attributes(table: "pd.DataFrame") -> tuple[dict[str, np.ndarray], dict[str, list[str]]]:
    """Attributes as labels: codes (n,) int64 into sorted names, and accessories as flags (n, number of them) uint8.

    An empty cell (the skin tone of apes, zombies and aliens) is named "none".
    """
    labels, names = {}, {}
    for label, heading in COLUMNS.items():
        column = table[heading].str.strip().replace("", "none").astype("category")
        labels[label] = column.cat.codes.to_numpy(np.int64)
        names[label] = list(column.cat.categories)
    worn = table["accessories"].str.strip().str.get_dummies(" / ")
    worn = worn.drop(
        columns="", errors="ignore"
    )  # nothing worn is no accessory: pandas thinks so without pyarrow alone
    labels["accessories"] = worn.to_numpy(np.uint8)
    names["accessories"] = list(worn.columns)
    return labels, names
