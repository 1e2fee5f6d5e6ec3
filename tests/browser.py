"""What tests in a real browser share."""

import importlib.util
import shutil

import pytest

from autoencoder.tools.first_screen import BROWSERS

CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
MISSING = (
    "playwright is not installed"
    if importlib.util.find_spec("playwright") is None
    else "no Chromium on this machine (Debian: apt install chromium)"
)
needs_chromium = pytest.mark.skipif(CHROMIUM is None or importlib.util.find_spec("playwright") is None, reason=MISSING)
