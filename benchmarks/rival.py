"""The rival: the CIFAR-10 tutorial's training as it is written, on today's Lightning.

One picture at a time through `ToTensor` and `Normalize` in four worker processes, fp32, Adam, batches of 256, the
learning rate lowered on a plateau. The network and its first weights are ours. Source: UvA Deep Learning Tutorials,
"Deep Autoencoders". Needs the `bench` extra: pip install -e '.[bench]'.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

import autoencoder.ui.torchvision_ops  # noqa: F401 - before Lightning imports torchvision, beside a CPU-only torch
from autoencoder.models.base.build import build_model

import lightning.pytorch as pl  # isort: skip
from torchvision import transforms  # isort: skip

BATCH, WORKERS = 256, 4
OPTIONS = {"base_channels": 32, "activation": "gelu", "final_activation": "none"}
TRANSFORM = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])


class Pictures(Dataset[Tensor]):
    """What torchvision's CIFAR10 does with an image: an array to a PIL image, and that through the transforms.

    images: (n, channels, height, width) uint8.
    """

    def __init__(self, images: np.ndarray) -> None:
        self._images = images.transpose(0, 2, 3, 1)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._images)

    def __getitem__(self, place: int) -> Tensor:
        """(channels, height, width) in [-1, 1]."""
        picture: Tensor = TRANSFORM(Image.fromarray(self._images[place]))
        return picture


class Rival(pl.LightningModule):
    """The tutorial's LightningModule."""

    def __init__(self, latent_dim: int, seed: int) -> None:
        super().__init__()
        self.net = build_model("cifar10_cnn", OPTIONS, (3, 32, 32), (-1.0, 1.0), latent_dim, seed)

    def training_step(self, batch: Tensor, _: int) -> Tensor:
        """The loss of a batch."""
        loss = F.mse_loss(self.net(batch), batch)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch: Tensor, _: int) -> None:
        """The loss of a held-out batch."""
        self.log("val_loss", F.mse_loss(self.net(batch), batch))

    def configure_optimizers(self) -> dict[str, Any]:
        """Adam, its rate lowered on a plateau."""
        optimizer = torch.optim.Adam(self.parameters(), lr=1e-3)
        scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.2, patience=20, min_lr=5e-5)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "monitor": "val_loss"}}


class Watch(pl.Callback):
    """Calls `after_step(seconds)` after each batch and `after_epoch(seconds, val_loss)`; the first may stop it all."""

    def __init__(self, after_step: Callable[[float], bool], after_epoch: Callable[[float, float], None]) -> None:
        self._after_step, self._after_epoch = after_step, after_epoch
        self._start = time.perf_counter()

    def on_train_batch_end(self, trainer: pl.Trainer, *_: Any) -> None:
        """See the class."""
        if self._after_step(time.perf_counter() - self._start):
            trainer.should_stop = True
            trainer.limit_val_batches = 0

    def on_validation_end(self, trainer: pl.Trainer, *_: Any) -> None:
        """See the class."""
        if not trainer.sanity_checking and "val_loss" in trainer.callback_metrics:
            self._after_epoch(time.perf_counter() - self._start, float(trainer.callback_metrics["val_loss"]))


def train(train_images: np.ndarray, val_images: np.ndarray, latent_dim: int, epochs: int, watch: Watch) -> None:
    """Train as the tutorial does; `watch` is told of it."""
    loaders = [
        DataLoader(Pictures(images), batch_size=BATCH, shuffle=first, drop_last=first, num_workers=WORKERS)
        for images, first in ((train_images, True), (val_images, False))
    ]
    trainer = pl.Trainer(
        accelerator="auto",
        devices=1,
        max_epochs=epochs,
        callbacks=[watch],
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        min_epochs=0,
    )
    trainer.fit(Rival(latent_dim, 42), *loaders)
