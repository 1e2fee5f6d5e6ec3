"""A sheet of tiles cut into pictures: the "one-line command waiting to happen" of the CryptoPunks tutorial."""

from pathlib import Path

import numpy as np

from autoencoder.data.pictures import UNREADABLE, explain, open_image
from autoencoder.ui.errors import UserError

SIDE = 24

SHEET_SIDE = 2400


def read_sheet(path: Path) -> np.ndarray:
    """The sheet as (2400, 2400, 4) uint8. Raises UserError for no picture, or one of another size or mode."""
    expected = (SHEET_SIDE, SHEET_SIDE)
    try:
        with open_image(path) as sheet:
            if sheet.mode == "RGBA" and sheet.size == expected:
                return np.asarray(sheet)
            found = f"is {sheet.size} {sheet.mode}, expected {expected} RGBA"
    except UNREADABLE as error:
        found = f"cannot be read as a picture ({explain(error, path)})"
    raise UserError(f"{path} {found}; remove it and prepare again")


def slice_sheet(sheet: np.ndarray, side: int) -> np.ndarray:
    """Cut a sheet of tiles into pictures, row by row.

    sheet: (rows side, columns side, 4) uint8 RGBA -> (rows columns, 3, side, side) uint8. The tutorial's double loop
    as the "one-line command waiting to happen". Alpha is dropped as PIL's convert("RGB") does: the colour under a
    transparent pixel stays, which on this sheet is black.
    """
    rows, columns = sheet.shape[0] // side, sheet.shape[1] // side
    tiles = sheet[..., :3].reshape(rows, side, columns, side, 3).transpose(0, 2, 4, 1, 3)
    return np.ascontiguousarray(tiles.reshape(rows * columns, 3, side, side))
