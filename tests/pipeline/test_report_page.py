"""The report in a real browser: nothing is missing, nothing is fetched, it can be read on a phone and in the dark."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PROJECT, Run
from tests.report_inputs import write_inputs

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)")
MOST_BYTES = 8_000_000
COMMITTED = PROJECT / "report.html"

# The contrast of WCAG 2 between the colours of the text and of the page.
CONTRAST = """() => {
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((value) => value / 255)
      .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const style = getComputedStyle(document.body);
  const [low, high] = [luminance(style.color), luminance(style.backgroundColor)].sort((a, b) => a - b);
  return [(high + 0.05) / (low + 0.05), luminance(style.backgroundColor)];
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(params=["made up", "committed"])
def report(request: pytest.FixtureRequest, project: Path, run: Run) -> Path:
    """A page made of made-up numbers by the stage itself, and the project's own."""
    if request.param == "committed":
        if not COMMITTED.exists():
            pytest.skip("report.html is not there")
        return COMMITTED
    write_inputs(project)
    done = run(project, "report", "study")
    assert done.returncode == 0, done.stderr
    return project / "report.html"


def test_page_is_whole(browser, report: Path) -> None:
    """No error, no request, every picture, every link."""
    page = browser.new_page()
    problems: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(report.as_uri(), wait_until="load")
    images = page.evaluate(
        "Promise.all([...document.images].map(async (i) => (await i.decode(), [i.alt, i.naturalWidth])))"
    )
    assert len(images) > 10
    assert all(alt.strip() and width > 0 for alt, width in images)
    targets = page.eval_on_selector_all(
        'a[href^="#"]', "links => links.map((link) => link.getAttribute('href').slice(1))"
    )
    assert [target for target in targets if page.query_selector(f'[id="{target}"]') is None] == []
    follow_the_contents(page)
    assert problems == []
    assert [url for url in requests if not url.startswith("data:")] == [report.as_uri()]
    assert report.stat().st_size < MOST_BYTES
    page.close()


def follow_the_contents(page) -> None:
    """Click every entry of the contents: its section comes into view."""
    page.add_style_tag(content="html { scroll-behavior: auto !important; }")
    links = page.locator("nav a")
    assert links.count() > 5
    for place in range(links.count()):
        target = links.nth(place).get_attribute("href")
        page.evaluate("window.scrollTo(0, 0)")
        links.nth(place).click()
        assert page.evaluate("location.hash") == target
        box = page.locator(target).bounding_box()
        at_the_end = page.evaluate("innerHeight + scrollY >= document.documentElement.scrollHeight - 2")
        assert abs(box["y"]) < 2 or (at_the_end and box["y"] < page.viewport_size["height"])


def test_a_figure_opens_large_and_closes(browser, report: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(report.as_uri())
    figure = page.locator(".figures:not(.single) figure").first
    before = figure.locator("img").bounding_box()
    figure.locator("a.enlarge").click()
    assert figure.bounding_box()["width"] == pytest.approx(1280, abs=20)
    assert figure.locator("img").bounding_box()["height"] > before["height"]
    figure.locator("a.close").click()
    assert figure.locator("img").bounding_box()["height"] == pytest.approx(before["height"], abs=1)
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_on_a_phone(browser, report: Path, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page.goto(report.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((folded) => folded.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    contrast, background = page.evaluate(CONTRAST)
    assert contrast >= 4.5
    assert (background < 0.5) == (scheme == "dark")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 16
    page.close()
