"""Folders of pictures that a study of one's own is tried on: `python -m tests.folders TARGET` makes three in TARGET.

shapes: 300 drawn ones, three sub-folders as labels; docs/own-pictures.png is the first screen of their report. cuts:
2,000 of 64 x 64 of the two photographs that ship with scikit-learn. cifar600: 600 test images of CIFAR-10, where it is
prepared. Whole studies of them take minutes each: the tests take fewer pictures, and train hardly anything.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

KINDS = ("circles", "squares", "triangles")
SHAPE_SIDE, CUT_SIDE = 48, 64
NUM_SHAPES, NUM_CUTS, NUM_CIFAR = 300, 2000, 600
CIFAR = Path("data/prepared/cifar10/test.npz")


def draw_shapes(folder: Path, number: int = NUM_SHAPES) -> Path:
    """Circles, squares and triangles of any colour on a light ground, a sub-folder each."""
    rng = np.random.default_rng(0)
    for place in range(number):
        kind = KINDS[place % len(KINDS)]
        image = Image.new("RGB", (SHAPE_SIDE, SHAPE_SIDE), tuple(int(value) for value in rng.integers(200, 256, 3)))
        colour = tuple(int(value) for value in rng.integers(0, 180, 3))
        (x, y), radius = (int(value) for value in rng.integers(14, 34, 2)), int(rng.integers(6, 13))
        left, right, top, bottom = x - radius, x + radius, y - radius, y + radius
        pencil = ImageDraw.Draw(image)
        if kind == "circles":
            pencil.ellipse((left, top, right, bottom), fill=colour)
        elif kind == "squares":
            pencil.rectangle((left, top, right, bottom), fill=colour)
        else:
            pencil.polygon([(x, top), (left, bottom), (right, bottom)], fill=colour)
        path = folder / kind / f"{place:03}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save(path)
    return folder


def cut_photographs(folder: Path, number: int = NUM_CUTS) -> Path:
    """Squares from anywhere in the two photographs, as JPEG, without labels."""
    from sklearn.datasets import load_sample_images

    rng = np.random.default_rng(0)
    photos = dict(zip(("china", "flower"), load_sample_images().images, strict=True))
    folder.mkdir(parents=True, exist_ok=True)
    for place in range(number):
        name, photo = list(photos.items())[place % 2]
        y, x = (int(rng.integers(0, side - CUT_SIDE)) for side in photo.shape[:2])
        image = Image.fromarray(photo[y : y + CUT_SIDE, x : x + CUT_SIDE])
        image.save(folder / f"{name}-{place:04}.jpg", quality=92)
    return folder


def write_cifar(folder: Path, prepared: Path = CIFAR, number: int = NUM_CIFAR) -> Path:
    """The first test images of CIFAR-10 as files."""
    with np.load(prepared) as arrays:
        images = arrays["images"][:number]
    folder.mkdir(parents=True, exist_ok=True)
    for place, image in enumerate(images):
        Image.fromarray(image.transpose(1, 2, 0)).save(folder / f"{place:03}.png")
    return folder


def main() -> None:
    """Make the three, or two where CIFAR-10 is not prepared."""
    parser = argparse.ArgumentParser(prog="python -m tests.folders", description=__doc__)
    parser.add_argument("target", type=Path)
    target = parser.parse_args().target
    made = [draw_shapes(target / "shapes"), cut_photographs(target / "cuts")]
    if CIFAR.exists():
        made.append(write_cifar(target / "cifar600"))
    print("\n".join(map(str, made)))


if __name__ == "__main__":
    main()
