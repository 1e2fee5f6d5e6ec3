"""How many numbers a picture needs: the smallest code that reaches a quality, the networks' and PCA's, and the knee."""

from collections.abc import Mapping, Sequence

from autoencoder.measures.crossings import PSNR_LEVELS, smallest_reaching
from autoencoder.measures.rounding import significant
from autoencoder.storage.files import Record


def answer(first_latents: Mapping[str, Sequence[Record]], pca_quality: Sequence[Record]) -> Record:
    """Flat: latents_for_<level>_db, the run that needs so few, and PCA's; null where nothing measured reaches it.

    first_latents: of a data set's runs (`paths.first_latents`); pca_quality: as `pca.read_quality` returns it. Of runs
    that are not nested their latent dimension alone is known: "so many at most". knee_latents: see `knee`.
    """
    curves = {run: _curve(rows) for run, rows in first_latents.items()}
    pca = _curve(pca_quality)
    found: Record = {}
    for level in PSNR_LEVELS:
        needed = {run: smallest_reaching(curve, level) for run, curve in curves.items()}
        fewest, run = min(((number, run) for run, number in needed.items() if number), default=(None, None))
        found[f"latents_for_{level}_db"] = fewest
        found[f"pca_latents_for_{level}_db"] = smallest_reaching(pca, level)
        found[f"run_for_{level}_db"] = run
    longest = max(curves.values(), key=len, default={})
    found["knee_latents"] = knee(longest) if len(longest) > 2 else None
    return found


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
