"""Single picture files, read for a network and written for people."""

import re
import struct
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from autoencoder.data.names import readable
from autoencoder.storage.files import write_atomically
from autoencoder.ui.errors import UserError

# A file of some kilobytes can say that it is a picture of gigabytes: what the header says is looked at first.
MAX_PIXELS = 1 << 26  # the cameras of phones reach 64 million
GREY_ROUNDING = 6  # by how much the channels of a grey picture differ once JPEG, WebP or AVIF have had it
# What PIL raises for a file that it cannot read.
UNREADABLE = (
    *(UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, EOFError, struct.error),
    *(Image.DecompressionBombError, MemoryError, OverflowError),
    *(RuntimeError, LookupError, zlib.error),  # of damaged ones
)
ORIENTATION = 0x0112  # EXIF: how the camera was held
UPRIGHT = 1
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = (5, 6, 7, 8)  # width and height change places
# Formats that people have pictures in and Pillow does not read.
UNKNOWN = {
    **{".heic": "HEIC", ".heif": "HEIC", ".svg": "SVG", ".jxl": "JPEG XL", ".eps": "EPS"},
    **dict.fromkeys((".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2", ".dng"), "a camera's raw format"),
}


Shape = tuple[int, int, int]  # channels (1 or 3), height, width


@dataclass(frozen=True)
class Original:
    """What a picture file was like before it was made to fit: its sides upright, in pixels, and what gets lost."""

    width: int
    height: int
    is_grey: bool  # no pixel of it has a colour to speak of
    is_transparent: bool  # a pixel of it is


def read_picture(path: Path, shape: Shape) -> np.ndarray:
    """An image file as `shape` uint8, made to fit as a folder's images are. Raises UserError if it is none."""
    try:
        return read_image(path, shape)[0]
    except UNREADABLE as error:
        raise UserError(f"{readable(str(path))}: cannot be read as a picture ({explain(error, path)})") from None


def write_picture(path: Path, picture: np.ndarray) -> None:
    """Write (3 or 1, height, width) uint8 without loss, as PNG. Raises UserError for a name that says otherwise."""
    check_name(path)
    buffer = BytesIO()
    as_image(picture).save(buffer, "PNG")
    write_atomically(path, buffer.getvalue())


def as_image(picture: np.ndarray) -> Image.Image:
    """(3 or 1, height, width) uint8 as PIL has it: RGB or L."""
    return Image.fromarray(np.ascontiguousarray(picture[0] if len(picture) == 1 else picture.transpose(1, 2, 0)))


def as_array(image: Image.Image, channels: int) -> np.ndarray:
    """What PIL has as (3 or 1, height, width) uint8, RGB or grey."""
    pixels = np.asarray(image.convert("RGB" if channels == 3 else "L"))
    return np.ascontiguousarray(pixels.transpose(2, 0, 1) if channels == 3 else pixels[None])


def check_name(path: Path) -> None:
    """Raises UserError where a file of this name would not be taken for a PNG."""
    if path.suffix.lower() != ".png":
        raise UserError(f"{readable(str(path))}: pictures are written as PNG; name it {readable(path.stem)}.png")


def explain(error: BaseException, path: Path) -> str:
    """Why the picture at `path` cannot be read, of one of `UNREADABLE`, in half a line."""
    if isinstance(error, UnidentifiedImageError):
        known = UNKNOWN.get(path.suffix.lower())
        return f"{known} is not read; export it as JPEG" if known else "no image"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split()) or type(error).__name__


def read_image(path: Path, shape: Shape) -> tuple[np.ndarray, Original]:
    """One image file as `shape` uint8, RGB or grey, and what it was: turned as its camera says, the largest part in its
    middle with those sides cut out, and resized. Of several pictures in a file (GIF, TIFF) the first.

    Transparent pixels are laid over black. Numbers that are no bytes (modes I, I;16 and F: 16 or 32 bits a pixel) are
    scaled as `to_bytes` says. Raises one of `UNREADABLE` for a file that cannot be read, before a picture of more than
    `MAX_PIXELS` is decoded.
    """
    channels, height, width = shape
    with open_image(path) as image:
        image.load()
        turn = TURNS.get(_orientation(image))
        upright: Image.Image = image if turn is None else image.transpose(turn)
        if upright.mode.startswith(("I", "F")):
            upright = Image.fromarray(to_bytes(np.asarray(upright)))
        is_transparent = False
        if upright.has_transparency_data:
            upright = _as(upright, "RGBA")
            is_transparent = bool(np.asarray(upright.getchannel("A")).min() < 255)
            upright = Image.alpha_composite(Image.new("RGBA", upright.size, "black"), upright)
        fitted = ImageOps.fit(_as(upright, "RGB"), (width, height), Image.Resampling.LANCZOS)
        original = Original(*upright.size, _is_grey(np.asarray(fitted)), is_transparent)
    return as_array(fitted, channels), original


def _is_grey(pixels: np.ndarray) -> bool:
    """Whether the three channels of (h, w, 3) bytes are the same, but for what a lossy format rounds."""
    return bool((pixels.max(axis=2) - pixels.min(axis=2)).max() <= GREY_ROUNDING)


def to_bytes(values: np.ndarray) -> np.ndarray:
    """Grey values of any numeric type (h, w) as uint8.

    A file does not say where white is: it is the first of 1 (of floating-point numbers alone), 255 and 65535 that no
    value exceeds. Raises ValueError for values below 0, above 65535, or that are no numbers.
    """
    low, high = values.min(), values.max()
    if not (low >= 0 and high <= 65535):  # so that NaN is none of them
        raise ValueError(f"grey values from {low:g} to {high:g}; 0 to 1, 0 to 255 and 0 to 65535 are understood")
    if high > 255:
        scaled = values.astype(np.uint16) >> 8
    elif values.dtype.kind == "f" and high <= 1:
        scaled = np.rint(values * 255)
    else:
        scaled = np.rint(values)
    return np.asarray(scaled, dtype=np.uint8)


def _as(image: Image.Image, mode: str) -> Image.Image:
    """The image in that mode; itself, and no copy, if it is."""
    return image if image.mode == mode else image.convert(mode)


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Width and height of a picture that is not yet decoded, turned as its camera says."""
    turned = image.format != "TIFF" and _orientation(image) in SIDEWAYS  # Pillow turns a TIFF itself
    return image.size[::-1] if turned else image.size


def _orientation(image: Image.Image) -> int:
    """How the camera was held, 1 to 8. Who damaged what says so left the pixels: they are taken as they are."""
    try:
        # A PNG's own method would decode it, in search of what may stand after the pixels.
        return int(Image.Image.getexif(image).get(ORIENTATION, UPRIGHT))
    except UNREADABLE:
        return UPRIGHT


def is_picture(path: Path) -> bool:
    """Whether the file is one by its first bytes."""
    try:
        open_image(path).close()
    except UNREADABLE:
        return False
    return True


def open_image(path: Path) -> Image.Image:
    """The picture, not yet decoded. Raises one of `UNREADABLE`, for one of too many pixels a ValueError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit here is a lower one
        try:
            image = Image.open(path)
        except Image.DecompressionBombError as error:
            raise _too_large(next(iter(re.findall(r"\d+ pixels", str(error))), "too many")) from None
    if image.format == "EPS":  # a program, which Pillow would have another one run
        image.close()
        raise UnidentifiedImageError
    if image.width * image.height > MAX_PIXELS:
        image.close()
        raise _too_large(f"{image.width:,} x {image.height:,} pixels")
    return image


def _too_large(pixels: str) -> ValueError:
    return ValueError(f"it says it has {pixels}, more than the {MAX_PIXELS:,} that are read; make it smaller")
