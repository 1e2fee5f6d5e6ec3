"""The report in a real browser: nothing is missing, nothing is fetched, it can be read on a phone and in the dark."""

import re
from pathlib import Path

import pytest

from autoencoder.drawing.image_rows import CAPTION_POINTS
from autoencoder.drawing.style import DPI
from tests.browser import needs_chromium
from tests.conftest import PROJECT, Run
from tests.report_inputs import write_inputs

pytestmark = needs_chromium
MOST_BYTES = 13_000_000  # with the pictures of every run
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
    """Click every entry of the contents: its section comes into view, below the bar where runs are chosen."""
    bar = page.evaluate("parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop)")
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
        assert abs(box["y"] - bar) < 2 or (at_the_end and box["y"] < page.viewport_size["height"])


def test_a_figure_opens_large_and_closes(browser, report: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(report.as_uri())
    figure = page.locator(".by-run figure:visible").first
    before = figure.bounding_box()
    figure.locator("a.enlarge").click()
    assert figure.bounding_box()["width"] == pytest.approx(1280, abs=20)
    figure.locator("a.close").click()
    assert figure.bounding_box()["width"] == pytest.approx(before["width"], abs=1)
    page.close()


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
@pytest.mark.parametrize("by", ["link", "Escape"])
def test_a_figure_that_closes_stays_in_sight(browser, report: Path, by: str, motion: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion=motion)
    page.goto(report.as_uri())
    figure = page.locator(".by-run figure:visible").last
    figure.locator("a.enlarge").click()
    assert page.evaluate("location.hash") == f"#{figure.get_attribute('id')}"
    page.wait_for_timeout(1000)  # the browser may glide there
    if by == "link":
        figure.locator("a.close").click()
    else:
        page.keyboard.press("Escape")
    page.wait_for_timeout(1000)
    assert page.evaluate("document.querySelector('figure:target')") is None
    box = figure.bounding_box()
    assert box["y"] < 900
    assert box["y"] + box["height"] > 0
    page.close()


def test_a_link_to_nothing_leaves_the_page_as_it_is(browser, report: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{report.as_uri()}#50%")
    assert page.locator("button.copy:visible").count() > 0
    assert problems == []
    page.close()


def test_run_a_stands_before_run_b(browser, report: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(report.as_uri())
    group = page.locator(".by-run:visible").last
    first, second = group.locator("figure").evaluate_all("figures => figures.slice(0, 2).map((f) => f.dataset.run)")
    for a, b in ((first, second), (second, first)):
        page.select_option("select[name=a]", a)
        page.select_option("select[name=b]", b)
        boxes = [group.locator(f"figure[data-run='{run}']").bounding_box() for run in (a, b)]
        assert (boxes[0]["y"], boxes[0]["x"]) < (boxes[1]["y"], boxes[1]["x"])
    page.close()


def test_the_slider_shows_one_number_of_latents_at_a_time(browser, report: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(report.as_uri())
    grid = page.locator("figure.grid").first
    kept = [int(block.get_attribute("data-latent-dim")) for block in grid.locator(".block").all()]
    slider = grid.locator("input")
    slider.focus()
    assert slider.input_value() == str(len(kept) // 2)  # not the poorest
    slider.press("Home")
    for place, latent_dim in enumerate(kept):
        shown = grid.locator(".block:visible")
        assert shown.count() == 1
        assert int(shown.get_attribute("data-latent-dim")) == latent_dim == int(grid.locator("output").inner_text())
        assert grid.locator("svg.thumb:visible").count() > 8
        if place + 1 < len(kept):
            slider.press("ArrowRight")
    page.close()


def test_pictures_follow_the_runs_that_are_chosen(browser, report: Path) -> None:
    """Of each group those of run A and run B alone; a group that has neither shows its first, and says so of a run of
    its data set.
    """
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(report.as_uri())
    datasets = dict(
        page.eval_on_selector_all(
            "select[name=a] option", "options => options.map((o) => [o.value, o.parentElement.label])"
        )
    )
    groups = page.locator(".by-run").all()
    names = page.locator("select[name=a] option").all_inner_texts()
    for chosen in (names[:1], [names[1], names[0]]):
        page.select_option("select[name=a]", chosen[0])
        page.select_option("select[name=b]", chosen[1] if len(chosen) > 1 else "")
        told = page.locator("#compare output").text_content()
        assert told.count("test SSE") == len(chosen)
        assert told.startswith("A: " if len(chosen) > 1 else "test SSE")
        for group in groups:
            there = group.locator("figure").evaluate_all("figures => figures.map((f) => f.dataset.run)")
            shown = group.locator("figure:not([hidden])").evaluate_all("figures => figures.map((f) => f.dataset.run)")
            assert shown == ([run for run in there if run in chosen] or there[:1])
            lacking = [run for run in chosen if run not in there and datasets[run] == datasets[there[0]]]
            note = group.locator(".not-drawn")
            assert note.is_visible() == (bool(lacking) and group.is_visible())
            told = f"Not drawn for {' and '.join(lacking)}; shown: {' and '.join(shown)}."
            assert note.text_content() == (told if lacking else "")
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_runs_to_choose_stay_in_sight(browser, report: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(report.as_uri())
    page.add_style_tag(content="html { scroll-behavior: auto !important; }")
    for section in ("reconstructions", "maps", "random-latents"):
        page.evaluate(f"document.getElementById('{section}').scrollIntoView()")
        box = page.locator("#compare").bounding_box()
        assert 0 <= box["y"] <= 1
        assert box["height"] < 80
    page.close()


def test_the_name_of_a_run_chooses_it_where_it_has_pictures(browser, report: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(report.as_uri())
    offered = page.locator("select[name=a] option").all_inner_texts()
    clicked = page.evaluate(
        """() => [...document.querySelectorAll("code.run")].map((name) => {
          name.click();
          return [name.dataset.run, document.querySelector("select[name=a]").value];
        })"""
    )
    assert {run for run, _ in clicked} > set(offered[:1])
    before = offered[0]
    for run, chosen in clicked:
        assert chosen == (run if run in offered else before)
        before = chosen
    page.close()


def test_a_link_to_a_figure_of_another_run_shows_it(browser, report: Path) -> None:
    """When the page is opened with it, and later."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(report.as_uri())
    hidden = page.locator("figure[hidden]").evaluate_all("figures => figures.map((f) => [f.id, f.dataset.run])")
    assert hidden
    for anchor, run in (hidden[0], hidden[-1]):
        page.evaluate(f"location.hash = '{anchor}'")
        page.locator(f"#{anchor} img").wait_for(state="visible")
        assert page.locator("select[name=a]").input_value() == run
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        opened.goto(f"{report.as_uri()}#{anchor}")
        opened.locator(f"#{anchor} img").wait_for(state="visible")
        assert opened.locator("select[name=a]").input_value() == run
        assert 0 <= opened.locator(f"#{anchor}").bounding_box()["y"] < 900
        opened.close()
    table = page.locator("details:not([open]) .wide").first.get_attribute("id")
    page.evaluate(f"location.hash = '{table}'")
    page.locator(f"#{table}").wait_for(state="visible")
    page.close()


# Figures, tables, blocks of grids and paragraphs that are not drawn, and charts without a drawing.
UNSEEN = """() => {
  const seen = (node) => node.checkVisibility() && node.getBoundingClientRect().height > 0;
  const all = (names) => [...document.querySelectorAll(names)];
  const unseen = all("figure, figure img, table, .block, main p:not(.not-drawn), main li")
    .filter((node) => !seen(node));
  const charts = all(".chart").filter((chart) => ![...chart.querySelectorAll("svg")].some(seen));
  return [...unseen, ...charts].map((node) => node.outerHTML.slice(0, 200));
}"""


@pytest.mark.parametrize("scripts", [True, False])
def test_nothing_is_missing_on_paper(browser, report: Path, scripts: bool) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(report.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate(UNSEEN) == []
    assert not page.locator("#compare").is_visible()
    context.close()


def test_what_was_folded_is_opened_for_printing_and_folded_again(browser, report: Path) -> None:
    """Also where the browser does not know how style.css unfolds it."""
    page = browser.new_page()
    page.goto(report.as_uri())
    folded = page.locator("details:not([open])")
    count = folded.count()
    assert count > 3
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert folded.count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folded.count() == count
    page.close()


def test_data_are_copied(browser, report: Path) -> None:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    page.goto(report.as_uri())
    copied = {}
    for kind in ("csv", "table"):
        page.locator(f"button.copy[data-{kind}]:visible").first.click()
        copied[kind] = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert "latent_dim" in copied["csv"][0].split(",")
    assert copied["table"][0].split(",")[:2] == ["data set", "code"]
    assert all(len(lines) > 2 for lines in copied.values())
    context.close()


def test_points_of_a_chart_say_what_they_stand_for(browser, report: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(report.as_uri())
    chart = page.locator("figure.chart").first
    told = chart.locator(".broadly path > title").all_text_contents()
    assert any("\nrun: " in text and "\ntest SSE: " in text for text in told)
    assert not any("rev: " in text or "colour: " in text for text in told)
    charts = page.locator("figure.chart").all()
    assert len(charts) > 5
    for chart in charts:
        titles = chart.locator(".broadly svg title").all_text_contents()
        assert titles, chart.get_attribute("id")
        assert all(re.search(r"(run|curve|study|published by|series|level|knee|seed)\b", text) for text in titles), (
            titles
        )
    page.close()


def test_the_contents_say_where_one_is(browser, report: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(report.as_uri())
    page.add_style_tag(content="html { scroll-behavior: auto !important; }")
    for section in ("curve", "search"):
        page.evaluate(f"document.getElementById('{section}').scrollIntoView()")
        page.wait_for_selector(f'nav a[href="#{section}"][aria-current="location"]')
        assert page.locator("nav").bounding_box()["y"] >= 0  # it stays
    page.close()


def test_it_is_complete_without_javascript(browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.locator("#compare:visible, .slider:visible, button.copy:visible").count() == 0
    grids = page.locator("figure.grid").count()
    assert page.locator("figure.grid .block:visible").count() == page.locator("figure.grid .block").count() > grids
    assert (
        page.locator(".chart svg:visible").count()
        >= page.locator(".chart").count() - page.locator("details .chart").count()
    )
    for group in page.locator(".by-run").all():
        assert group.locator("figure:visible").count() <= 1  # the others are folded, and can be unfolded
        assert group.locator("details > summary").count() == 1
    context.close()


# The least height in pixels of text as it is drawn: HTML, charts, and the captions within pictures of rows.
SMALLEST = """() => {
  const seen = (node) => node.checkVisibility ? node.checkVisibility() : true;
  const sizes = [];
  for (const node of document.querySelectorAll("body *")) {
    if (![...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()) || !seen(node)) continue;
    const svg = node.closest("svg");
    const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
    if (svg && !svg.getBoundingClientRect().width) continue;
    sizes.push(parseFloat(getComputedStyle(node).fontSize) * scale);
  }
  for (const image of document.images) {
    if (seen(image) && image.width) sizes.push(CAPTION * image.width / image.naturalWidth);
  }
  return Math.min(...sizes);
}"""


@pytest.mark.parametrize(("width", "least"), [(1280, 9), (390, 11)])
def test_no_text_is_too_small(browser, report: Path, width: int, least: float) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(report.as_uri())
    page.evaluate("Promise.all([...document.images].map((image) => image.decode()))")
    caption = CAPTION_POINTS * DPI / 72
    assert page.evaluate(SMALLEST.replace("CAPTION", str(caption))) >= least
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_picture_wider_than_its_frame_says_so(browser, report: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(report.as_uri())
    page.evaluate("Promise.all([...document.images].map((image) => image.decode()))")
    page.evaluate("document.querySelectorAll('details').forEach((folded) => folded.open = true)")
    page.wait_for_timeout(200)
    frames = page.locator(".enlarge:visible").evaluate_all(
        """frames => frames.map((frame) => [
          frame.scrollWidth > frame.clientWidth + 1, getComputedStyle(frame.nextElementSibling, "::after").content
        ])"""
    )
    assert len(frames) > 5
    for wider, told in frames:
        assert ("move it sideways" in told) == wider
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_on_a_phone(browser, report: Path, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page.goto(report.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((folded) => folded.open = true)")
    for b in page.locator("select[name=b] option").evaluate_all("options => options.map((option) => option.value)"):
        page.select_option("select[name=b]", b)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, b
    contrast, background = page.evaluate(CONTRAST)
    assert contrast >= 4.5
    assert (background < 0.5) == (scheme == "dark")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 16
    page.close()
