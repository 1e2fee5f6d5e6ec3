"""How many numbers a picture of a given quality needs: where a rising curve over whole numbers crosses a level."""

from collections.abc import Callable, Mapping

PSNR_LEVELS = (20, 25, 30, 35)  # dB, the mean over test images
# Where a curve over the number of latents is measured whatever it does: closer together where more is asked of them.
NUM_LATENTS = (1, 2, 4, 8, 16, 32, 48, 64, 96, 128, 192, 256, 320, 384, 512, 768, 1024, 1536, 2048, 3072, 4096)


def measure_curve(measure: Callable[[int], float], largest: int) -> dict[int, float]:
    """PSNR by number of latents: of NUM_LATENTS up to `largest`, and on both sides of each of PSNR_LEVELS.

    `measure` gives the PSNR of one number of latents, and is taken to rise with it.
    """
    curve: dict[int, float] = {}
    for number in sorted({*(n for n in NUM_LATENTS if n < largest), largest}):
        curve[number] = measure(number)
    for level in PSNR_LEVELS:
        _close_in(curve, level, measure)
    return dict(sorted(curve.items()))


def _close_in(curve: dict[int, float], level: float, measure: Callable[[int], float]) -> None:
    """Measure between two neighbors in `curve`, one below the level and one not, until they are consecutive numbers."""
    while (above := smallest_reaching(curve, level)) is not None:
        below = max((number for number in curve if number < above), default=0)
        if above - below == 1:
            return
        middle = (below + above) // 2
        curve[middle] = measure(middle)


def smallest_reaching(curve: Mapping[int, float], level: float) -> int | None:
    """The smallest number in `curve` at which it is at `level` or above; None where it never is."""
    return min((number for number, value in curve.items() if value >= level), default=None)
