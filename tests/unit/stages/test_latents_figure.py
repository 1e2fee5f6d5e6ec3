"""What the picture of the latents shows, of a decoder whose pictures say which latents it was given."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from autoencoder.config.recipes import load_recipe
from autoencoder.config.runs import Run
from autoencoder.drawing.image_rows import ImageRow
from autoencoder.inference import trained_run
from autoencoder.inference.trained_run import DTYPE, TrainedRun
from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.stages.plot import latents as figure
from autoencoder.stages.plot.latents import NUM_MOVED, NUM_SHOWN, STEPS, latent_rows
from autoencoder.storage.prepared import Manifest, Split
from tests.conftest import tiny_params

SIDE, LATENT_DIM = 4, 16
SCALES = torch.linspace(0.2, 1.0, LATENT_DIM, dtype=DTYPE)  # the last latents vary most
IMAGES = np.random.default_rng(0).integers(0, 256, (50, 1, SIDE, SIDE), dtype=np.uint8)
TEST = Split(IMAGES, np.arange(50)[::-1].copy(), {})


class AsLatents(nn.Module):
    """A pixel a latent, scaled."""

    def forward(self, images: Tensor) -> Tensor:
        return images.flatten(1) * SCALES


class AsPixels(nn.Module):
    """Its inverse."""

    def forward(self, latents: Tensor) -> Tensor:
        return (latents / SCALES).view(-1, 1, SIDE, SIDE)


def rows(nested: bool) -> list[ImageRow]:
    run = Run("run", "set", "model", {}, LATENT_DIM, load_recipe(tiny_params(), "tiny"), 0, "cpu", nested=nested)
    manifest = Manifest("set", "sample", "tests", True, (0.0, 1.0), {}, image_shape=(1, SIDE, SIDE))
    model = Autoencoder(AsLatents(), AsPixels(), LATENT_DIM)
    return latent_rows(TrainedRun(run, manifest, model, torch.device("cpu")), TEST)


def test_one_latent_moves_and_the_others_stay_at_their_mean() -> None:
    unit = IMAGES[:, 0].reshape(50, -1) / 255
    mean, deviation = unit.mean(axis=0), unit.std(axis=0, ddof=1)
    spread = np.argsort(-(deviation * SCALES.numpy()))[:NUM_MOVED]
    shown = rows(nested=False)
    assert [row.label for row in shown] == [f"latent {latent + 1}" for latent in spread]
    assert shown[-1].captions == ("-3 s.d.", "-2 s.d.", "-1 s.d.", "mean", "+1 s.d.", "+2 s.d.", "+3 s.d.")
    for row, latent in zip(shown, spread, strict=True):
        for step, image in zip(STEPS, row.images, strict=True):
            expected = mean.copy()
            expected[latent] += step * deviation[latent]
            assert image.flatten() == pytest.approx(expected.clip(0, 1), abs=1e-4)


def test_of_a_nested_run_pictures_grow_from_their_first_latents() -> None:
    shown = rows(nested=True)
    counts = (1, 2, 4, 8, 16)
    first = IMAGES[::-1][:NUM_SHOWN]  # by their place in the source
    for row, original in zip(shown[:NUM_SHOWN], first, strict=True):
        assert len(row.images) == len(counts) + 1
        for count, image in zip(counts, row.images, strict=False):
            expected = np.where(np.arange(16) < count, original.flatten() / 255, 0)
            assert image.flatten() == pytest.approx(expected, abs=1e-4)
        assert row.images[-1].flatten() == pytest.approx(original.flatten() / 255, abs=1e-6)
    assert shown[NUM_SHOWN - 1].captions == ("1 latent", *(f"{count} latents" for count in counts[1:]), "original")
    means = shown[NUM_SHOWN]
    assert means.images[-1].flatten() == pytest.approx(IMAGES.mean(axis=0).flatten() / 255, abs=1e-4)
    assert [row.label for row in shown[NUM_SHOWN + 1 :]] == [f"latent {number}" for number in range(1, NUM_MOVED + 1)]


def test_large_pictures_go_through_the_decoder_some_at_a_time_and_fewer_are_averaged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A thousand at once of 256 x 256 would take more memory than there is."""
    whole, decoded = rows(nested=True), list[int]()
    monkeypatch.setattr(trained_run, "MAX_VALUES", 3 * SIDE**2)
    forward = AsPixels.forward

    def watched(self: AsPixels, latents: Tensor) -> Tensor:
        decoded.append(len(latents))
        return forward(self, latents)

    monkeypatch.setattr(AsPixels, "forward", watched)
    for ours, theirs in zip(rows(nested=True), whole, strict=True):
        assert np.allclose(ours.images, theirs.images)
    assert max(decoded) == 3
    monkeypatch.setattr(figure, "images_at_once", lambda most, size: most * size // (100 * SIDE**2))  # ten of them
    assert rows(nested=True)[NUM_SHOWN].images[-1] == pytest.approx(IMAGES[:10].mean(axis=0) / 255, abs=1e-4)
