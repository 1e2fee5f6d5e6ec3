"""Single picture files, read for a network and written for people."""

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from autoencoder.datasets.image_folder import read_image
from autoencoder.errors import UserError
from autoencoder.files import write_atomically


def read_picture(path: Path, size: int) -> np.ndarray:
    """An image file as (3, size, size) uint8, made square as a folder's images are. Raises UserError if it is none."""
    try:
        return read_image(path, size)
    except (UnidentifiedImageError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        reason = "no image" if isinstance(error, UnidentifiedImageError) else " ".join(str(error).split())
        raise UserError(f"{path}: cannot be read as a picture ({reason})") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read as a picture ({error.strerror or error})") from None


def write_picture(path: Path, picture: np.ndarray) -> None:
    """Write (3, height, width) uint8 without loss, as PNG. Raises UserError for a name that says otherwise."""
    check_name(path)
    buffer = BytesIO()
    Image.fromarray(np.ascontiguousarray(picture.transpose(1, 2, 0))).save(buffer, "PNG")
    write_atomically(path, buffer.getvalue())


def check_name(path: Path) -> None:
    """Raises UserError where a file of this name would not be taken for a PNG."""
    if path.suffix.lower() != ".png":
        raise UserError(f"{path}: pictures are written as PNG; name it {path.stem}.png")
