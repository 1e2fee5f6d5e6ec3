"""Rows of pictures: what stands in a row, and the figure. Every pixel of a picture is a square of whole pixels."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure

from autoencoder.drawing.style import DPI, stamped

# In pixels of the figure.
SIDE = 96  # of a picture, about: it is drawn by a whole factor
GAP, MARGIN = 12, 14
LINE = 6  # between a picture and its caption
MARK, MARK_COLOUR = 4, (0, 158, 115)  # the frame of a picture that is singled out
FRAME = 216  # the grey of the line around each picture: one that is white has an edge, too
TITLE_POINTS, LABEL_POINTS, CAPTION_POINTS = 11, 11, 9


class ImageRow(NamedTuple):
    """A row: its label, its pictures, and a caption below each.

    images: (n, channels, height, width) float in [0, 1]; one channel is grey, three are colours. captions: none, or one
    an image. framed: none, or for each image whether it is singled out by a frame.
    """

    label: str
    images: np.ndarray
    captions: tuple[str, ...] = ()
    framed: tuple[bool, ...] = ()


def image_rows(rows: Sequence[ImageRow], title: str, sample: bool) -> Figure:
    """Labelled rows of pictures, with a caption below each where its row has captions."""
    title = stamped(title, sample)
    height, width = _scaled(rows[0].images[:1]).shape[1:3]
    heading, labels = _size([title], TITLE_POINTS), _size((row.label for row in rows), LABEL_POINTS)
    captions = _size((caption for row in rows for caption in row.captions), CAPTION_POINTS)
    left, step = MARGIN + labels.width + GAP, max(width, captions.width) + GAP
    tops = [MARGIN + heading.height + GAP]
    for row in rows:
        below = LINE + captions.height if row.captions else 0
        tops.append(tops[-1] + max(height + below, _size([row.label], LABEL_POINTS).height) + GAP)
    wide = max(left + max(len(row.images) for row in rows) * step - GAP, heading.width + MARGIN) + MARGIN
    high = tops[-1] - GAP + MARGIN
    figure, canvas = Figure((wide / DPI, high / DPI), dpi=DPI), np.full((high, wide, 3), 255, np.uint8)
    figure.suptitle(title, x=0.5, y=1 - MARGIN / high, va="top", fontsize=TITLE_POINTS)
    for row, top in zip(rows, tops, strict=False):
        centre = 1 - (top + height / 2) / high
        figure.text((left - GAP) / wide, centre, row.label, ha="right", va="center", fontsize=LABEL_POINTS)
        for number, image in enumerate(_scaled(row.images)):
            start = left + number * step + (step - GAP - width) // 2
            marked = bool(row.framed) and row.framed[number]
            edge, colour = (MARK, MARK_COLOUR) if marked else (1, (FRAME,) * 3)
            canvas[top - edge : top + height + edge, start - edge : start + width + edge] = colour
            canvas[top : top + height, start : start + width] = image
        for number, caption in enumerate(row.captions):
            x, y = left + number * step + (step - GAP) / 2, top + height + LINE
            figure.text(x / wide, 1 - y / high, caption, ha="center", va="top", fontsize=CAPTION_POINTS)
    figure.figimage(canvas)
    return figure


def _scaled(images: np.ndarray) -> np.ndarray:
    """Pictures (n, channels, height, width) in [0, 1] as they are drawn: (n, height, width, 3) uint8."""
    factor = max(1, round(SIDE / max(images.shape[2:])))
    pixels = np.rint(images.clip(0, 1) * 255).astype(np.uint8).transpose(0, 2, 3, 1)
    coloured = np.broadcast_to(pixels, (*pixels.shape[:3], 3))
    drawn: np.ndarray = coloured.repeat(factor, axis=1).repeat(factor, axis=2)
    return drawn


class _Size(NamedTuple):
    width: int
    height: int


def _size(texts: Iterable[str], points: int) -> _Size:
    """The pixels that the widest and the highest of these texts take."""
    page = Figure(dpi=DPI)
    renderer = RendererAgg(1, 1, DPI)  # type: ignore[no-untyped-call]
    written = [page.text(0, 0, text, fontsize=points, parse_math=False) for text in texts if text]
    extents = [text.get_window_extent(renderer) for text in written]
    return _Size(*(int(np.ceil(max((getattr(e, side) for e in extents), default=0))) for side in _Size._fields))
