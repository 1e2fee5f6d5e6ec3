"""A trained run, ready to use: its network with its weights in float64, on its device."""

from dataclasses import dataclass, replace
from pathlib import Path

import torch

from autoencoder.config.provenance import preparation_facts, training_facts
from autoencoder.config.runs import Run, load_run
from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.models.base.build import build_run
from autoencoder.models.base.device import resolve_device
from autoencoder.storage import paths
from autoencoder.storage.blocks import images_at_once
from autoencoder.storage.prepared import Manifest, read_manifest
from autoencoder.storage.provenance import made_from
from autoencoder.storage.weights import load_weights

DTYPE = torch.float64
# Images at once, fewer of large ones: more are slower in float64, and a network holds many times as many numbers.
BATCH, MAX_VALUES = 100, 1 << 20


@dataclass(frozen=True)
class TrainedRun:
    """A run of params.yaml, what its data set is, and the network in float64 on `device`, in evaluation mode."""

    run: Run
    manifest: Manifest
    model: Autoencoder
    device: torch.device
    weights_sha256: str = ""  # of the file of its weights; empty where it has none

    @property
    def batch_size(self) -> int:
        """How many images go through the network at once."""
        return images_at_once(BATCH, self.manifest.num_inputs, MAX_VALUES)


def load_trained(name: str) -> TrainedRun:
    """The run called `name` with its trained weights.

    Raises UserError where they are missing, or were trained with something else than params.yaml says now.
    """
    return _with_weights(load_untrained(name), paths.weights(name), f"train@{name}")


def load_seed(run: Run) -> TrainedRun:
    """One seed of a study (`load_seed_study`) with its trained weights. Raises UserError as `load_trained` does."""
    return _with_weights(initial(run), paths.seed_weights(run.study, run.seed), f"train_seeds@{run.study}")


def _with_weights(untrained: TrainedRun, path: Path, stage: str) -> TrainedRun:
    expected = made_from(training_facts(untrained.run), untrained.manifest)
    return replace(untrained, weights_sha256=load_weights(untrained.model, path, expected, stage))


def load_untrained(name: str) -> TrainedRun:
    """The run called `name` with the initial weights its training starts from."""
    return initial(load_run(name))


def initial(run: Run) -> TrainedRun:
    """A run, not necessarily one of params.yaml, with the initial weights that follow from its seed."""
    manifest = read_manifest(run.dataset, preparation_facts(run.dataset))
    device = float64_device(run.device)
    model = build_run(run, manifest.image_shape, manifest.value_range)
    return TrainedRun(run, manifest, model.to(device, DTYPE).eval(), device)


def float64_device(wanted: str) -> torch.device:
    """The device that `wanted` names, or the CPU where that one (Apple's MPS) knows no float64."""
    device = resolve_device(wanted)
    return torch.device("cpu") if device.type == "mps" else device
