"""What holds for any input."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from autoencoder.config.params import parse
from autoencoder.config.runs import RunLine
from autoencoder.data import image_folder
from autoencoder.data.manifest import measure_manifest
from autoencoder.data.slicing import slice_sheet
from autoencoder.data.splitting import split_randomly
from autoencoder.models.base.value_range import to_bytes, to_range, to_unit
from autoencoder.storage.prepared import Manifest, write_prepared
from autoencoder.training.batches import count_batches, draw_batches
from autoencoder.training.schedules import half_cosine, straight, warmed_up
from autoencoder.ui.errors import UserError
from tests.recipes import recipe as make_recipe

RANGES = st.tuples(st.floats(-10, 9), st.floats(0.1, 10)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(rows=st.integers(1, 5), columns=st.integers(1, 5), side=st.integers(1, 7), seed=st.integers(0, 9))
def test_slicing_is_the_tutorials_double_loop(rows: int, columns: int, side: int, seed: int) -> None:
    sheet = np.random.default_rng(seed).integers(0, 256, (rows * side, columns * side, 4), dtype=np.uint8)
    expected = np.empty((rows * columns, 3, side, side), dtype=np.uint8)
    for i in range(rows):
        for j in range(columns):
            for channel in range(3):
                a, b, c, d = side * i, side * (i + 1), side * j, side * (j + 1)
                expected[j + i * columns, channel] = sheet[a:b, c:d, channel]
    assert np.array_equal(slice_sheet(sheet, side), expected)


@given(value_range=RANGES)
def test_every_byte_survives_the_range(value_range: tuple[float, float]) -> None:
    pixels = torch.arange(256, dtype=torch.uint8)
    numbers = to_range(pixels, value_range)
    assert torch.equal(to_bytes(numbers, value_range), pixels)
    assert abs(numbers[0].item() - value_range[0]) < 1e-4
    assert abs(numbers[-1].item() - value_range[1]) < 1e-4


@given(values=st.lists(st.floats(-1e6, 1e6, width=32), min_size=1), value_range=RANGES)
def test_shown_pictures_lie_in_zero_to_one(values: list[float], value_range: tuple[float, float]) -> None:
    shown = to_unit(torch.tensor(values), value_range)
    assert shown.min() >= 0
    assert shown.max() <= 1


@given(n=st.integers(10, 500), test=st.floats(0.05, 0.9), val=st.floats(0.05, 0.9), seed=st.integers(0, 99))
def test_splits_are_apart_and_whole(n: int, test: float, val: float, seed: int) -> None:
    try:
        parts = split_randomly(n, test, val, seed)
    except UserError:
        return  # a part would have been empty
    assert sorted(np.concatenate(list(parts.values())).tolist()) == list(range(n))
    assert abs(len(parts["test"]) - n * test) <= 0.5
    assert all(np.array_equal(part, split_randomly(n, test, val, seed)[name]) for name, part in parts.items())


@given(
    n=st.integers(1, 300),
    batch=st.integers(1, 50),
    drop=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
    epoch=st.integers(1, 999),
)
def test_an_epoch_shows_each_image_once(n: int, batch: int, drop: bool, seed: int, epoch: int) -> None:
    recipe = make_recipe(batch_size=batch, drop_last=drop)
    batches = [batch.rows for batch in draw_batches(n, recipe, seed, epoch)]
    assert len(batches) == count_batches(n, recipe)
    rows = torch.cat(batches).tolist() if batches else []
    assert len(rows) == len(set(rows)) == (n - n % batch if drop else n)
    assert all(0 <= row < n for row in rows)


@given(total=st.integers(1, 5000), warmup=st.floats(0, 0.99), step=st.integers(0, 5000))
def test_the_cosine_factor_stays_between_nothing_and_all(total: int, warmup: float, step: int) -> None:
    for fall in (half_cosine, straight):
        assert 0 <= warmed_up(min(step, total - 1), warmup * total, total, fall) <= 1


# What Linux allows in a name: any bytes but these two. A leading dot hides a folder.
FOLDER_NAMES = (
    (
        st.binary(min_size=1, max_size=60)
        | st.text(min_size=1, max_size=40).map(lambda text: text.encode("utf-8", "ignore"))
    )
    .map(lambda name: name.translate(None, b"/\0")[:255])
    .filter(lambda name: name and not name.startswith(b"."))
)


@settings(max_examples=30, deadline=None)
@given(folders=st.lists(FOLDER_NAMES, min_size=2, max_size=6, unique=True))  # of one all pictures would be the same
@example(folders=[b"caf\xe9", b"caf\\xe9", b"a$_$b", b" ", b"  ", b"\t", b"x" * 255, b"x" * 254 + b"y"])
def test_folders_of_any_names_are_prepared_with_as_many_labels(folders: list[bytes]) -> None:
    """Each folder has pictures of a shade of its own, by which its label is known again."""
    shades = {folder: 20 * number for number, folder in enumerate(folders)}
    with tempfile.TemporaryDirectory() as root:
        for folder, shade in shades.items():
            (Path(root) / os.fsdecode(folder)).mkdir()
            for number in range(-(-20 // len(folders))):
                Image.new("L", (8, 8), shade).save(Path(root) / os.fsdecode(folder) / f"{number}.png")
        params = image_folder.Params(
            kind="image_folder",
            source=root,
            value_range=[0.0, 1.0],
            split_seed=0,
            test_fraction=0.3,
            val_fraction=0.3,
            image_size=8,
        )
        loaded = image_folder.load("mine", params)
        manifest = Manifest("mine", "image_folder", loaded.source, False, (0.0, 1.0), loaded.labels, notes=loaded.notes)
        out = Path(root) / "prepared"
        write_prepared(out, loaded.splits, measure_manifest(manifest, loaded.splits))
        names = json.loads((out / "manifest.json").read_text())["labels"]["folder"]
    assert len(names) == len(set(names)) == len(folders)
    for name in names:
        assert name.encode("utf-8").decode("utf-8") == name
        assert name.isprintable()
        assert name == " ".join(name.split())
        assert 0 < len(name) <= 100
    shade_of: dict[str, int] = {}
    for split in loaded.splits.values():
        for image, code in zip(split.images, split.labels["folder"], strict=True):
            assert shade_of.setdefault(names[code], image[0, 0, 0]) == image[0, 0, 0]
    assert sorted(shade_of.values()) == sorted(shades.values())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200)
@given(value=JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(RunLine.model_fields, JSON)))
def test_any_value_is_a_run_or_one_line(value: Any) -> None:
    try:
        line = parse(RunLine, value, "runs.x")
    except UserError as error:
        assert str(error).startswith("params.yaml: runs.x")
        assert "\n" not in str(error).replace("\\n", "")
    else:
        assert line.latent_dim >= 1
