"""The picture that the README opens with: the first screen of report.html, as a browser shows it.

Run as `python -m autoencoder.tools.first_screen` after the report has changed; with a page and a picture named it draws
that, as docs/own-pictures.png from a study's report. It needs Chromium (Debian: apt install chromium) and playwright.
"""

import argparse
import shutil
from pathlib import Path

from autoencoder.config.names import PAGES
from autoencoder.ui.command_line import run_or_explain
from autoencoder.ui.errors import UserError

REPORT = Path(PAGES["report"])
PICTURE = Path("docs/first-screen.png")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZE = {"width": 1280, "height": 900}


def main() -> None:
    """Draw a page's first screen -> docs/first-screen.png. Raises UserError as `draw` does."""
    parser = argparse.ArgumentParser(prog="python -m autoencoder.tools.first_screen", description=__doc__)
    parser.add_argument("page", type=Path, nargs="?", default=REPORT)
    parser.add_argument("picture", type=Path, nargs="?", default=PICTURE)
    given = parser.parse_args()
    draw(given.page, given.picture)


def draw(report: Path, picture: Path) -> None:
    """The first screen of a page as a PNG. Raises UserError where page or browser are missing."""
    from playwright.sync_api import sync_playwright  # of the tools for development alone

    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise UserError("no Chromium on this machine; install it first (Debian: apt install chromium)")
    if not report.exists():
        raise UserError(f"{report} is missing; make it first: dvc repro report")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = started.new_page(viewport=SIZE, color_scheme="light")  # type: ignore[arg-type]
        page.goto(report.resolve().as_uri())
        page.screenshot(path=picture)
        started.close()


if __name__ == "__main__":
    run_or_explain(main, "first_screen")
