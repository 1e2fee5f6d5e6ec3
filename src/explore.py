"""The explorer: test images, their latents and the networks themselves, on a page to play with -> explorer.html."""

import sys

from autoencoder.stages.explore.explorer import gather
from autoencoder.stages.explore.page import MOST_BYTES, PAGE, render, told
from autoencoder.storage.files import write_atomically
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    study = gather(name)
    page = render(study)
    write_atomically(PAGE, page)
    print(f"{PAGE}: {told(study, page)}")
    if len(page) > MOST_BYTES:
        print(
            f"{PAGE}: more than {MOST_BYTES / 1e6:.0f} MB, slow to send and to open; "
            f"explore.{name}: fewer num_images, or runs under leave_out",
            file=sys.stderr,
        )


if __name__ == "__main__":
    run_stage(main, "an explorer: a key of `explore` in params.yaml")
