"""The built-in sample: no download, the same bytes everywhere, for demos and tests. It is no substitute for real data.

photos: patches of 32 x 32 of the two photographs that ship with scikit-learn. avatars: a generated sheet of pixel faces
of 24 x 24 that goes through the same slicing as the CryptoPunks.
"""

from typing import TYPE_CHECKING, Literal

import numpy as np

from autoencoder.data.download import read_source
from autoencoder.data.kind import Loaded, SplitParams
from autoencoder.data.punks import encode_attributes
from autoencoder.data.slicing import SIDE, slice_sheet
from autoencoder.data.splitting import split_randomly, take
from autoencoder.storage.prepared import Split

if TYPE_CHECKING:
    import pandas as pd  # else imported where it is used, so that params are checked without it

PATCH = 32
# Pixels from one patch to the next. What is measured on overlaps less: a patch much like the last tells little new.
STRIDES = {"train": 10, "val": 16, "test": 16}
SHEET_SHAPE = (25, 40)  # avatars: rows, columns

SKINS = {"Light": (234, 203, 170), "Medium": (190, 140, 100), "Dark": (113, 71, 40), "none": (150, 170, 190)}
HAIR = {"Black Hair": (28, 24, 30), "Red Hair": (180, 66, 30), "Blonde Hair": (235, 205, 95)}
BLACK = (0, 0, 0)
HATS = ("Cap", "Beanie", "Headband")
EXTRAS = ("Shades", "Earring", "Smile", "Pipe")
# What each accessory paints: (top, left, height, width, colour) of a rectangle.
SHAPES: dict[str, tuple[tuple[int, int, int, int, tuple[int, int, int]], ...]] = {
    "Cap": ((4, 5, 4, 14, (140, 60, 190)), (7, 17, 1, 5, (140, 60, 190))),
    "Beanie": ((3, 6, 5, 12, (50, 90, 180)),),
    "Headband": ((7, 6, 2, 12, (220, 60, 60)),),
    "Shades": ((11, 7, 3, 10, (30, 30, 60)),),
    "Earring": ((15, 5, 2, 1, (250, 220, 60)),),
    "Smile": ((16, 14, 1, 1, BLACK),),
    "Pipe": ((17, 15, 1, 6, (130, 80, 40)),),
}


class Params(SplitParams):
    """`prepare.<name>` in params.yaml where kind is sample. The split's fractions are for the avatars.

    The photographs are cut by region: their left 70 % is train, the next 15 % val, the rest test.
    """

    picture: Literal["photos", "avatars"]


def load(name: str, params: Params) -> Loaded:
    """Photo patches (n, 3, 32, 32) or avatars (1000, 3, 24, 24) with their labels. Needs no network."""
    source = read_source(params.source)["description"]
    if params.picture == "photos":
        splits, labels = cut_photos(params.split_seed)
        return Loaded(splits, labels, source, sample=True)
    sheet, attributes = draw_sheet(params.split_seed)
    images = slice_sheet(sheet, SIDE)
    codes, names = encode_attributes(attributes)
    parts = split_randomly(len(images), params.test_fraction, params.val_fraction, params.split_seed)
    return Loaded(take(images, codes, parts), names, source, sample=True)


def cut_photos(seed: int) -> tuple[dict[str, Split], dict[str, list[str]]]:
    """Overlapping patches; train, val, test from regions that share no pixel. Labels: photo and third from the top."""
    from sklearn.datasets import load_sample_images

    photos = dict(zip(("china", "flower"), load_sample_images().images, strict=True))
    names = [f"{photo} {part}" for photo in photos for part in ("top", "middle", "bottom")]
    splits = {}
    for split, (left, right) in {"train": (0.0, 0.7), "val": (0.7, 0.85), "test": (0.85, 1.0)}.items():
        patches, codes, stride = [], [], STRIDES[split]
        for number, photo in enumerate(photos.values()):
            height, width = photo.shape[:2]
            for y in range(0, height - PATCH + 1, stride):
                for x in range(int(width * left), int(width * right) - PATCH + 1, stride):
                    patches.append(photo[y : y + PATCH, x : x + PATCH].transpose(2, 0, 1))
                    codes.append(3 * number + 3 * (y + PATCH // 2) // height)
        # Neighbors look alike: in a seeded order the first few, which the figures show, are a fair choice.
        order = np.random.default_rng(seed).permutation(len(patches))
        labels = {"place": np.array(codes, dtype=np.int64)[order]}
        splits[split] = Split(np.stack(patches)[order], np.arange(len(patches)), labels)
    return splits, {"place": names}


def draw_sheet(seed: int) -> tuple[np.ndarray, "pd.DataFrame"]:
    """A sheet (25 x 24, 40 x 24, 4) uint8 RGBA of avatars, and their attributes in the punks' columns."""
    import pandas as pd

    rng = np.random.default_rng(seed)
    rows, columns = SHEET_SHAPE
    sheet = np.zeros((rows * SIDE, columns * SIDE, 4), dtype=np.uint8)
    attributes = []
    for number in range(rows * columns):
        traits = draw_traits(rng)
        y, x = SIDE * (number // columns), SIDE * (number % columns)
        paint(sheet[y : y + SIDE, x : x + SIDE], traits, nose=int(rng.integers(2)))
        attributes.append(traits)
    return sheet, pd.DataFrame(attributes)


def draw_traits(rng: np.random.Generator) -> dict[str, str]:
    """One avatar's attributes, in the columns of the punks' table."""
    kind = "Human" if rng.random() < 0.9 else "Robot"
    skin = str(rng.choice(["Light", "Medium", "Dark"])) if kind == "Human" else ""
    worn = [str(rng.choice(list(HAIR)))]
    if rng.random() < 0.4:
        worn.append(str(rng.choice(HATS)))
    worn += [item for item in EXTRAS if rng.random() < 0.3]
    return {
        "type": kind,
        "gender": str(rng.choice(["Female", "Male"])),
        "skin tone": skin,
        "count": str(len(worn)),
        "accessories": " / ".join(worn),
    }


def paint(tile: np.ndarray, traits: dict[str, str], nose: int) -> None:
    """Draw an avatar into `tile` (24, 24, 4), in place; what stays untouched is transparent black."""
    worn = traits["accessories"].split(" / ")
    hair = next(colour for item, colour in HAIR.items() if item in worn)
    bottom = 21 if traits["gender"] == "Female" else 23

    def fill(top: int, left: int, height: int, width: int, colour: tuple[int, int, int]) -> None:
        tile[top : top + height, left : left + width] = (*colour, 255)

    fill(6, 6, 14, 12, BLACK)  # outline
    fill(7, 7, 12, 10, SKINS[traits["skin tone"] or "none"])
    fill(19, 8, 5, 5, SKINS[traits["skin tone"] or "none"])  # neck
    fill(5, 6, 3, 12, hair)
    if traits["gender"] == "Female":
        fill(6, 4, bottom - 8, 3, hair)
        fill(6, 17, bottom - 8, 3, hair)
    for left in (9, 14):
        fill(11, left, 2, 2, BLACK)
    fill(14, 11 + nose, 1, 2, BLACK)
    fill(17, 10, 1, 5, BLACK)
    for item in worn:
        for top, left, height, width, colour in SHAPES.get(item, ()):
            fill(top, left, height, width, colour)
