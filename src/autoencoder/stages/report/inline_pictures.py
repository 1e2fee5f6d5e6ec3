"""Figures as data URIs: the page carries its pictures whole, in lossless WebP, about half of what PNG takes.

WebP has no more than 16,383 pixels a side; a larger picture stays PNG.
"""

import base64
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from autoencoder.stages.report.parts import Figure
from autoencoder.ui.errors import UserError

# How hard the encoder tries. More takes ten times as long, for one per cent.
EFFORT: dict[str, dict[str, int]] = {
    "webp": {"lossless": True, "exact": True, "method": 4, "quality": 80},
    "png": {"optimize": True},
}
MAX_WEBP_SIDE = 16_383  # pixels


@dataclass(frozen=True)
class Inlined:
    """A picture for an <img>: its source and its size in pixels."""

    source: str
    width: int
    height: int


def inline(figure: Figure) -> Inlined:
    """The figure's picture, pixel for pixel, what is transparent on white.

    Raises UserError where it is missing or damaged.
    """
    try:
        with Image.open(figure.path) as picture:
            image = _on_white(picture)
    except FileNotFoundError:
        raise UserError(f"{figure.path} is missing; make it first: {figure.made_by}") from None
    except (UnidentifiedImageError, OSError) as error:
        raise UserError(f"{figure.path} is damaged ({error}); make it again: {figure.made_by}") from None
    form = "webp" if max(image.size) <= MAX_WEBP_SIDE else "png"
    buffer = BytesIO()
    image.save(buffer, form, **EFFORT[form])
    content = base64.b64encode(buffer.getvalue()).decode("ascii")
    return Inlined(f"data:image/{form};base64,{content}", image.width, image.height)


def _on_white(picture: Image.Image) -> Image.Image:
    opaque = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", opaque.size, "white"), opaque).convert("RGB")
