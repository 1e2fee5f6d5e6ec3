"""Times one gradient step of the CIFAR-10 network, and how near it comes to what the machine can multiply.

By Adam in every combination of precision, memory layout and batch size, and as the recipe `muon` takes it. The
variants take turns, round after round in one process, so that a machine whose speed drifts slows all alike, and with
them the product of two large square matrices, the ceiling; the median of the rounds counts. The operations of a step
are those of forward and backward pass by PyTorch's own counter, without the optimizer's. On one thread. Prints a table
and writes benchmarks/train_step.json. It needs no data set and no DVC.
"""

import statistics
import time
from abc import ABC, abstractmethod
from itertools import product
from pathlib import Path

import torch
import torch.nn.functional as F
from torch.optim import Optimizer
from torch.utils.flop_counter import FlopCounterMode

from autoencoder.config.params import load_params
from autoencoder.config.recipes import load_recipe
from autoencoder.models.base.build import build_model
from autoencoder.models.base.device import autocast, device_name, resolve_device
from autoencoder.storage.files import Record, write_json
from autoencoder.training.memory import keep_freed_memory
from autoencoder.training.optimizers import make_optimizer

ROUNDS, SIDE = 15, 2048
LATENT_DIM = 384
OPTIONS = {"base_channels": 32, "activation": "gelu", "final_activation": "none"}
PRECISIONS = {"fp32": torch.float32, "bf16": torch.bfloat16}


class Clocked(ABC):
    """Something done again and again, and how long it took each time."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.seconds: list[float] = []

    def again(self) -> None:
        """Do it once, timed."""
        start = time.perf_counter()
        self.work()
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        self.seconds.append(time.perf_counter() - start)

    @abstractmethod
    def work(self) -> None:
        """What is timed."""

    @property
    def median(self) -> float:
        """Of all rounds but the first two, which warm up."""
        return self.spread()["median"]

    def spread(self) -> dict[str, float]:
        """The median, the least and the most of the same rounds."""
        counted = self.seconds[2:]
        return {"median": statistics.median(counted), "least": min(counted), "most": max(counted)}


class MatrixProduct(Clocked):
    """The product of two large square matrices."""

    def __init__(self, precision: str, device: torch.device) -> None:
        super().__init__(device)
        self._matrices = torch.rand(2, SIDE, SIDE, device=device, dtype=PRECISIONS[precision])

    def work(self) -> None:
        """See the class."""
        torch.mm(*self._matrices)

    @property
    def gflops(self) -> float:
        """Billions of operations a second."""
        return 2 * SIDE**3 / self.median / 1e9


class Step(Clocked):
    """A gradient step of one combination, with a network and a batch of its own."""

    def __init__(self, recipe: str, precision: str, layout: str, batch_size: int, device: torch.device) -> None:
        super().__init__(device)
        self.name: Record = {"recipe": recipe, "precision": precision, "layout": layout, "batch_size": batch_size}
        self._precision = precision
        memory_format = torch.channels_last if layout == "channels_last" else torch.contiguous_format
        model = build_model("cifar10_cnn", OPTIONS, (3, 32, 32), (-1.0, 1.0), LATENT_DIM, seed=0)
        self._model = model.to(device, memory_format=memory_format)  # type: ignore[call-overload]
        self._images = torch.rand(batch_size, 3, 32, 32, device=device).contiguous(memory_format=memory_format)
        self._optimizer: Optimizer = make_optimizer(self._model, load_recipe(load_params(), recipe), precision)
        with FlopCounterMode(display=False) as counter:
            self._pass()
        self.operations: int = counter.get_total_flops()

    def work(self) -> None:
        """Forward and backward pass, and the update."""
        self._pass()
        self._optimizer.step()

    def _pass(self) -> None:
        self._optimizer.zero_grad(set_to_none=True)
        with autocast(self.device, self._precision):
            reconstruction = self._model(self._images)
        F.mse_loss(reconstruction.float(), self._images).backward()  # type: ignore[no-untyped-call]


def main() -> None:
    """Measure, print, write."""
    torch.set_num_threads(1)
    keep_freed_memory()
    device = resolve_device("auto")
    steps = [
        Step("tutorial", precision, layout, batch_size, device)
        for batch_size, precision, layout in product((32, 256), PRECISIONS, ("contiguous", "channels_last"))
    ]
    steps += [Step("muon", precision, "channels_last", 128, device) for precision in PRECISIONS]
    ceilings = {precision: MatrixProduct(precision, device) for precision in PRECISIONS}
    for _ in range(ROUNDS + 2):
        for clocked in (*steps, *ceilings.values()):
            clocked.again()
    about: Record = {f"matrix_product_{name}_gflops": round(ceiling.gflops) for name, ceiling in ceilings.items()}
    records = []
    for step in steps:
        gflops = step.operations / step.median / 1e9
        measured = {
            **{f"{what}_ms": round(1000 * seconds, 1) for what, seconds in step.spread().items()},
            "images_per_second": round(step.name["batch_size"] / step.median),
            "gflops": round(gflops),
            "share_of_the_ceiling": round(gflops / ceilings[step.name["precision"]].gflops, 2),
        }
        records.append({**step.name, **measured})
        print("  ".join(f"{key} {value}" for key, value in records[-1].items()))
    about |= {"device": device_name(device), "rounds": ROUNDS}
    write_json(Path("benchmarks/train_step.json"), [about, *records])


if __name__ == "__main__":
    main()
