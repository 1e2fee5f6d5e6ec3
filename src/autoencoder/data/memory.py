"""What a data set takes of memory, told before it is read: a training that dies of it is told by nobody."""

from pathlib import Path

import psutil

from autoencoder.ui.errors import UserError

BYTES_A_NUMBER = 2  # of an image: as read, and stacked
# PCA (measures/pca.py) is exact of up to so many numbers an image, or so many images: six square matrices of float64 of
# the one or the other. Of more numbers it finds so many components at most, and holds two matrices of them; four where
# there are more of both, and all images as float64, once as they are and once less their mean.
MAX_EXACT_INPUTS, MAX_EXACT_IMAGES, MAX_LEADING_COMPONENTS = 8192, 4096, 1024
BYTES_A_PAIR, BYTES_A_COMPONENT, BYTES_A_SAMPLED_COMPONENT, BYTES_A_FLOAT = 6 * 8, 2 * 8, 4 * 8, 2 * 8
BYTES_AT_WORK = 1 << 27  # what is taken a block at a time, and what the libraries of linear algebra take meanwhile
CGROUP = Path("/sys/fs/cgroup")  # of a container, version 2


def check_memory(num_images: int, num_inputs: int, remedy: str) -> None:
    """Raises UserError, saying what they would take, where so many images of so many numbers do not fit."""
    needed, free = bytes_needed(num_images, num_inputs), free_bytes()
    if needed > free:
        raise UserError(
            f"{num_images:,} images of {num_inputs:,} numbers take about {needed / 1e9:.1f} GB of memory, "
            f"{free / 1e9:.1f} GB are free; {remedy}"
        )


def bytes_needed(num_images: int, num_inputs: int) -> int:
    """By the images, and by what PCA makes of them."""
    components = num_inputs * min(MAX_LEADING_COMPONENTS, num_images)
    of_floats = BYTES_A_FLOAT * num_images * num_inputs
    if num_inputs <= MAX_EXACT_INPUTS:
        of_pca = BYTES_A_PAIR * num_inputs**2 + of_floats
    elif num_images <= MAX_EXACT_IMAGES:
        of_pca = BYTES_A_PAIR * num_images**2 + BYTES_A_COMPONENT * components
    else:
        of_pca = BYTES_A_SAMPLED_COMPONENT * components + of_floats
    return num_images * num_inputs * BYTES_A_NUMBER + of_pca + BYTES_AT_WORK


def free_bytes() -> int:
    """Memory that can be had without swapping, no more than a container leaves."""
    return int(min(psutil.virtual_memory().available, _left_in_container()))


def _left_in_container() -> float:
    """What its limit leaves; the pages of files that it counts can be had again."""
    try:
        limit, used = ((CGROUP / f"memory.{name}").read_text().strip() for name in ("max", "current"))
        facts = dict(line.split() for line in (CGROUP / "memory.stat").read_text().splitlines())
        return int(limit) - int(used) + int(facts["inactive_file"])
    except (OSError, ValueError, KeyError):  # no container, or one without a limit ("max")
        return float("inf")
