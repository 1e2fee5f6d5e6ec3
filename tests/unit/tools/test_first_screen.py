"""The picture of the report's first screen."""

from pathlib import Path

import pytest
from PIL import Image

from autoencoder.tools import first_screen
from autoencoder.ui.errors import UserError
from tests.browser import needs_chromium


def test_without_a_browser_or_a_page_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("playwright")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["first_screen"])
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(UserError, match="no Chromium on this machine"):
        first_screen.main()
    monkeypatch.setattr("shutil.which", lambda _: "/bin/true")
    with pytest.raises(UserError, match=r"report.html is missing; make it first: dvc repro report"):
        first_screen.main()


@needs_chromium
def test_it_shows_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("docs").mkdir()
    Path("report.html").write_text("<body style='margin: 0; background: rgb(1, 2, 3)'>")
    monkeypatch.setattr("sys.argv", ["first_screen"])
    first_screen.main()
    Path("report.html").rename("other.html")
    monkeypatch.setattr("sys.argv", ["first_screen", "other.html", "docs/own.png"])
    first_screen.main()
    assert Path("docs/own.png").read_bytes() == first_screen.PICTURE.read_bytes()
    with Image.open(first_screen.PICTURE) as picture:
        assert picture.size == (first_screen.SIZE["width"], first_screen.SIZE["height"])
        assert picture.convert("RGB").getpixel((5, 5)) == (1, 2, 3)
