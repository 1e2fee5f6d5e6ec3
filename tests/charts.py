"""What `dvc plots` draws, as numbers."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path


def charts(folder: Path, *arguments: str) -> dict[str, list[dict]]:
    """The points of each chart on the page that `dvc plots` writes, by the chart's title."""
    command = [sys.executable, "-m", "dvc", "plots", *arguments, "--out", "page"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={**os.environ, "DVC_NO_ANALYTICS": "1"})
    page = (folder / "page/index.html").read_text()
    specifications = [json.loads(text) for text in re.findall(r"var spec = (\{.*?\});\n", page, re.DOTALL)]
    return {chart["title"]: chart["data"]["values"] for chart in specifications if chart}  # {} is a missing file's
