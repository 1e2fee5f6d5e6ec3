"""Many small pictures as one: an atlas, a picture a cell, row by row."""

import base64
from io import BytesIO

import numpy as np
from PIL import Image

MAX_SIDE = 4096  # pixels of the atlas: what every graphics card takes, a phone's too


def capacity(image_shape: tuple[int, int, int]) -> int:
    """How many images of this shape (channels, height, width) an atlas can hold."""
    return (MAX_SIDE // image_shape[1]) * (MAX_SIDE // image_shape[2])


def make_atlas(images: np.ndarray) -> tuple[str, int]:
    """Images (n, channels, height, width) uint8, 1 <= n <= `capacity` -> a lossless WebP as a data URI, about square,
    and how many stand in a row.
    """
    count, channels, height, width = images.shape
    assert 0 < count <= capacity((channels, height, width))
    fewest = -(-count // (MAX_SIDE // height))  # or there would be too many below each other
    columns = min(MAX_SIDE // width, max(fewest, int(np.ceil(np.sqrt(count * height / width)))))
    rows = -(-count // columns)
    cells = np.zeros((rows * columns, height, width, channels), np.uint8)
    cells[:count] = images.transpose(0, 2, 3, 1)
    grid = cells.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    whole = grid.reshape(rows * height, columns * width, channels)
    buffer = BytesIO()
    picture = Image.fromarray(whole[..., 0] if channels == 1 else whole)
    picture.save(buffer, "webp", lossless=True, exact=True, method=4, quality=80)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}", columns
