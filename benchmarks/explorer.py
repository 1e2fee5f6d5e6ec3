"""How smoothly the explorer's map moves, and how soon the page is there: frame times in headless Chromium.

Makes a page of CIFAR-10's test images, of 1,000 and of 10,000, with its smallest run; opens it, and drags the whole map
in circles with real pointer events. A frame's time is what lies between two calls of requestAnimationFrame, which come
at most 60 times a second, and in bursts where drawing falls behind: frames a second tell then what the median hides. No
graphics card is used: Chromium draws WebGL by its own software (SwiftShader), on the cores that run the page, so that a
machine with a card does better. Prints, and writes benchmarks/explorer.json. Needs the study (`make reproduce`, or
`make weights` before it), playwright and Chromium (Debian: apt install chromium).
"""

import importlib.util
import math
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from autoencoder.config.runs import Run, load_runs
from autoencoder.stages.explore.explorer import gather_dataset
from autoencoder.stages.explore.page import render
from autoencoder.storage.files import Record, write_json
from autoencoder.tools.first_screen import BROWSERS
from autoencoder.ui.command_line import run_or_explain
from autoencoder.ui.errors import UserError
from benchmarks.machine import about_machine

RESULTS = Path("benchmarks/explorer.json")
DATASET, COUNTS = "cifar10", (1_000, 10_000)
SECONDS = 5.0  # of dragging
RADIUS, A_TURN = 80, 60  # pixels; moves of the pointer
WINDOW = {"width": 1280, "height": 900}
OPTIONS = ("--no-sandbox", "--enable-unsafe-swiftshader")  # WebGL without a graphics card

RECORD_FRAMES = """() => {
  window.frameTimes = [];
  const note = (time) => { frameTimes.push(time); requestAnimationFrame(note); };
  requestAnimationFrame(note);
}"""
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
DRAWN_BY = """(() => {
  const gl = document.createElement("canvas").getContext("webgl2");
  return gl ? gl.getParameter(gl.getExtension("WEBGL_debug_renderer_info").UNMASKED_RENDERER_WEBGL) : "no WebGL";
})()"""


def find_browser() -> str:
    """The path of Chromium. Raises UserError where it is missing, or playwright is."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise UserError(
            "no Chromium on this machine, so nothing is measured; install it (Debian: apt install chromium)"
        )
    if importlib.util.find_spec("playwright") is None:
        raise UserError("playwright is not installed, so nothing is measured: make setup")
    return found


def drawn_by(renderer: str) -> str:
    """What draws WebGL, from the long name that the browser gives it."""
    return "SwiftShader, in software" if "SwiftShader" in renderer else renderer


def smallest_run() -> Run:
    """Of the data set's runs the one of the fewest latents."""
    of_dataset = [run for run in load_runs().values() if run.dataset == DATASET]
    return min(of_dataset, key=lambda run: run.latent_dim)


def open_page(browser: Any, address: str) -> tuple[Any, Record]:
    """The page, ready, and when it was there: milliseconds since it was asked for."""
    page = browser.new_page(viewport=WINDOW)
    page.goto(address)
    page.wait_for_selector("html[data-ready=true]", timeout=300_000)
    ready = page.evaluate("performance.now()")
    return page, {"first_paint_ms": round(page.evaluate(FIRST_PAINT)), "ready_ms": round(ready)}


def frame_times(page: Any, seconds: float) -> np.ndarray:
    """Milliseconds from frame to frame while the map is dragged in circles for so long: (n,)."""
    box = page.locator("#plane").bounding_box()
    left, top = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(left, top)
    page.mouse.down()
    page.evaluate(RECORD_FRAMES)
    start, turned = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        turned += 1
        angle = 2 * math.pi * turned / A_TURN
        page.mouse.move(left + RADIUS * math.sin(angle), top + RADIUS * (1 - math.cos(angle)))
    times: list[float] = page.evaluate("frameTimes")
    page.mouse.up()
    return np.diff(times)


def measure(browser: Any, study: Record, seconds: float = SECONDS) -> Record:
    """Of a page of this study (`gather`): its size, when it is there, and frame times."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "explorer.html"
        path.write_bytes(render(study))
        page, opened = open_page(browser, path.as_uri())
        times = frame_times(page, seconds)
        page.close()
        megabytes = round(path.stat().st_size / 1e6, 1)
    return {
        "thumbnails": study["datasets"][0]["count"],
        "page_mb": megabytes,
        **opened,
        "frames_per_second": round(1000 / float(np.mean(times)), 1),
        "median_frame_ms": round(float(np.median(times)), 1),
        "p95_frame_ms": round(float(np.percentile(times, 95)), 1),
    }


def main() -> None:
    """Measure, print, write. Raises UserError where there is no browser, or no study."""
    chromium, run, records = find_browser(), smallest_run(), []
    from playwright.sync_api import sync_playwright  # of the tools for development alone

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(OPTIONS))
        about = about_machine() | {
            "browser": f"headless Chromium {browser.version.split('.')[0]}",
            "WebGL": drawn_by(browser.new_page().evaluate(DRAWN_BY)),
        }
        for count in COUNTS:
            dataset = gather_dataset(DATASET, [run], count)
            records.append(measure(browser, {"title": "Frames", "sample": False, "datasets": [dataset]}))
            print("  ".join(f"{key} {value}" for key, value in records[-1].items()), flush=True)
        browser.close()
    write_json(RESULTS, [about, *records])


if __name__ == "__main__":
    run_or_explain(main, "benchmarks.explorer")
