"""A mistake in a command is told before the libraries come that take seconds: here they would end the process."""

from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import Run

SLOW = ("torch", "matplotlib", "pandas", "sklearn", "scipy")
WEIGHTS, TRAIN, VAL = (
    "models/tiny-8/weights.safetensors",
    "data/embeddings/tiny-8/train.npz",
    "data/embeddings/tiny-8/val.npz",
)


@pytest.fixture
def ready(small_photos: Path) -> Path:
    """All that search asks for is there, if empty, but for the libraries."""
    for name in (WEIGHTS, TRAIN, VAL, *(f"no/{library}.py" for library in SLOW)):
        path = small_photos / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"raise SystemExit('{path.stem} was imported')")
    Image.new("RGB", (40, 30)).save(small_photos / "mine.png")
    (small_photos / "text.png").write_text("no picture")
    return small_photos


@pytest.mark.parametrize(
    ("missing", "arguments", "message"),
    [
        ("", ("--run", "tiny-8", "none.png"), "none.png: cannot be read as a picture (No such file or directory)"),
        ("", ("--run", "tiny-8", "text.png"), "text.png: cannot be read as a picture (no image)"),
        ("", ("--run", "tiny-8", "models"), "models: cannot be read as a picture (Is a directory)"),
        ("", ("--run", "tiny-9", "mine.png"), "params.yaml: no run is called 'tiny-9'; there is: tiny-8, avatars-108"),
        ("", ("--run", "tiny-8", "--out", "a.jpg", "mine.png"), "a.jpg: pictures are written as PNG; name it a.png"),
        (
            WEIGHTS,
            ("--run", "tiny-8", "mine.png"),
            f"{WEIGHTS} is missing; train it (python src/train.py tiny-8) or: make weights",
        ),
        (TRAIN, ("--run", "tiny-8", "mine.png"), f"{TRAIN} is missing; make it first: python src/embed.py tiny-8"),
        (VAL, ("--run", "tiny-8", "mine.png"), f"{VAL} is missing; make it first: python src/embed.py tiny-8"),
        (
            "data/prepared/photos/val.npz",
            ("--run", "tiny-8", "mine.png"),
            "data/prepared/photos/val.npz is missing; make it first: python src/prepare.py photos",
        ),
        (
            "data/prepared/photos/manifest.json",
            ("--run", "tiny-8", "mine.png"),
            "data/prepared/photos/manifest.json is missing; make it first: python src/prepare.py photos",
        ),
    ],
)
def test_search_tells_mistakes_at_once(
    ready: Path, run: Run, missing: str, arguments: tuple[str, ...], message: str
) -> None:
    if missing:
        (ready / missing).unlink()
    done = run(ready, "search", *arguments, PYTHONPATH=str(ready / "no"))
    assert done.returncode == 1
    assert done.stderr.removeprefix("search: error: ") == f"{message}\n"


def test_the_libraries_come_when_all_is_there(ready: Path, run: Run) -> None:
    done = run(ready, "search", "--run", "tiny-8", "mine.png", PYTHONPATH=str(ready / "no"))
    assert done.stderr.endswith("was imported\n")
