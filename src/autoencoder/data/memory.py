"""What a data set takes of memory, told before it is read: a training that dies of it is told by nobody."""

import psutil

from autoencoder.ui.errors import UserError

# Bytes a number of an image: as read and stacked, then for PCA as float64, once as it is and once less its mean.
BYTES_A_NUMBER = 2 + 2 * 8


def check_memory(num_images: int, num_inputs: int, remedy: str) -> None:
    """Raises UserError, saying what they would take, where so many images of so many numbers do not fit."""
    needed, free = num_images * num_inputs * BYTES_A_NUMBER, free_bytes()
    if needed > free:
        raise UserError(
            f"{num_images:,} images of {num_inputs:,} numbers take about {needed / 1e9:.1f} GB of memory, "
            f"{free / 1e9:.1f} GB are free; {remedy}"
        )


def free_bytes() -> int:
    """Memory that can be had without swapping."""
    return int(psutil.virtual_memory().available)
