"""Small pictures of a data set on one large one, each once: a page that shows them many times carries them once."""

import base64
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
from PIL import Image

COLUMNS = 32  # pictures in a row of an atlas


@dataclass(frozen=True)
class Cell:
    """Where a picture is on its atlas, in the atlas's pixels."""

    x: int
    y: int


@dataclass
class Atlas:
    """Pictures of (channels, height, width) uint8, at most `side` high and wide, a cell each, the same picture once; a
    rectangle lies in the middle of its cell. `id` names it on the page.
    """

    id: str
    side: int
    _images: list[np.ndarray] = field(default_factory=list)
    _places: dict[bytes, int] = field(default_factory=dict)

    def add(self, image: np.ndarray) -> Cell:
        """The cell of a picture."""
        key = image.tobytes()
        if key not in self._places:
            self._places[key] = len(self._images)
            self._images.append(image)
        place = self._places[key]
        return Cell(self.side * (place % COLUMNS), self.side * (place // COLUMNS))

    @property
    def width(self) -> int:
        """In pixels."""
        return self.side * min(COLUMNS, max(1, len(self._images)))

    @property
    def height(self) -> int:
        """In pixels."""
        return self.side * -(-len(self._images) // COLUMNS)

    @property
    def source(self) -> str:
        """A lossless picture as a data URI."""
        page = np.full((self.height, self.width, 3), 255, np.uint8)
        for place, image in enumerate(self._images):
            _, height, width = image.shape
            y = self.side * (place // COLUMNS) + (self.side - height) // 2
            x = self.side * (place % COLUMNS) + (self.side - width) // 2
            page[y : y + height, x : x + width] = image.transpose(1, 2, 0)  # one channel is spread over three
        buffer = BytesIO()
        Image.fromarray(page).save(buffer, "webp", lossless=True, exact=True, method=4, quality=80)
        return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
