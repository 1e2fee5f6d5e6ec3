"""Single picture files, read for a network and written for people."""

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from autoencoder.storage.files import write_atomically
from autoencoder.ui.errors import UserError


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


def read_image(path: Path, size: int) -> np.ndarray:
    """One image file as (3, size, size) uint8 RGB: turned as its camera says, cropped to its middle square, resized.

    Raises what PIL raises for a file it cannot read.
    """
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image)
        if upright.mode.startswith("I"):  # 16 bits a pixel, which PIL would clip to white instead of scaling
            upright = Image.fromarray((np.asarray(upright).clip(0, 65535) >> 8).astype(np.uint8))
        flat = Image.new("RGBA", upright.size, "black")
        flat.alpha_composite(upright.convert("RGBA"))
        square = ImageOps.fit(flat.convert("RGB"), (size, size), Image.Resampling.LANCZOS)
    return np.ascontiguousarray(np.asarray(square).transpose(2, 0, 1))
