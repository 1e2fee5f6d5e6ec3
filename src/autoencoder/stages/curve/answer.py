"""How many numbers a picture needs: the smallest code that reaches a quality, the networks' and PCA's, and the knee."""

import math
from collections.abc import Mapping, Sequence

from autoencoder.measures.crossings import PSNR_LEVELS, smallest_reaching
from autoencoder.measures.rounding import significant
from autoencoder.storage.files import Record

LEAST_RISE = 1.0  # dB, of a curve that has a knee worth telling


def answer(
    first_latents: Mapping[str, Sequence[Record]], pca_quality: Sequence[Record], curves: Mapping[str, str]
) -> Record:
    """Flat, for each level: latents_for_<level>_db, how that is known (`needed`) and on which curve, and PCA's number;
    null where nothing measured reaches it. knee_latents: see `knee`; of a nested run alone, null where its curve hardly
    rises.

    first_latents: of a data set's runs (`paths.first_latents`); pca_quality: as `pca.read_quality` returns it; curves:
    as `families.curve_names` returns them.
    """
    networks: dict[str, dict[int, float]] = {}
    for run, rows in first_latents.items():
        networks.setdefault(curves[run], {}).update(_curve(rows))
    pca = _curve(pca_quality)
    found: Record = {}
    for level in PSNR_LEVELS:
        told = [(*ours, name) for name, curve in networks.items() if (ours := needed(curve, level))]
        fewest, how, name = min(told, default=(None, None, None))
        found[f"latents_for_{level}_db"] = fewest
        found[f"how_for_{level}_db"] = how
        found[f"curve_for_{level}_db"] = name
        found[f"pca_latents_for_{level}_db"] = smallest_reaching(pca, level)
    nested = max((_curve(rows) for rows in first_latents.values()), key=len, default={})
    rise = max(nested.values(), default=0) - min(nested.values(), default=0)
    found["knee_latents"] = knee(nested) if len(nested) > 2 and rise >= LEAST_RISE else None
    return found


def needed(curve: Mapping[int, float], level: float) -> tuple[int, str] | None:
    """The smallest number of latents at `level` or above, and how it is known; None where the curve does not reach it.

    exactly: one latent less was measured, too, and does not do. about: between two measured numbers, on a straight line
    over the logarithm of the number. at most: the smallest that was measured does already.
    """
    reaching = smallest_reaching(curve, level)
    if reaching is None:
        return None
    below = max((number for number in curve if number < reaching), default=0)
    if reaching - below == 1:
        return reaching, "exactly"
    if not below:
        return reaching, "at most"
    share = (level - curve[below]) / (curve[reaching] - curve[below])
    return math.ceil(below * (reaching / below) ** share), "about"


def knee(curve: Mapping[int, float]) -> int:
    """Where a curve of PSNR over the number of latents bends most: beyond it a further number buys clearly less.

    With both axes stretched to 0..1, the point that lies farthest above the line from the first point to the last
    (Satopaa et al. 2011, "Finding a 'Kneedle' in a Haystack").
    """
    first, last = min(curve), max(curve)
    low, high = curve[first], curve[last]
    rise = high - low or 1.0
    above = {number: (psnr - low) / rise - (number - first) / (last - first) for number, psnr in curve.items()}
    return max(above, key=lambda number: significant(above[number]))


def _curve(rows: Sequence[Record]) -> dict[int, float]:
    return {row["num_latents"]: row["test_psnr_db"] for row in rows}
