"""The study of one's own pictures, from a folder to its pages: grey rectangles without labels, of which little is known
to work from the other data sets; and coloured squares whose labels a table has. The pages are opened in a browser.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from autoencoder.tools import workspace
from tests.browser import CHROMIUM, needs_chromium
from tests.conftest import PROJECT
from tests.pipeline.test_pipeline import stages_run

NAME = "mine"
MADE = Path("studies") / NAME


def study(project: Path, *arguments: str, name: str = NAME) -> str:
    """What `make study` says, all of it; it must succeed."""
    images = project / ("pictures" if name == NAME else name)
    command = [sys.executable, "-m", "autoencoder.tools.study", "--images", f"{images}", "--name", name]
    environment = {**os.environ, "PYTHONPATH": "src"}
    done = subprocess.run(
        [*command, *arguments],
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with a study made: of two pictures one is there twice."""
    target = tmp_path_factory.mktemp("study")
    workspace.copy_pipeline(PROJECT, target)
    folder, rng = target / "pictures", np.random.default_rng(0)
    folder.mkdir()
    for number in range(14):
        values = rng.integers(0, 256, (4, 6), dtype=np.uint8).repeat(4, axis=0).repeat(4, axis=1)
        Image.fromarray(values).save(folder / f"{number:02}.png")
    (folder / "again.png").write_bytes((folder / "03.png").read_bytes())
    (target / "said.txt").write_text(study(target, "--dims", "4,8", "--epochs", "1"))
    return target


@pytest.mark.timeout(600)
def test_a_folder_becomes_two_pages_and_advice(project: Path) -> None:
    said = (project / "said.txt").read_text()
    assert "mine: 15 pictures, about 16 x 24 (height x width): taken as 16 x 24 (at most" in said
    for page in ("report.html", "explorer.html"):
        assert (project / MADE / page).stat().st_size > 100_000
        assert f"  {MADE / page}\n" in said
    manifest = json.loads((project / MADE / f"data/prepared/{NAME}/manifest.json").read_text())
    assert manifest["image_shape"] == [1, 16, 24]
    advice = {
        line["topic"]: line["text"] for line in json.loads((project / MADE / f"plots/{NAME}/advice.json").read_text())
    }
    assert advice["Near-duplicates"] == "1 pair of pictures is the same: 03.png and again.png."
    assert advice["Near-duplicates"] in said
    (pair,) = json.loads((project / MADE / f"plots/{NAME}/duplicates.json").read_text())
    assert (pair["first"], pair["second"], pair["what"]) == ("03.png", "again.png", "the same")
    assert not (project / "metrics").exists()  # nothing of the project itself is touched
    assert not (project / "dvc.lock").exists()


@pytest.fixture(scope="module")
def coloured(project: Path) -> Path:
    """Another study beside the first: the same colours under two names in a table."""
    folder, rng = project / "coloured", np.random.default_rng(1)
    folder.mkdir()
    rows = ["file,kind"]
    for number in range(16):
        kind = ("red", "blue")[number % 2]
        values = rng.integers(0, 256, (4, 4, 3), dtype=np.uint8).repeat(4, axis=0).repeat(4, axis=1)
        values[..., 0 if kind == "blue" else 2] = 0
        Image.fromarray(values).save(folder / f"{number:02}.png")
        rows.append(f"{number:02}.png,{kind}")
    (folder / "labels.csv").write_text("\n".join(rows))
    assert "labels: labels.csv" in study(project, "--dims", "4", "--epochs", "1", name="coloured")
    return project / "studies/coloured"


def opened(browser: Any, path: Path) -> tuple[Any, list[str]]:
    """A page of a study, and what it complained of or asked the network for."""
    page, problems = browser.new_page(viewport={"width": 1280, "height": 900}), list[str]()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: problems.append(request.url) if request.url.startswith("http") else None)
    page.goto(path.as_uri())
    return page, problems


@needs_chromium
@pytest.mark.timeout(600)
def test_the_pages_of_a_study_work_in_a_browser(project: Path, coloured: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for made, labels in ((project / MADE, []), (coloured, ["kind"])):
            page, problems = opened(browser, made / "report.html")
            assert page.locator("#compare option").count() > 2
            assert page.locator("section#advice").is_visible()
            assert page.evaluate("[...document.images].every((image) => image.complete && image.naturalWidth > 0)")
            assert problems == []
            page, problems = opened(browser, made / "explorer.html")
            page.wait_for_selector("html[data-ready=true]", timeout=60_000)
            assert page.evaluate("current.labels.map((each) => each.label)") == labels
            page.locator("#plane").focus()
            page.keyboard.press("Enter")  # the picture in the middle
            page.wait_for_selector("#picked canvas")
            assert page.locator("#picked canvas").count() == 3  # beside it the network's and PCA's
            assert problems == []
        browser.close()


@pytest.mark.timeout(600)
def test_one_dimension_more_trains_that_one_alone_and_a_changed_folder_all(project: Path) -> None:
    said = study(project, "--dims", "6")
    assert {stage for stage in stages_run(said) if stage.startswith(("prepare", "train"))} == {f"train@{NAME}-6"}
    assert not {stage for stage in stages_run(study(project)) if not stage.startswith(("report", "explore"))}
    (project / "pictures/again.png").rename(project / "pictures/twice.png")
    said = study(project)
    assert "the folder changed: 1 new (twice.png), 1 gone (again.png)" in said
    assert f"prepare@{NAME}" in stages_run(said)
    assert "03.png and twice.png" in said
    (project / "pictures/readme.txt").write_text("no picture")
    said = study(project)
    assert "beside the pictures the folder changed: 1 new (readme.txt); it is prepared again" in said
    assert stages_run(said) == {f"prepare@{NAME}"}
