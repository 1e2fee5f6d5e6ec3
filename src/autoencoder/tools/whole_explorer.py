"""The explorer with every test image, for this machine alone: explorer.html has some, to be light enough for git.

Run as `python -m autoencoder.tools.whole_explorer`, once the explorer's own stage has what it needs (`make reproduce`).
Of very large images as many as an atlas holds; the page says how many that are.
"""

from pathlib import Path

from autoencoder.config.explorer import MOST_IMAGES
from autoencoder.config.params import PARAMS, get_section, load_params
from autoencoder.stages.explore.explorer import gather
from autoencoder.stages.explore.page import render, told
from autoencoder.storage.files import write_atomically
from autoencoder.ui.command_line import run_or_explain
from autoencoder.ui.errors import UserError

PAGE = Path("explorer-all.html")  # not in git


def main() -> None:
    """Write explorer-all.html. Raises UserError where params.yaml has no explorer, or `gather` does."""
    name = next(iter(get_section(load_params(), "explore")), None)
    if name is None:
        raise UserError(f"{PARAMS}: explore: names no explorer; add one, as params.demo.yaml has it")
    study = gather(name, MOST_IMAGES)
    page = render(study)
    write_atomically(PAGE, page)
    print(f"{PAGE}: {told(study, page)}; open it in a browser")


if __name__ == "__main__":
    run_or_explain(main, "whole_explorer")
