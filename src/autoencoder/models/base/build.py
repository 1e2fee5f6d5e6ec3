"""A network by its name, with initial weights.

A network is named by its file. It is imported by that name alone, so that adding or editing one network does not make
DVC train the others again.
"""

from collections.abc import Mapping
from importlib import import_module
from math import prod
from pathlib import Path
from typing import Any

import torch

from autoencoder import models
from autoencoder.config.params import parse
from autoencoder.config.runs import Run
from autoencoder.models.base.autoencoder import FINAL_ACTIVATIONS, Autoencoder, ImageShape
from autoencoder.models.base.nested import make_nested
from autoencoder.models.base.value_range import ValueRange
from autoencoder.ui import errors


def build_run(run: Run, image_shape: ImageShape, value_range: ValueRange) -> Autoencoder:
    """The network of a run with the initial weights of its seed. Raises UserError as `build_model` does."""
    return build_model(
        run.model, run.model_options, image_shape, value_range, run.latent_dim, run.seed, nested=run.nested
    )


def build_model(
    name: str,
    options: Mapping[str, Any],
    image_shape: ImageShape,
    value_range: ValueRange,
    latent_dim: int,
    seed: int,
    nested: bool = False,
) -> Autoencoder:
    """Build the network in models/<name>.py with initial weights drawn from `seed` (the caller's generator untouched).

    nested: with latents that can be put in order (`nested.make_nested`).

    Raises UserError for a model or an option that does not exist, a shape or latent dimension that the network
    cannot have, and a final activation that cannot reach the images' value range.
    """
    there = [path.stem for folder in models.__path__ for path in Path(folder).glob("[!_]*.py")]
    if name not in there:
        raise errors.no_such_network(name, there)
    module = import_module(f"{models.__name__}.{name}")
    parsed = parse(module.Options, options, f"models.{name}")
    _check_range(name, getattr(parsed, "final_activation", "none"), value_range)
    if latent_dim > prod(image_shape):
        raise errors.latents_outnumber_inputs(latent_dim, image_shape)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model: Autoencoder = module.build(parsed, image_shape, latent_dim)
    return make_nested(model) if nested else model


def _check_range(name: str, activation: str, value_range: ValueRange) -> None:
    reached = FINAL_ACTIVATIONS[activation][1]
    if value_range[0] < reached[0] or value_range[1] > reached[1]:
        raise errors.activation_out_of_reach(name, activation, reached, value_range)
