"""What a data set takes of memory, told before it is read: a training that dies of it is told by nobody."""

from pathlib import Path

import psutil

from autoencoder.ui.errors import UserError

# Bytes a number of an image: as read and stacked, then for PCA as float64, once as it is and once less its mean.
BYTES_A_NUMBER = 2 + 2 * 8
# Up to so many numbers an image PCA is exact (measures/pca.py): six square matrices of float64. Beyond, it looks for so
# many components at most, and holds four matrices of them.
MAX_EXACT_INPUTS, MAX_SAMPLED_COMPONENTS = 8192, 1024
BYTES_A_PAIR, BYTES_OF_A_COMPONENT = 6 * 8, 4 * 8
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
    """By the images, and by what PCA makes of them: the covariances of their numbers, or components."""
    if num_inputs <= MAX_EXACT_INPUTS:
        of_pca = BYTES_A_PAIR * num_inputs**2
    else:
        of_pca = BYTES_OF_A_COMPONENT * num_inputs * min(MAX_SAMPLED_COMPONENTS, num_images)
    return num_images * num_inputs * BYTES_A_NUMBER + of_pca


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
