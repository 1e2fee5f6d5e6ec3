"""What runs, data sets and seed studies that params.yaml names no more have left behind.

Run as `python -m autoencoder.tools.tidy`: removes it. DVC does not; and what is left in plots/ is part of what the
report depends on, here and in no clone.
"""

import shutil
from pathlib import Path
from typing import Any

from autoencoder.config.params import load_params
from autoencoder.ui.command_line import run_or_explain


def leftovers(params: dict[str, Any]) -> list[Path]:
    """Files and folders of results, named after what is not in `params` any more."""
    runs, datasets, studies = (set(params.get(section) or {}) for section in ("runs", "prepare", "seeds"))
    named = {
        "plots": {*runs, *datasets, "diagrams", "seeds"},
        "plots/seeds": studies,
        "models": {*runs, "seeds"},
        "models/seeds": studies,
        "metrics": {*runs, "learning", "ood", "retrieve", "compress"},
        **{f"metrics/{stage}": runs for stage in ("learning", "ood", "retrieve", "compress")},
        **{f"data/{results}": runs for results in ("embeddings", "codecs", "projector")},
        **{f"data/{results}": datasets for results in ("prepared", "baselines")},
    }
    return [
        path
        for folder, names in named.items()
        for path in sorted(Path(folder).glob("*"))
        if path.name.split(".")[0] not in names
    ]


def main() -> None:
    """Remove what is left over, and say so."""
    for path in leftovers(load_params()):
        print(f"removed {path}")
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


if __name__ == "__main__":
    run_or_explain(main, "tidy")
