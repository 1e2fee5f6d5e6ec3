"""Times one gradient step of the CIFAR-10 network in every combination of precision, memory layout and batch size.

The variants take turns, round after round in one process, so that a machine whose speed drifts slows all alike; the
median of the rounds counts. Prints a table and writes benchmarks/train_step.json. It needs no data set and no DVC.
"""

import statistics
import time
from itertools import product
from pathlib import Path

import torch
import torch.nn.functional as F

from autoencoder.models.base.build import build_model
from autoencoder.models.base.device import autocast, device_name, resolve_device
from autoencoder.storage.files import write_json

ROUNDS = 15
LATENT_DIM = 384
OPTIONS = {"base_channels": 32, "activation": "gelu", "final_activation": "none"}


class Variant:
    """One combination, with a network and a batch of its own."""

    def __init__(self, precision: str, layout: str, batch_size: int, device: torch.device) -> None:
        self.name = {"precision": precision, "layout": layout, "batch_size": batch_size}
        self.precision, self.batch_size, self.device = precision, batch_size, device
        memory_format = torch.channels_last if layout == "channels_last" else torch.contiguous_format
        model = build_model("cifar10_cnn", OPTIONS, (3, 32, 32), (-1.0, 1.0), LATENT_DIM, seed=0)
        self.model = model.to(device, memory_format=memory_format)  # type: ignore[call-overload]
        self.images = torch.rand(batch_size, 3, 32, 32, device=device).contiguous(memory_format=memory_format)
        self.optimizer = torch.optim.Adam(self.model.parameters(), fused=True)
        self.seconds: list[float] = []

    def step(self) -> None:
        """One forward and backward pass and the update, timed."""
        start = time.perf_counter()
        with autocast(self.device, self.precision):
            reconstruction = self.model(self.images)
        F.mse_loss(reconstruction.float(), self.images).backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        self.seconds.append(time.perf_counter() - start)


def main() -> None:
    """Measure, print, write."""
    device = resolve_device("auto")
    variants = [
        Variant(precision, layout, batch_size, device)
        for batch_size, precision, layout in product((32, 256), ("fp32", "bf16"), ("contiguous", "channels_last"))
    ]
    for _ in range(ROUNDS + 2):  # the first two rounds warm up
        for variant in variants:
            variant.step()
    records = []
    for variant in variants:
        median = statistics.median(variant.seconds[2:])
        rate = round(variant.batch_size / median)
        records.append({**variant.name, "median_ms": round(1000 * median, 1), "images_per_second": rate})
        print("  ".join(f"{key} {value}" for key, value in records[-1].items()))
    write_json(Path("benchmarks/train_step.json"), [{"device": device_name(device), "rounds": ROUNDS}, *records])


if __name__ == "__main__":
    main()
