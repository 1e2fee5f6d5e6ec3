"""What runs, data sets and seed studies that params.yaml names no more have left behind.

Run as `python -m autoencoder.tools.tidy`: moves it to .leftovers, where it can be taken from again, and says so. DVC
does not; and what is left in metrics/ or plots/ is part of what the curves and the report depend on, here and in no
clone: both would be made again when it goes. `--results`, for use before each `dvc repro`, moves what lies in these two
alone, and leaves in its place what a training or `prepare` gave.
"""

import argparse
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autoencoder.config.params import get_section, load_params, parse_yaml
from autoencoder.ui.command_line import run_or_explain

LEFTOVERS = Path(".leftovers")
RESULTS = ("metrics", "plots")
KEY, DATASET = "${key}", "${item.dataset}"


def leftovers(pipeline: Mapping[str, Any], params: Mapping[str, Any]) -> list[Path]:
    """Files and folders of results, named after what is not in `params` any more.

    pipeline: dvc.yaml. A folder in which a stage names an output after a key (plots/${key}/map.png), or after a key in
    the folder of its data set, holds nothing but what some stage names so for a key of `params`, or by a name of its
    own (plots/seeds); all else is left over. Hidden files, and whatever lies deeper, are passed over.
    """
    folders: set[Path] = set()
    named: dict[Path, set[str]] = defaultdict(set)
    for output, lines in _outputs(pipeline, params):
        for dataset in params["prepare"]:
            folders |= _folders(output.replace(DATASET, dataset))
        for key, line in lines.items():
            parts = Path(output.replace(KEY, key).replace(DATASET, str((line or {}).get("dataset")))).parts
            for number, part in enumerate(parts):
                named[Path(*parts[:number])].add(_stem(part))
    return [
        path
        for folder in sorted(folders)
        for path in sorted(folder.glob("[!.]*"))
        if _stem(path.name) not in named[folder]
    ]


def move_away(path: Path) -> Path:
    """Move a leftover below .leftovers, in place of one of the same name from before. Returns where it lies."""
    target = LEFTOVERS / path
    if target.is_dir():
        shutil.rmtree(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(path, target)
    return target


def _outputs(pipeline: Mapping[str, Any], params: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each output of each stage that is one of several, with the lines of params.yaml that it is made for, by key."""
    for stage in pipeline["stages"].values():
        section = re.fullmatch(r"\$\{(\w+)\}", str(stage.get("foreach", "")))
        if section:
            lines = get_section(params, section[1]) or {}
            for kind in ("outs", "metrics", "plots"):
                for entry in stage["do"].get(kind, []):
                    yield entry if isinstance(entry, str) else next(iter(entry)), lines


def _folders(output: str) -> set[Path]:
    """Those in which an output has a file or a folder that is named after a key."""
    parts = Path(output).parts
    return {Path(*parts[:number]) for number, part in enumerate(parts) if KEY in part}


def _stem(name: str) -> str:
    return name.split(".")[0]  # also of a file that is just being written: name.json.<process>.partial


def main() -> None:
    """Move what is left over, and say what, where to, and how it comes back."""
    parser = argparse.ArgumentParser(prog="python -m autoencoder.tools.tidy", description=__doc__)
    parser.add_argument("--results", action="store_true", help=f"only what lies in {' and '.join(RESULTS)}")
    only_results = parser.parse_args().results
    found = [
        path
        for path in leftovers(parse_yaml(Path("dvc.yaml").read_text()), load_params())
        if path.parts[0] in RESULTS or not only_results
    ]
    for path in found:
        print(f"{path}: params.yaml does not name it any more; moved to {move_away(path)}")
    if found:
        print(f"With its lines back in params.yaml `dvc repro` makes it again; rm -r {LEFTOVERS} to be rid of it")


if __name__ == "__main__":
    run_or_explain(main, "tidy")
