"""How errors are distributed over test images, against pandas and by hand."""

import numpy as np
import pandas as pd
import pytest

from autoencoder.stages.evaluate.distribution import choose, distribute, histogram
from autoencoder.stages.evaluate.evaluation import ImageErrors
from autoencoder.storage.prepared import Manifest, Split

RNG = np.random.default_rng(0)
COUNT = 200
NAMES = {"class": ["bird", "cat", "none of these"], "worn": ["hat", "pipe"], "one": ["all"]}
MANIFEST = Manifest("photos", "sample", "tests", True, (-1.0, 1.0), NAMES)
TEST = Split(
    np.zeros((COUNT, 1, 1, 1), np.uint8),
    np.arange(COUNT) * 7 + 3,
    {"class": RNG.integers(0, 2, COUNT), "worn": RNG.integers(0, 2, (COUNT, 2)), "one": np.zeros(COUNT, np.int64)},
)
ERRORS = ImageErrors(RNG.gamma(2.0, 10.0, COUNT), RNG.normal(25.0, 3.0, COUNT), RNG.random(COUNT))
ROWS = distribute(ERRORS, TEST, MANIFEST)


def of_kind(kind: str) -> list[dict]:
    return [row for row in ROWS if row["kind"] == kind]


def test_each_class_has_its_own_row_as_pandas_counts() -> None:
    table = pd.DataFrame({"class": TEST.labels["class"], "sse": ERRORS.sse, "psnr": ERRORS.psnr_db})
    everyone, *classes = of_kind("group")
    assert (everyone["name"], everyone["num_images"]) == ("all", COUNT)
    assert everyone["sse"] == pytest.approx(table["sse"].mean(), rel=1e-5)
    assert [(row["label"], row["name"]) for row in classes] == [("class", "bird"), ("class", "cat")]
    for code, row in enumerate(classes):
        own = table[table["class"] == code]
        assert row["num_images"] == len(own)
        assert row["sse"] == pytest.approx(own["sse"].mean(), rel=1e-5)
        assert row["psnr_db"] == pytest.approx(own["psnr"].mean(), rel=1e-5)
        for percent in (0, 5, 25, 50, 75, 95, 100):
            assert row[f"psnr_db_{percent}"] == pytest.approx(own["psnr"].quantile(percent / 100), rel=1e-5)


def test_every_image_is_in_one_bin() -> None:
    bins = of_kind("bin")
    assert sum(row["num_images"] for row in bins) == COUNT
    starts = [row["psnr_db"] for row in bins]
    assert starts == list(range(starts[0], starts[-1] + 1))
    for row in bins:
        inside = (ERRORS.psnr_db >= row["psnr_db"]) & (ERRORS.psnr_db < row["psnr_db"] + 1)
        assert row["num_images"] == inside.sum()
    assert histogram(np.array([-0.5, 0.0, 2.0])) == [
        {"psnr_db": -1, "num_images": 1},
        {"psnr_db": 0, "num_images": 1},
        {"psnr_db": 1, "num_images": 0},
        {"psnr_db": 2, "num_images": 1},
    ]


def test_the_easiest_the_middle_and_the_hardest_are_shown() -> None:
    shown = of_kind("shown")
    ranked = sorted(range(COUNT), key=lambda row: ERRORS.sse[row])
    expected = {"easiest": ranked[:4], "median": ranked[98:102], "hardest": ranked[-4:]}
    for which, rows in expected.items():
        found = [row for row in shown if row["which"] == which]
        assert [row["row"] for row in found] == rows
        assert [row["index"] for row in found] == [7 * row + 3 for row in rows]
        assert [row["sse"] for row in found] == [pytest.approx(ERRORS.sse[row], rel=1e-5) for row in rows]


def test_of_few_images_all_are_shown() -> None:
    assert {which: list(rows) for which, rows in choose(np.array([3.0, 1.0])).items()} == {
        "easiest": [1, 0],
        "median": [1, 0],
        "hardest": [1, 0],
    }
