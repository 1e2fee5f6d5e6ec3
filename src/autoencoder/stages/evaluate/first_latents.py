"""The error of a run by how many of its latents are kept: a curve for a nested run, one point for any other.

A nested run is measured also where its PSNR crosses whole levels: how many numbers a picture of that quality needs.
"""

import numpy as np
import torch

from autoencoder.inference.trained_run import DTYPE, TrainedRun
from autoencoder.measures.crossings import measure_curve
from autoencoder.measures.image_similarity import mean_over_images, peak_signal_to_noise
from autoencoder.measures.rounding import significant
from autoencoder.models.base.nested import keep_first
from autoencoder.models.base.value_range import to_range, to_unit
from autoencoder.stages.evaluate.evaluation import Errors
from autoencoder.storage.files import Record


class FirstLatents:
    """A split of a run, encoded once and decoded from as many of its first latents as is asked for.

    images: (n, channels, height, width) uint8.
    """

    def __init__(self, trained: TrainedRun, images: np.ndarray) -> None:
        self._trained = trained
        self._images = torch.split(torch.from_numpy(images), trained.batch_size)
        with torch.inference_mode():
            self._latents = [trained.model.encoder(self._as_seen(batch)) for batch in self._images]

    @torch.inference_mode()
    def measure(self, num_latents: int) -> tuple[float, float]:
        """The squared error summed over an image, in the data set's value range, and PSNR in decibels: their means."""
        value_range = self._trained.manifest.value_range
        sse, psnr = [], []
        for batch, latents in zip(self._images, self._latents, strict=True):
            given, made = self._as_seen(batch), self._trained.model.decoder(keep_first(latents, num_latents))
            sse.append((made - given).square().flatten(1).sum(1).cpu())
            psnr.append(peak_signal_to_noise(to_unit(made, value_range), to_unit(given, value_range)).cpu())
        return mean_over_images(sse), mean_over_images(psnr)

    def _as_seen(self, batch: torch.Tensor) -> torch.Tensor:
        return to_range(batch.to(self._trained.device), self._trained.manifest.value_range, DTYPE)


def measure_first_latents(trained: TrainedRun, val: np.ndarray, test: np.ndarray) -> list[Record]:
    """Errors of a nested run by number of latents: {num_latents, val_sse, test_sse, test_mse, test_psnr_db}, rising."""
    of_val, of_test = FirstLatents(trained, val), FirstLatents(trained, test)
    sse: dict[int, float] = {}

    def test_psnr(num_latents: int) -> float:
        sse[num_latents], psnr = of_test.measure(num_latents)
        return psnr

    curve = measure_curve(test_psnr, trained.run.latent_dim)
    return [
        _record(num_latents, of_val.measure(num_latents)[0], sse[num_latents], psnr, test[0].size)
        for num_latents, psnr in curve.items()
    ]


def only_all_latents(trained: TrainedRun, val: Errors, test: Errors) -> list[Record]:
    """The same of a run that is not nested: its errors from all latents."""
    return [_record(trained.run.latent_dim, val.sse, test.sse, test.psnr_db, trained.manifest.num_inputs)]


def _record(num_latents: int, val_sse: float, test_sse: float, psnr: float, num_inputs: int) -> Record:
    measured = {
        "val_sse": val_sse,
        "test_sse": test_sse,
        "test_mse": test_sse / num_inputs,
        "test_psnr_db": psnr,
    }
    return {"num_latents": num_latents, **{key: significant(value) for key, value in measured.items()}}
