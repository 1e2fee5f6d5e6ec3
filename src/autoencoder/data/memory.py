"""What a data set takes of memory, told before it is read: a training that dies of it is told by nobody."""

from pathlib import Path

import psutil

from autoencoder.ui.errors import UserError

# Bytes a number of an image: as read and stacked, then for PCA as float64, once as it is and once less its mean.
BYTES_A_NUMBER = 2 + 2 * 8
# Up to so many numbers an image PCA is exact (measures/pca.py): six square matrices of float64.
MAX_EXACT_INPUTS = 8192
BYTES_A_PAIR = 6 * 8
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
    """By the images, and by the covariances of their numbers where PCA takes all."""
    exact = BYTES_A_PAIR * num_inputs**2 if num_inputs <= MAX_EXACT_INPUTS else 0
    return num_images * num_inputs * BYTES_A_NUMBER + exact


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
