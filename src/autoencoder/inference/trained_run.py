"""A trained run, ready to use: its network with its weights, on its device."""

from dataclasses import dataclass

import torch

from autoencoder.config.runs import Run, load_run
from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.models.base.build import build_model
from autoencoder.models.base.device import make_deterministic, resolve_device
from autoencoder.storage import paths
from autoencoder.storage.prepared import Manifest, read_manifest
from autoencoder.storage.weights import load_weights


@dataclass(frozen=True)
class TrainedRun:
    """A run of params.yaml, what its data set is, and the network on `device`, in evaluation mode."""

    run: Run
    manifest: Manifest
    model: Autoencoder
    device: torch.device


def load_trained(name: str) -> TrainedRun:
    """The run called `name` with its trained weights. Raises UserError where they are missing or do not fit."""
    untrained = load_untrained(name)
    load_weights(untrained.model, paths.weights(name))
    return untrained


def load_untrained(name: str) -> TrainedRun:
    """The run called `name` with the initial weights its training starts from."""
    return initial(load_run(name))


def initial(run: Run) -> TrainedRun:
    """A run, not necessarily one of params.yaml, with the initial weights that follow from its seed."""
    make_deterministic()
    manifest = read_manifest(run.dataset)
    device = resolve_device(run.device)
    model = build_model(
        run.model, run.model_options, manifest.image_shape, manifest.value_range, run.latent_dim, run.seed
    )
    return TrainedRun(run, manifest, model.to(device).eval(), device)
