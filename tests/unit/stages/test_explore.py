"""What the explorer's page holds: numbers as text, thumbnails as one picture, neighbors."""

import base64
import importlib
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autoencoder.config.explorer import MOST_IMAGES
from autoencoder.config.params import load_params
from autoencoder.config.runs import Run
from autoencoder.measures.pca import Projection
from autoencoder.stages.explore.atlas import MAX_SIDE, capacity, make_atlas
from autoencoder.stages.explore.explorer import (
    MOST_PCA,
    NUM_NEIGHBORS,
    _labels,
    _linear,
    gather,
    most_shown,
    most_telling,
    others_nearest,
    run_with_encoder,
)
from autoencoder.stages.explore.packing import BLOCK, packed, packed_in_blocks, packed_in_bytes
from autoencoder.stages.explore.page import MOST_BYTES, PAGE, render
from autoencoder.storage.prepared import Manifest, Split
from autoencoder.tools import whole_explorer
from autoencoder.ui.errors import UserError
from tests.conftest import PROJECT, write_params


def unpacked(text: str, dtype: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype)


@pytest.mark.parametrize("shape", [(1, 3, 8, 8), (7, 3, 4, 6), (10, 1, 5, 5), (300, 3, 2, 3)])
def test_an_atlas_has_each_picture_in_its_cell(shape: tuple[int, int, int, int]) -> None:
    images = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    text, columns = make_atlas(images)
    kind, data = text.split(",", 1)
    assert kind == "data:image/webp;base64"
    whole = np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"))
    count, channels, height, width = shape
    for number in range(count):
        top, left = number // columns * height, number % columns * width
        cell = whole[top : top + height, left : left + width].transpose(2, 0, 1)
        assert np.array_equal(cell[:channels], images[number])


def test_an_atlas_holds_what_it_says() -> None:
    shape = (1, 700, 1500)
    assert capacity(shape) == 10
    text, columns = make_atlas(np.zeros((10, *shape), np.uint8))
    size = Image.open(io.BytesIO(base64.b64decode(text.split(",", 1)[1]))).size
    assert columns == 2
    assert size == (3000, 3500)
    assert max(size) <= MAX_SIDE


def test_halves_do_not_overflow() -> None:
    assert unpacked(packed(np.array([1e9, -1e9, 0.5]), "<f2"), "<f2").tolist() == [65504, -65504, 0.5]


def test_bytes_are_within_half_a_step() -> None:
    columns = np.random.default_rng(0).normal(size=(50, 3)) * [1, 100, 0]
    made = packed_in_bytes(columns)
    low, step = unpacked(made["low"], "<f4"), unpacked(made["step"], "<f4")
    again = low + step * unpacked(made["values"], "u1").reshape(columns.shape)
    assert np.all(np.abs(again - columns) <= 0.5001 * step)
    assert step == pytest.approx([*(np.ptp(columns[:, :2], axis=0) / 255), 1])


@pytest.mark.parametrize("count", [1, BLOCK, 3 * BLOCK + 5])
def test_blocks_are_within_a_hundredth_of_their_largest(count: int) -> None:
    values = np.random.default_rng(0).normal(size=count) * np.geomspace(1e-3, 10, count)
    values[: BLOCK // 2] = 0
    made = packed_in_blocks(values)
    scales = unpacked(made["scales"], "<f2").astype(float).repeat(BLOCK)[:count]
    again = unpacked(made["values"], "i1") * scales
    assert len(again) == count
    for start in range(0, count, BLOCK):
        block = slice(start, start + BLOCK)
        assert np.abs(again[block] - values[block]).max() <= 0.01 * np.abs(values[block]).max()


def test_neighbors_are_others_even_among_the_same() -> None:
    vectors = np.array([[0.0], [0.0], [5.0], [7.0]])
    made = others_nearest(vectors)
    rows = unpacked(made["rows"], "<u2").reshape(4, NUM_NEIGHBORS)
    distances = unpacked(made["distances"], "<f2").reshape(4, NUM_NEIGHBORS)
    assert rows[:, :3].tolist() == [[1, 2, 3], [0, 2, 3], [3, 0, 1], [2, 0, 1]]
    assert distances[:, 0].tolist() == [0, 0, 2, 2]
    assert np.array_equal(rows[:, 3:6], rows[:, :3])  # as many as there should be


def test_neighbors_are_right_among_as_many_as_a_page_may_have() -> None:
    """On a line the nearest eight are the four on either side."""
    places = np.random.default_rng(0).permutation(MOST_IMAGES)
    made = others_nearest(places[:, None])
    rows = unpacked(made["rows"], "<u2").reshape(MOST_IMAGES, NUM_NEIGHBORS)
    assert rows.max() == MOST_IMAGES - 1
    inner = (places >= 4) & (places < MOST_IMAGES - 4)
    away = np.sort(places[rows[inner]] - places[inner, None], axis=1)
    assert (away == [-4, -3, -2, -1, 1, 2, 3, 4]).all()


@pytest.mark.parametrize("shape", [(3, 32, 32), (3, 24, 24), (3, 64, 64)])
def test_an_atlas_of_all_is_one_that_every_graphics_card_takes(shape: tuple[int, int, int]) -> None:
    count = min(MOST_IMAGES, capacity(shape))
    assert (count == MOST_IMAGES) == (shape[1] <= 32)
    text, columns = make_atlas(np.zeros((count, *shape), np.uint8))
    size = Image.open(io.BytesIO(base64.b64decode(text.split(",", 1)[1]))).size
    assert max(size) <= MAX_SIDE
    assert columns * (size[1] // shape[1]) >= count


def make_run(name: str, latent_dim: int, nested: bool = False) -> Run:
    return Run(name, "photos", "dense", {}, latent_dim, {}, 0, "cpu", nested=nested)  # type: ignore[arg-type]


def test_the_encoder_is_the_largest_nested_runs_or_the_largest() -> None:
    plain, large = make_run("plain", 8), make_run("large", 64)
    assert run_with_encoder([plain, large]) is large
    nested = make_run("nested", 16, nested=True)
    assert run_with_encoder([plain, nested, large]) is nested


def test_what_the_page_holds_cannot_end_its_element() -> None:
    page = render({"title": "</script><b>", "sample": False, "datasets": ["<!--<script>"]}).decode()
    (data,) = re.findall(r'<script id="data" type="application/json">(.*?)</script>', page)
    assert json.loads(data)["datasets"] == ["<!--<script>"]
    assert "<b>" not in page
    assert not re.search(r"(src|href)=.?https?:", page)


def test_flags_are_labels_of_two_names_each() -> None:
    """Those that some of the images have: the page filters and colours by them as by any label."""
    worn = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1]], dtype=np.uint8)
    images = np.zeros((4, 3, 2, 2), np.uint8)
    test = Split(images, np.arange(4), {"kind": np.array([0, 1, 0, 1]), "worn": worn})
    names = {"kind": ["a", "b"], "worn": ["Cap", "Pipe", "Wig"]}
    manifest = Manifest("set", "sample", "tests", True, (0.0, 1.0), names)
    made = [*_labels(test, np.array([2, 1]), manifest)]
    assert [(label["label"], label["names"]) for label in made] == [
        ("kind", ["a", "b"]),
        ("worn: Cap", ["no Cap", "Cap"]),
        ("worn: Pipe", ["no Pipe", "Pipe"]),
    ]
    assert [label["group"] for label in made] == [None, "worn", "worn"]
    assert [label["codes"].tolist() for label in made] == [[0, 1], [1, 0], [1, 1]]


def test_the_label_to_begin_with_is_the_one_that_divides_most() -> None:
    codes = ([0, 0, 0, 1], [2, 0, 1, 1], [1, 0, 1, 0])
    assert most_telling([{"codes": np.array(each)} for each in codes]) == 1
    assert most_telling([]) == 0


def test_a_run_to_be_left_out_has_to_be_there(in_project: Path) -> None:
    params = load_params()
    write_params(Path(), params | {"explore": {"study": {"title": "t", "num_images": 2, "leave_out": ["gone"]}}})
    with pytest.raises(UserError, match=r"explore.study.leave_out: 'gone' is no run"):
        gather("study")
    everything = list(params["runs"])
    write_params(Path(), params | {"explore": {"study": {"title": "t", "num_images": 2, "leave_out": everything}}})
    assert gather("study")["datasets"] == []


def test_a_page_too_heavy_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    explore = importlib.import_module("explore")
    monkeypatch.setattr(explore, "gather", lambda _: {"datasets": []})
    monkeypatch.setattr(explore, "render", lambda _: b"x" * 30)
    for most, told in ((30, False), (29, True)):
        monkeypatch.setattr(explore, "MOST_BYTES", most)
        explore.main("study")
        assert ("explore.study: fewer num_images" in capsys.readouterr().err) == told


def test_the_studys_own_page_is_light_enough() -> None:
    assert (PROJECT / PAGE).stat().st_size <= MOST_BYTES


def test_all_images_are_for_this_machine_alone(in_project: Path) -> None:
    assert str(whole_explorer.PAGE) != PAGE.name
    assert f"/{whole_explorer.PAGE}" in (PROJECT / ".gitignore").read_text().split()
    write_params(Path(), load_params() | {"explore": {}})
    with pytest.raises(UserError, match=r"params.yaml: explore: names no explorer; add one"):
        whole_explorer.main()


def test_a_page_of_large_pictures_has_fewer_of_them_and_of_their_components() -> None:
    """Those of up to 64 pixels a side are all there, as many as an atlas holds."""
    assert most_shown((3, 32, 32)) == capacity((3, 32, 32)) >= 10_000
    assert most_shown((3, 64, 64)) == capacity((3, 64, 64)) == 4096
    assert most_shown((1, 128, 128)) == 250
    assert most_shown((3, 256, 64)) == 250
    assert most_shown((3, 256, 256)) == 62
    for num_inputs, count in ((12_288, 256), (196_608, 20)):
        linear = Projection(np.zeros(num_inputs), np.eye(256, num_inputs))
        images = np.zeros((2, 3, 1, num_inputs // 3), np.uint8)
        assert _linear(linear, images, 256)["count"] == count
        assert count * num_inputs <= MOST_PCA
