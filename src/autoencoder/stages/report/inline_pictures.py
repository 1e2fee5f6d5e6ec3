"""Figures as data URIs: the page carries its pictures, in WebP, which takes half of what matplotlib's PNG takes."""

import base64
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from autoencoder.stages.report.blocks import Figure
from autoencoder.ui.errors import UserError

# Above this many bytes a picture may lose a little, where that makes it smaller: scatter plots, walls of photographs.
LARGE = 90_000
LOSSY_QUALITY = 80


@dataclass(frozen=True)
class Inlined:
    """A picture for an <img>: its source and its size in pixels."""

    source: str
    width: int
    height: int


def inline(figure: Figure, max_width: int) -> Inlined:
    """The figure's picture, at most `max_width` pixels wide. Raises UserError where it is missing or damaged."""
    try:
        with Image.open(figure.path) as picture:
            image = _on_white(picture)
    except FileNotFoundError:
        raise UserError(f"{figure.path} is missing; make it first: {figure.made_by}") from None
    except (UnidentifiedImageError, OSError) as error:
        raise UserError(f"{figure.path} is damaged ({error}); make it again: {figure.made_by}") from None
    if image.width > max_width:
        image = image.resize((max_width, round(image.height * max_width / image.width)), Image.Resampling.LANCZOS)
    content = base64.b64encode(_encode(image)).decode("ascii")
    return Inlined(f"data:image/webp;base64,{content}", image.width, image.height)


def _on_white(picture: Image.Image) -> Image.Image:
    opaque = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", opaque.size, "white"), opaque).convert("RGB")


def _encode(image: Image.Image) -> bytes:
    exact = _webp(image, lossless=True, quality=80)
    return exact if len(exact) <= LARGE else min(exact, _webp(image, quality=LOSSY_QUALITY), key=len)


def _webp(image: Image.Image, **options: int) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "WEBP", method=4, **options)
    return buffer.getvalue()
