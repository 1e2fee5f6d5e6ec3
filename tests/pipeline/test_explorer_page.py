"""The explorer in a real browser, with real pointer events: right pictures, right networks, nothing leaves the page."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image

import map as map_stage
from autoencoder.data.manifest import measure_manifest
from autoencoder.inference.decoding import decode_images
from autoencoder.inference.embeddings import create_embeddings
from autoencoder.inference.trained_run import load_trained
from autoencoder.models.base.nested import keep_first
from autoencoder.stages.explore.explorer import gather
from autoencoder.stages.explore.page import render
from autoencoder.storage.latents import write_latents
from autoencoder.storage.prepared import SPLITS, Manifest, Split, read_split, write_prepared
from autoencoder.tools import whole_explorer
from benchmarks.explorer import measure
from tests.browser import CHROMIUM, needs_chromium
from tests.conftest import PROJECT, origin, tiny_params, write_initial_weights, write_params

pytestmark = needs_chromium

COUNT, CLASSES, KINDS, WORN = 60, ["bird", "cat", "dog"], ["Alien", "Human"], ["Cap", "Pipe", "Wig"]
LARGER = 3.2  # weights than at the start: the latents are then to be seen in what is drawn
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def smooth_pictures(count: int, seed: int) -> np.ndarray:
    """Pictures of 32 x 32 that differ: four colours each, in 16 x 16."""
    cells = np.random.default_rng(seed).integers(0, 256, (count, 3, 2, 2), dtype=np.uint8)
    return cells.repeat(16, axis=2).repeat(16, axis=3)


@pytest.fixture(scope="module")
def explorer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The page of two small runs, one nested; its folder is the working directory."""
    folder = tmp_path_factory.mktemp("explorer")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("DVC_ROOT", str(folder))
        (folder / "src").symlink_to(PROJECT / "src")  # whose scripts say what sections there are
        make_study(folder)
        page = folder / "explorer.html"
        page.write_bytes(render(gather("study")))
        yield page


def make_study(folder: Path) -> None:
    params = tiny_params()
    line = params["runs"]["tiny-8"]
    params["runs"] = {"nested-8": {**line, "nested": True}, "plain-4": {**line, "latent_dim": 4}}
    params["prepare"] = {"photos": params["prepare"]["photos"]}
    params["explore"] = {"study": {"title": "How many <numbers>?", "num_images": COUNT}}
    write_params(folder, params)
    rng = np.random.default_rng(0)
    splits = {}
    for seed, (name, count) in enumerate({"train": 50, "val": 10, "test": COUNT + 6}.items()):
        # Nearly all of one kind, as among the punks; nobody has a wig.
        labels = {"kind": np.minimum(1, np.arange(count)), "class": rng.integers(0, len(CLASSES), count)}
        labels["worn"] = rng.integers(0, [3, 2, 1], (count, len(WORN))) > 0
        splits[name] = Split(smooth_pictures(count, seed), 500 + rng.permutation(count), labels)
    names = {"kind": KINDS, "class": CLASSES, "worn": WORN}
    manifest = Manifest("photos", "sample", "tests", True, (-1.0, 1.0), names, made_from=origin("photos"))
    write_prepared(Path("data/prepared/photos"), splits, measure_manifest(manifest, splits))
    for run in params["runs"]:
        write_initial_weights(run, times=LARGER)
        trained = load_trained(run)
        for name in SPLITS:
            split = read_split("photos", name)
            write_latents(
                run, name, create_embeddings(trained, split.images), split, trained.weights_sha256, trained.manifest
            )
        map_stage.main(run)


VIEWS = pytest.mark.parametrize(
    "page", [{}, {"viewport": PHONE, "color_scheme": "dark"}], ids=["desk", "phone"], indirect=True
)


@pytest.fixture
def page(browser: Any, explorer: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """As on a desk; with VIEWS also on a phone, in the dark."""
    opened, problems = visit(browser, explorer.as_uri(), **getattr(request, "param", {}))
    yield opened
    assert problems == []
    opened.close()


def visit(browser: Any, address: str, **options: Any) -> tuple[Any, list[str]]:
    """An open explorer, and what it complained of or asked the network for until now."""
    page = browser.new_page(**{"viewport": DESKTOP, **options})
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "request",
        lambda request: (
            problems.append(request.url) if request.url.split(":")[0] not in ("data", "blob", "file") else None
        ),
    )
    page.goto(address)
    page.wait_for_selector("html[data-ready=true]", timeout=60_000)
    return page, problems


def shown_rows() -> tuple[Split, np.ndarray]:
    """The test split, and which of its rows the page has, in order."""
    test = read_split("photos", "test")
    rows = np.sort(np.random.default_rng(0).permutation(len(test.images))[:COUNT])
    return test, rows


def images() -> np.ndarray:
    test, rows = shown_rows()
    chosen: np.ndarray = test.images[rows]
    return chosen


def place_of(page: Any, row: int) -> tuple[float, float]:
    """Where a picture's middle is on the screen."""
    left, top = page.evaluate("(row) => plane.placeOf(row)", row)
    box = page.locator("#plane").bounding_box()
    return box["x"] + left, box["y"] + top


def pixels_of(page: Any, selector: str) -> np.ndarray:
    """What the picture canvases show: (n, 3, height, width) uint8."""
    found = page.eval_on_selector_all(
        selector,
        """(all) => all.map((c) => {
             const {data} = c.getContext("2d").getImageData(0, 0, c.width, c.height);
             return [c.height, c.width, Array.from(data)];
           })""",
    )
    return np.array([np.array(data, np.uint8).reshape(h, w, 4)[..., :3].transpose(2, 0, 1) for h, w, data in found])


def zoom_to(page: Any, row: int) -> np.ndarray:
    """The picture of a row as the map draws it when near: (3, 128, 128) uint8."""
    page.evaluate("(row) => { plane.view.zoom = 60; plane.centre(row); }", row)
    page.wait_for_timeout(200)
    box = page.locator("#plane").bounding_box()
    left, top = box["x"] + box["width"] / 2 - 64, box["y"] + box["height"] / 2 - 64
    shot = page.screenshot(clip={"x": left, "y": top, "width": 128, "height": 128})
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).transpose(2, 0, 1)


def assert_drawn(page: Any, row: int) -> None:
    """The map shows the row's picture."""
    expected = images()[row].repeat(4, axis=1).repeat(4, axis=2)
    drawn = zoom_to(page, row)
    inner = np.r_[20:44, 84:108]  # without the frame, and the edges of the four cells
    seen, wanted = (picture[:, inner][:, :, inner].astype(int) for picture in (drawn, expected))
    assert np.abs(seen - wanted).max() <= 2


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_without_a_complaint_and_asks_nobody(
    browser: Any, explorer: Path, scheme: str, viewport: dict
) -> None:
    page, problems = visit(browser, explorer.as_uri(), color_scheme=scheme, viewport=viewport)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.locator("h1").inner_text() == "How many <numbers>?"
    assert (
        page.locator("#count").inner_text() == f"{COUNT} of {COUNT} pictures shown, drawn from {COUNT + 6} test images"
    )
    page.mouse.click(*place_of(page, 7))
    page.wait_for_selector("#found canvas")
    assert problems == []
    page.close()


@VIEWS
def test_the_map_draws_each_row_its_picture_whatever_is_filtered(page: Any) -> None:
    test, rows = shown_rows()
    codes = test.labels["class"][rows]
    page.get_by_label("bird").uncheck()
    assert (
        page.locator("#count").inner_text()
        == f"{(codes > 0).sum()} of {COUNT} pictures shown, drawn from {COUNT + 6} test images"
    )
    for row in np.flatnonzero(codes > 0)[[0, 5, -1]]:
        assert_drawn(page, int(row))
    hidden = int(np.flatnonzero(codes == 0)[0])
    page.evaluate("() => { plane.view = {x: 0.5, y: 0.5, zoom: 1}; plane.draw(); }")
    assert page.evaluate("(row) => plane.at(...plane.placeOf(row)) === row", hidden) is False


@VIEWS
def test_a_click_shows_the_picture_and_its_nearest_by_every_code(page: Any) -> None:
    row = 11
    page.evaluate("(row) => { plane.view.zoom = 30; plane.centre(row); }", row)
    page.wait_for_timeout(100)
    page.mouse.click(*place_of(page, row))
    test, rows = shown_rows()
    assert page.locator("#picked figcaption").first.inner_text().endswith(f"test {test.index[rows[row]]}")
    original, by_network, _ = pixels_of(page, "#picked canvas")
    assert np.array_equal(original, images()[row])
    trained = load_trained("nested-8")
    drawn = decode_images(trained, create_embeddings(trained, images()[row : row + 1]))[0]
    assert np.abs(by_network.astype(int) - 255 * drawn).max() <= 1
    headings = page.locator("#found h3").all_inner_texts()
    assert headings == ["by nested-8", "by PCA", "by pixels"]
    flat = images().reshape(COUNT, -1).astype(float)
    away = np.linalg.norm(flat - flat[row], axis=1)
    away[row] = np.inf
    found = pixels_of(page, "#found .code:nth-child(3) canvas")
    assert np.array_equal(found, images()[np.argsort(away, kind="stable")[:8]])
    latents = create_embeddings(trained, images()).astype(float)
    away = np.linalg.norm(latents - latents[row], axis=1)
    away[row] = np.inf
    assert np.array_equal(
        pixels_of(page, "#found .code:nth-child(1) canvas"), images()[np.argsort(away, kind="stable")[:8]]
    )


def test_the_network_in_the_page_is_pytorchs_on_twenty_images(page: Any) -> None:
    trained = load_trained("nested-8")
    expected = create_embeddings(trained, images()[:20])
    found = np.array(
        page.evaluate("() => Array.from({length: 20}, (_, row) => Array.from(run().encode(current.picture(row))))")
    )
    assert np.abs(found - expected).max() < 3e-3 * np.abs(expected).max()
    for kept in (8, 3):
        drawn = page.evaluate(
            "([latents, kept]) => latents.map((z) => Array.from(run().decode(Float32Array.from(z), kept)))",
            [expected.tolist(), kept],
        )
        with torch.inference_mode():
            seen = trained.model.decoder(keep_first(torch.from_numpy(expected).double(), kept))
        shown = ((seen.numpy() + 1) / 2).clip(0, 1).reshape(20, -1)
        assert np.abs(np.array(drawn) - shown).max() <= 1 / 255
    again = page.evaluate(
        "() => Array.from({length: 20}, (_, row) => Array.from(run().decode(run().encode(current.picture(row)))))"
    )
    whole = decode_images(trained, expected).reshape(20, -1)
    assert np.abs(np.array(again) - whole).max() <= 1 / 255


def test_a_decoder_in_bytes_draws_nearly_the_same(page: Any) -> None:
    page.locator("#run").select_option("0")
    drawn = page.evaluate("() => Array.from({length: 20}, (_, row) => Array.from(run().decode(run().latents(row))))")
    trained = load_trained("plain-4")
    whole = decode_images(trained, create_embeddings(trained, images()[:20])).reshape(20, -1)
    assert np.abs(np.array(drawn) - whole).mean() <= 1 / 255


def test_the_error_told_is_the_one_measured(page: Any) -> None:
    trained = load_trained("nested-8")
    drawn = decode_images(trained, create_embeddings(trained, images()))
    mse = np.square(drawn.astype(float) - images() / 255).reshape(COUNT, -1).mean(axis=1)
    expected = -10 * np.log10(mse)
    assert np.abs(np.array(page.evaluate("Array.from(run().psnr)")) - expected).max() < 0.01
    page.mouse.click(*place_of(page, 11))
    row = page.evaluate("state.picked")
    assert page.locator("#picked figcaption").nth(1).inner_text() == f"nested-8\n{expected[row]:.1f} dB"


@VIEWS
def test_the_slider_keeps_fewer_numbers_of_network_and_pca(page: Any) -> None:
    page.mouse.click(*place_of(page, 4))
    before = pixels_of(page, "#picked canvas")
    page.locator("#kept").focus()
    page.keyboard.press("Home")
    told = page.locator("#amount").inner_text()
    assert told == "1 number, 0.0326 % of the picture's 3,072; 1 byte if each is rounded to one"
    page.keyboard.press("ArrowRight")
    told = page.locator("#amount").inner_text()
    assert told == "2 numbers, 0.0651 % of the picture's 3,072; 2 bytes if each is rounded to one"
    after = pixels_of(page, "#picked canvas")
    assert np.array_equal(before[0], after[0])
    assert not np.array_equal(before[1], after[1])
    assert not np.array_equal(before[2], after[2])
    page.locator("#run").select_option("0")
    assert page.locator("#kept-row").is_hidden()


@VIEWS
def test_a_lasso_selects_and_the_selection_is_exported(page: Any) -> None:
    box = page.locator("#plane").bounding_box()
    page.get_by_role("button", name="Lasso").click()
    left, top, right, bottom = box["x"] + 5, box["y"] + 5, box["x"] + box["width"] * 0.55, box["y"] + box["height"] - 5
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom)):
        page.mouse.move(x, y, steps=4)
    page.mouse.up()
    inside = [row for row in range(COUNT) if left < place_of(page, row)[0] < right]
    assert 0 < len(inside) < COUNT
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    table = pd.read_csv(download.value.path())
    test, rows = shown_rows()
    assert table["id"].tolist() == test.index[rows[inside]].tolist()
    assert table["class"].tolist() == [CLASSES[code] for code in test.labels["class"][rows[inside]]]
    assert page.evaluate("document.querySelector('#run').value") == "1"
    page.locator("#map").select_option("pca")  # another map of the same pictures
    assert page.evaluate("state.selected.size") == len(inside)


@VIEWS
def test_a_picture_of_ones_own_finds_itself(page: Any, tmp_path: Path) -> None:
    row = 23
    wide = np.concatenate([np.zeros((3, 32, 8), np.uint8), images()[row], np.zeros((3, 32, 8), np.uint8)], axis=2)
    Image.fromarray(wide.transpose(1, 2, 0)).resize((480, 320), Image.Resampling.NEAREST).save(tmp_path / "mine.png")
    page.locator("#own").set_input_files(tmp_path / "mine.png")
    page.wait_for_selector("#found canvas")
    (own,) = pixels_of(page, "#picked figure:first-child canvas")
    assert np.abs(own.astype(int) - images()[row]).mean() < 3
    assert page.locator("#picked figcaption").first.inner_text() == "your picture"
    for code in (1, 2, 3):
        assert np.array_equal(pixels_of(page, f"#found .code:nth-child({code}) canvas")[0], images()[row])
    (tmp_path / "no.png").write_text("no picture")
    page.locator("#own").set_input_files(tmp_path / "no.png")
    page.wait_for_function("() => document.querySelector('#status').textContent.includes('no.png is no picture')")


def test_between_two_pictures_lies_what_the_decoder_draws(page: Any) -> None:
    page.mouse.click(*place_of(page, 4))
    page.evaluate("() => pick(4, true)")  # to itself there is no way
    assert page.evaluate("[state.picked, state.second]") == [4, -1]
    page.evaluate("() => pick(9, true)")
    strip = pixels_of(page, "#between canvas")
    assert len(strip) == 7
    first, last = page.evaluate("() => [4, 9].map((row) => Array.from(run().latents(row)))")
    middle = (np.array(first) + np.array(last)) / 2
    drawn = decode_images(load_trained("nested-8"), middle[None].astype(np.float32))[0]
    assert np.abs(strip[3].astype(int) - 255 * drawn).max() <= 2


def test_a_link_restores_the_view(browser: Any, page: Any) -> None:
    page.locator("#run").select_option("0")
    page.locator("#map").select_option("pca")
    page.get_by_label("dog").uncheck()
    page.locator("#colour").select_option("error")
    page.get_by_role("button", name="Closer").click()
    page.get_by_role("button", name="Select view").click()
    row = page.evaluate("plane.inView()[3]")
    page.mouse.click(*place_of(page, row))
    page.get_by_role("button", name="Blend with another").click()
    page.mouse.click(*place_of(page, page.evaluate("plane.inView().find((row) => row !== state.picked)")))
    page.wait_for_function("() => location.hash === address()")
    again, problems = visit(browser, page.url)
    values = (
        "[state.run, state.map, state.colour, state.picked, state.second, plane.view.zoom.toFixed(3),"
        " [...state.hidden], [...state.selected].sort()]"
    )
    restored = again.evaluate(values)
    assert restored == page.evaluate(values)
    assert min(restored[3:5]) >= 0
    assert restored[6] == [CLASSES.index("dog")]
    assert 0 < len(restored[7]) < COUNT
    assert page.locator("#link").get_attribute("href") == page.evaluate("location.hash")
    assert problems == []
    again.close()


@VIEWS
def test_the_keyboard_moves_and_picks(page: Any) -> None:
    page.locator("#plane").focus()
    before = page.evaluate("({...plane.view})")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    after = page.evaluate("({...plane.view})")
    assert after["x"] > before["x"]
    assert after["zoom"] > before["zoom"]
    page.keyboard.press("Enter")
    row = page.evaluate("state.picked")
    assert row == page.evaluate("plane.nearest(plane.canvas.clientWidth / 2, plane.canvas.clientHeight / 2)")
    told = page.locator("#heard")
    assert told.get_attribute("aria-live") == "polite"
    title, drawn = told.inner_text().split(": ")
    assert title == page.locator("#picked figcaption").first.inner_text()
    assert drawn.startswith("nested-8 ")


def test_the_keyboard_selects(page: Any) -> None:
    page.locator("#plane").focus()
    page.keyboard.press("s")
    (row,) = page.evaluate("[...state.selected]")
    assert row == page.evaluate("plane.nearest(plane.canvas.clientWidth / 2, plane.canvas.clientHeight / 2)")
    assert "is selected." in page.locator("#status").inner_text()
    page.keyboard.press("s")
    assert page.evaluate("state.selected.size") == 0


def test_a_run_without_an_encoder_hands_over_to_the_one_that_has_it(page: Any, tmp_path: Path) -> None:
    Image.fromarray(images()[5].transpose(1, 2, 0)).save(tmp_path / "mine.png")
    page.locator("#run").select_option("0")
    page.locator("#own").set_input_files(tmp_path / "mine.png")
    page.wait_for_selector("#found canvas")
    assert page.locator("#run").input_value() == "1"
    assert "encoded by nested-8" in page.locator("#status").inner_text()


def test_a_picture_is_dropped(page: Any, tmp_path: Path) -> None:
    """By the browser's own drag and drop, of a file."""
    row = 31
    Image.fromarray(images()[row].transpose(1, 2, 0)).save(tmp_path / "mine.png")
    x, y = place_of(page, 11)  # on the map, as anywhere
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(tmp_path / "mine.png")], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})
    page.wait_for_selector("#found canvas")
    assert page.locator("#picked figcaption").first.inner_text() == "your picture"
    assert np.array_equal(pixels_of(page, "#picked figure:first-child canvas")[0], images()[row])
    assert page.url.startswith("file:")  # the browser did not open the picture in the page's place
    assert "explorer.html" in page.url


def test_two_fingers_zoom_and_one_taps(browser: Any, explorer: Path) -> None:
    page, problems = visit(browser, explorer.as_uri(), viewport=PHONE, has_touch=True, is_mobile=True)
    page.locator("#plane").scroll_into_view_if_needed()
    page.touchscreen.tap(*place_of(page, 20))
    row = page.evaluate("state.picked")
    assert row >= 0
    assert page.locator("#tip").is_visible()
    box = page.locator("#plane").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    under = page.evaluate("plane.toPlane(plane.canvas.clientWidth / 2, plane.canvas.clientHeight / 2)")
    session = page.context.new_cdp_session(page)
    for kind, apart in (("touchStart", 30), ("touchMove", 50), ("touchMove", 90), ("touchEnd", None)):
        fingers = [] if apart is None else [{"x": x + sign * apart, "y": y, "id": sign + 1} for sign in (-1, 1)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
    page.wait_for_timeout(100)
    assert page.evaluate("plane.view.zoom") == pytest.approx(3, rel=0.05)
    assert page.evaluate("[plane.view.x, plane.view.y]") == pytest.approx(under, abs=0.02)
    assert page.evaluate("state.picked") == row  # it was no tap
    assert problems == []
    page.close()


def test_two_fingers_draw_no_lasso(browser: Any, explorer: Path) -> None:
    """Nor does the one that is left of them."""
    page, problems = visit(browser, explorer.as_uri(), viewport=PHONE, has_touch=True, is_mobile=True)
    page.get_by_role("button", name="Lasso").tap()
    page.locator("#plane").scroll_into_view_if_needed()
    page.evaluate("select([3, 14])")
    box = page.locator("#plane").bounding_box()
    left, top = box["x"] + 20, box["y"] + 20
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": left + x, "y": top + y, "id": place} for place, (x, y) in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (0, 0), (60, 0))
    touch("touchMove", (0, 0), (90, 0))
    touch("touchEnd", (0, 0))
    for place in ((200, 10), (200, 200), (10, 200)):
        touch("touchMove", place)
    touch("touchEnd")
    page.wait_for_timeout(100)
    assert page.evaluate("[...state.selected]") == [3, 14]
    assert page.evaluate("plane.view.zoom") > 1.2
    for kind, place in (("touchStart", (0, 0)), ("touchMove", (200, 10)), ("touchMove", (10, 200))):
        touch(kind, place)
    touch("touchEnd")
    page.wait_for_timeout(100)
    assert page.evaluate("[...state.selected]") == page.evaluate("plane.within([[20, 20], [220, 30], [30, 220]])")
    assert problems == []
    page.close()


def test_the_other_buttons_of_the_mouse_pick_nothing(page: Any) -> None:
    for button in ("right", "middle"):
        page.mouse.click(*place_of(page, 7), button=button)
    assert page.evaluate("state.picked") == -1
    assert page.evaluate("plane.canvas.isConnected")
    page.mouse.click(*place_of(page, 7))
    assert page.evaluate("state.picked") >= 0


def test_of_data_sets_asked_for_one_after_another_the_last_is_shown(page: Any) -> None:
    """While the first is still being unpacked the map shows, and tells of, the one that is there."""
    found = page.evaluate(
        """async () => {
          const open = Dataset.open, [here] = data.datasets, seen = [];
          data.datasets.push({...here, name: "other", runs: here.runs.slice(0, 1)});
          let release;
          const held = new Promise((done) => { release = done; });
          Dataset.open = async (wanted) => { await held; return open.call(Dataset, wanted); };
          choices($("#dataset"), ["photos", "other"], 0);
          const note = () => seen.push([current.name, $("#dataset").selectedOptions[0].text, run().name]);
          const rest = () => new Promise((done) => setTimeout(done, 300));
          const choose = (n) => { $("#dataset").value = n; $("#dataset").dispatchEvent(new Event("change")); };
          choose(1);
          await rest();
          seen.push([current.name, run().name]);
          choose(0);
          release();
          await rest();
          note();
          choose(1);
          await rest();
          note();
          return seen;
        }"""
    )
    assert found == [["photos", "nested-8"], ["photos", "photos", "nested-8"], ["other", "other", "plain-4"]]


def test_grey_is_what_pillow_makes_of_colours(page: Any) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (1, 500, 4), dtype=np.uint8)
    found = page.evaluate(
        """(bytes) => Array.from(Dataset.prototype.fromBytes.call(
          {height: 1, width: bytes.length / 4, size: bytes.length / 4, channels: 1}, new Uint8ClampedArray(bytes)))""",
        pixels.ravel().tolist(),
    )
    grey = np.asarray(Image.fromarray(pixels[..., :3]).convert("L"))
    assert np.array_equal(np.rint(255 * np.array(found)), grey[0])


@pytest.mark.parametrize(
    ("link", "kept", "selected"),
    [
        ("selected=%25%25&numbers=-5&view=a_b_c&direction=99", 8, 0),
        (f"selected={'_' * 99}&numbers=2.4&picture=x&hidden=77", 2, 0),
        ("run=none&map=none&frames=none&label=none&numbers=99&selected=_", 8, 6),
    ],
)
def test_a_link_that_somebody_has_spoilt_opens_what_it_can(
    browser: Any, explorer: Path, link: str, kept: int, selected: int
) -> None:
    page, problems = visit(browser, f"{explorer.as_uri()}#{link}")
    assert page.evaluate("state.kept") == kept
    assert page.evaluate("state.selected.size") == selected
    assert problems == []
    page.close()


def test_a_blend_that_was_begun_ends_with_another_picture(page: Any, tmp_path: Path) -> None:
    page.evaluate("pick(4)")
    page.get_by_role("button", name="Blend with another").click()
    assert page.evaluate("state.pairing")
    Image.fromarray(images()[5].transpose(1, 2, 0)).save(tmp_path / "mine.png")
    page.locator("#own").set_input_files(tmp_path / "mine.png")
    page.wait_for_function("() => state.own")
    assert not page.evaluate("state.pairing")


def test_without_a_graphics_card_the_map_is_drawn_all_the_same(browser: Any, explorer: Path) -> None:
    plain = browser.browser_type.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-3d-apis"])
    page, problems = visit(plain, explorer.as_uri())
    assert page.evaluate("plane.painter instanceof CanvasPainter")
    page.get_by_label("bird").uncheck()
    test, rows = shown_rows()
    for row in np.flatnonzero(test.labels["class"][rows] > 0)[[1, -2]]:
        assert_drawn(page, int(row))
    assert problems == []
    plain.close()


def test_a_lost_graphics_card_comes_back(page: Any) -> None:
    page.evaluate(
        "() => { window.losing = plane.painter.gl.getExtension('WEBGL_lose_context'); losing.loseContext(); }"
    )
    page.wait_for_timeout(200)
    page.evaluate("losing.restoreContext()")
    page.wait_for_timeout(200)
    assert_drawn(page, 8)


def test_a_network_that_the_page_cannot_run_leaves_the_rest(browser: Any, explorer: Path, tmp_path: Path) -> None:
    study = gather("study")
    for run in study["datasets"][0]["runs"]:
        run |= {"encoder": None, "decoder": None}
    (tmp_path / "explorer.html").write_bytes(render(study))
    page, problems = visit(browser, (tmp_path / "explorer.html").as_uri())
    page.mouse.move(*place_of(page, 7))
    page.mouse.click(*place_of(page, 7))
    assert page.locator("#picked figure").count() == 2  # the picture, and PCA
    assert page.locator("#found .code").count() == 3
    assert page.locator("#pair").is_disabled()
    Image.fromarray(images()[5].transpose(1, 2, 0)).save(tmp_path / "mine.png")
    page.locator("#own").set_input_files(tmp_path / "mine.png")
    page.wait_for_function("() => document.querySelector('#picked figcaption').textContent === 'your picture'")
    assert problems == []
    page.close()


def test_dragging_draws_and_does_nothing_else(page: Any) -> None:
    """No buffer is filled again, no legend made again, no address written, however many pictures there are."""
    page.wait_for_function("() => location.hash === address()")  # the first view's
    page.evaluate(
        """() => {
          window.calls = {bufferData: 0, texImage2D: 0, drawElements: 0, replaceState: 0, legend: 0};
          const counted = (of, name) => {
            const act = of[name];
            of[name] = (...given) => { calls[name]++; return act.apply(of, given); };
          };
          for (const name of ["bufferData", "texImage2D", "drawElements"]) counted(plane.painter.gl, name);
          counted(history, "replaceState");
          new MutationObserver(() => calls.legend++).observe($("#legend"), {childList: true, subtree: true});
        }"""
    )
    box = page.locator("#plane").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=20)
    page.wait_for_timeout(300)
    calls = page.evaluate("calls")
    assert 0 < calls.pop("drawElements") <= 20
    assert set(calls.values()) == {0}
    page.mouse.up()


def test_what_lies_under_the_pointer_is_found_without_asking_for_the_layout_again_and_again(page: Any) -> None:
    asked = page.evaluate(
        """() => {
          let asked = 0;
          for (const side of ["clientWidth", "clientHeight"]) {
            const {get} = Object.getOwnPropertyDescriptor(Element.prototype, side);
            Object.defineProperty(plane.canvas, side, {get() { asked++; return get.call(this); }});
          }
          return [() => plane.at(-9, -9), () => plane.nearest(9, 9), () => plane.inView()].map((find) => {
            asked = 0;
            find();
            return asked;
          });
        }"""
    )
    assert max(asked) < 40 < COUNT


def test_frame_times_are_measured(browser: Any, explorer: Path) -> None:
    measured = measure(browser, gather("study"), seconds=1)
    assert measured["thumbnails"] == COUNT
    assert 0 < measured["first_paint_ms"] <= measured["ready_ms"]
    assert 10 < measured["median_frame_ms"] <= measured["p95_frame_ms"]
    assert measured["frames_per_second"] <= 61


def test_hovering_shows_the_picture_what_is_drawn_of_it_its_label_and_its_error(page: Any) -> None:
    row = 17
    page.evaluate("(row) => { plane.view.zoom = 30; plane.centre(row); }", row)
    page.wait_for_timeout(100)
    page.mouse.move(*place_of(page, row))
    original, drawn = pixels_of(page, "#tip canvas")
    trained = load_trained("nested-8")
    expected = decode_images(trained, create_embeddings(trained, images()[row : row + 1]))[0]
    assert np.array_equal(original, images()[row])
    assert np.abs(drawn.astype(int) - 255 * expected).mean() <= 1  # the latents are there in bytes
    test, rows = shown_rows()
    mse = np.square(expected.astype(float) - images()[row] / 255).mean()
    assert page.locator("#tip figcaption").all_inner_texts() == [
        f"{CLASSES[test.labels['class'][rows[row]]]}\ntest {test.index[rows[row]]}",
        f"nested-8\n{-10 * np.log10(mse):.1f} dB",
    ]


def test_a_tip_goes_when_the_run_or_the_label_changes(page: Any) -> None:
    for selector, value in (("#run", "0"), ("#map", "pca"), ("#label", "0")):
        page.mouse.move(*place_of(page, 5))
        assert page.locator("#tip").is_visible()
        page.locator(selector).select_option(value)
        assert page.locator("#tip").is_hidden()
        page.mouse.move(0, 0)


def scale_of(page: Any, shares: np.ndarray) -> np.ndarray:
    """The style's colours of shares in [0, 1]: (n, 3) in [0, 1]."""
    told = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--scale')")
    stops = np.array([[int(hex_[at : at + 2], 16) for at in (1, 3, 5)] for hex_ in told.replace(" ", "").split(",")])
    places = np.linspace(0, 1, len(stops))
    return np.stack([np.interp(shares, places, stops[:, part] / 255) for part in range(3)], axis=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("colour", ["error", "distance"])
def test_frames_are_coloured_as_the_numbers_say(browser: Any, explorer: Path, colour: str, scheme: str) -> None:
    page, problems = visit(browser, explorer.as_uri(), color_scheme="light")
    trained = load_trained("nested-8")
    latents = create_embeddings(trained, images())
    if colour == "error":
        mse = np.square(decode_images(trained, latents).astype(float) - images() / 255).reshape(COUNT, -1).mean(axis=1)
        values = -10 * np.log10(mse)
    else:
        away = np.linalg.norm(latents[:, None].astype(float) - latents, axis=2)
        values = np.where(np.eye(COUNT) == 1, np.inf, away).min(axis=1)
    ranked = np.sort(values)
    least, most = (ranked[round(share * (COUNT - 1))] for share in (0.02, 0.98))
    page.locator("#colour").select_option(colour)
    page.emulate_media(color_scheme=scheme)  # of an open page, too
    expected = scale_of(page, (values - least) / (most - least))
    page.wait_for_timeout(100)
    found = np.array(page.evaluate("Array.from(plane.frames)")).reshape(COUNT, 4)
    assert np.abs(found[:, :3] - expected).max() < 0.01
    told = [float(part.split()[0]) for part in page.locator("#legend .ramp span").all_inner_texts()]
    assert told == pytest.approx([least, most], abs=0.06)
    assert problems == []
    page.close()


def test_the_selection_is_kept_when_the_run_is_switched(page: Any) -> None:
    chosen = [3, 14, 15]
    page.evaluate("(rows) => select(rows)", chosen)
    for run in ("0", "1"):
        page.locator("#run").select_option(run)
        assert page.evaluate("[...state.selected]") == chosen
        assert page.locator("#count").inner_text().startswith("3 selected")
        opacities = np.array(page.evaluate("Array.from(plane.frames)")).reshape(COUNT, 4)[:, 3]
        assert np.flatnonzero(opacities == 1).tolist() == chosen


def test_the_scores_under_neighbors_are_their_distances(page: Any) -> None:
    row = 40
    page.evaluate("(row) => pick(row)", row)
    trained = load_trained("nested-8")
    codes = {1: create_embeddings(trained, images()).astype(float), 3: images().reshape(COUNT, -1) / 255}
    for place, vectors in codes.items():
        away = np.sort(np.linalg.norm(vectors - vectors[row], axis=1))[1:9]
        texts = page.locator(f"#found .code:nth-child({place}) figcaption").all_inner_texts()
        assert [float(text.split("\n")[-1]) for text in texts] == pytest.approx(away, rel=0.006)  # three digits


def test_main_directions_are_those_along_which_latents_vary(page: Any) -> None:
    row, trained = 12, load_trained("nested-8")
    latents = create_embeddings(trained, images()).astype(float)
    mean = latents.mean(axis=0)
    variances, axes = np.linalg.eigh(np.cov(latents.T, bias=True))
    page.evaluate("(row) => pick(row)", row)
    told = page.locator("#between option").all_inner_texts()
    for k in (0, 1):
        axis, deviation = axes[:, -1 - k], np.sqrt(variances[-1 - k])
        assert float(told[k].split(", ")[1].split(" %")[0]) == pytest.approx(
            100 * variances[-1 - k] / variances.sum(), rel=0.06
        )
        across = latents[row] - (latents[row] - mean) @ axis * axis  # in the middle of this direction
        page.locator("#between select").select_option(str(k))
        strip = pixels_of(page, "#between canvas").astype(int)
        ends = [across + steps * deviation * axis for steps in (-3, 3)]
        first, last = (255 * decode_images(trained, each[None].astype(np.float32))[0] for each in ends)
        if np.abs(strip[0] - first).max() > np.abs(strip[0] - last).max():  # an axis has no sign of its own
            first, last = last, first
        assert np.abs(strip[0] - first).max() <= 2
        assert np.abs(strip[6] - last).max() <= 2
        middle = 255 * decode_images(trained, across[None].astype(np.float32))[0]
        assert np.abs(strip[3] - middle).max() <= 2
        assert np.abs(strip[0] - strip[6]).max() > 8  # it does move


def test_a_link_restores_how_many_numbers_are_kept(browser: Any, page: Any) -> None:
    page.mouse.click(*place_of(page, 4))
    page.locator("#kept").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => location.hash.includes('numbers=2') && location.hash === address()")
    again, problems = visit(browser, page.url)
    assert again.locator("#kept").input_value() == "2"
    assert again.locator("#amount").inner_text() == page.locator("#amount").inner_text()
    assert np.array_equal(pixels_of(again, "#picked canvas"), pixels_of(page, "#picked canvas"))
    assert problems == []
    again.close()


def test_a_link_restores_the_direction(browser: Any, page: Any) -> None:
    page.mouse.click(*place_of(page, 4))
    page.locator("#between select").select_option("2")
    page.wait_for_function("() => location.hash.includes('direction=2') && location.hash === address()")
    again, problems = visit(browser, page.url)
    assert again.locator("#between select").input_value() == "2"
    assert np.array_equal(pixels_of(again, "#between canvas"), pixels_of(page, "#between canvas"))
    assert problems == []
    again.close()


def test_labels_begin_with_the_most_telling_and_what_is_worn_is_a_group(browser: Any, page: Any) -> None:
    assert page.evaluate("label().label") == "class"  # not the kind, which is nearly always the same
    assert page.locator("#label > option").all_inner_texts() == ["kind", "class"]
    (group,) = page.locator("#label > optgroup").all()
    assert group.get_attribute("label") == "worn"
    assert group.locator("option").all_inner_texts() == ["Cap", "Pipe"]
    page.locator("#label").select_option(label="Pipe")
    assert page.locator("#legend label").all_inner_texts() == ["no Pipe", "Pipe"]
    test, rows = shown_rows()
    assert page.evaluate("Array.from(label().codes)") == test.labels["worn"][rows, 1].astype(int).tolist()
    for name in ("Pipe", "kind"):  # the link says which, also of the first in the list
        page.locator("#label").select_option(label=name)
        page.wait_for_function("() => location.hash === address()")
        again, problems = visit(browser, page.url)
        assert again.evaluate("label().label") == page.evaluate("label().label")
        assert again.locator("#label").input_value() == page.locator("#label").input_value()
        assert problems == []
        again.close()


def test_small_pictures_have_thin_frames(page: Any) -> None:
    widths = page.evaluate("[7, 9, 12, 18, 24, 128].map((side) => frameWidth(side, side))")
    assert widths == [1, 1, 1, 1.5, 2, 2]
    assert page.evaluate("frameWidth(24, 12)") == 1


def test_the_buttons_say_what_they_do(page: Any) -> None:
    for button in page.locator("button").all():
        told = [button.inner_text().strip(), *(button.get_attribute(name) or "" for name in ("aria-label", "title"))]
        assert len("".join(told)) > 3, told
    save = page.get_by_role("button", name="Save as CSV")
    assert save.get_attribute("title").startswith("Save the selected pictures as a table")


def test_every_test_image_is_on_a_page_of_its_own(browser: Any, explorer: Path, capsys: pytest.CaptureFixture) -> None:
    some = explorer.read_bytes()
    whole_explorer.main()
    assert f"explorer-all.html: {COUNT + 6} images of photos, 0." in capsys.readouterr().out
    assert explorer.read_bytes() == some
    page, problems = visit(browser, Path("explorer-all.html").resolve().as_uri())
    assert page.locator("#count").inner_text() == f"{COUNT + 6} of {COUNT + 6} pictures shown"
    test = read_split("photos", "test")
    assert page.evaluate("Array.from(current.ids)") == test.index.tolist()
    page.evaluate("(row) => pick(row)", COUNT + 5)
    assert np.array_equal(pixels_of(page, "#picked figure:first-child canvas")[0], test.images[-1])
    assert problems == []
    page.close()


def test_ten_thousand_pictures_are_each_drawn_in_their_place(page: Any) -> None:
    """Of as many of CIFAR-10's size as a page may have, each in a colour that says its row, and none another's."""
    count, rows = 10_000, [0, 255, 256, 6_543, 9_999]
    page.evaluate(
        """(count) => {
          const atlas = element("canvas", {width: 3200, height: 3200}), context = atlas.getContext("2d");
          for (let row = 0; row < count; row++) {
            context.fillStyle = `rgb(${row % 100 + 100} ${Math.floor(row / 100) + 100} 50)`;
            context.fillRect((row % 100) * 32, Math.floor(row / 100) * 32, 32, 32);
          }
          plane.load(atlas, {columns: 100, count, height: 32, width: 32});
          const place = (n) => (n % 2 ? Math.floor(n / 200) : (n / 2) % 100) / 99;
          plane.move(Float32Array.from({length: 2 * count}, (_, n) => place(n)));
        }""",
        count,
    )
    for row in rows:
        drawn = zoom_to(page, row)[:, 64, 64]
        assert drawn.tolist() == [row % 100 + 100, row // 100 + 100, 50]
        assert page.evaluate("plane.at(plane.canvas.clientWidth / 2, plane.canvas.clientHeight / 2)") == row
