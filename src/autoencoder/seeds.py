"""One network trained from several seeds: `seeds` in params.yaml.

Source: the CryptoPunks tutorial sets no seed and shows one training. What became of each seed is measured in `spread`.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import Field

from autoencoder import paths
from autoencoder.checkpoints import only_one, save_weights
from autoencoder.files import write_json
from autoencoder.params import Section, get_section, load_params, parse
from autoencoder.prepared import read_manifest, read_split
from autoencoder.runs import Run, resolve
from autoencoder.training import Trainer


class Study(Section):
    """One entry of `seeds`: a run's line with a number of seeds (0, 1, ...) in place of one."""

    dataset: str
    model: str
    latent_dim: int = Field(ge=1, le=65_536)
    recipe: str
    num_seeds: int = Field(ge=1, le=1000)
    options: dict[str, Any] = Field(default_factory=dict)


def load_study(name: str) -> list[Run]:
    """The study's runs, one a seed. Raises UserError where params.yaml has no such study, or a wrong one."""
    params = load_params()
    study = parse(Study, get_section(params, "seeds", name), f"seeds.{name}")
    line = study.model_dump(exclude={"num_seeds"})
    first = resolve(params, name, {**line, "seed": 0})
    return [replace(first, name=f"{name}-{seed}", seed=seed) for seed in range(study.num_seeds)]


def weights_path(study: str, seed: int) -> Path:
    """One seed's trained weights."""
    return history_path(study).with_name(f"{seed}.safetensors")


def history_path(study: str) -> Path:
    """How a study's seeds were trained: {num_epochs, device, precision, torch, seeds: [{seed, best_epoch, ...}]}."""
    return paths.history(f"seeds/{study}")


def train_seeds(name: str) -> list[Path]:
    """Train every seed, one after the other; write each one's weights, and at the end the history.

    A study that was stopped goes on with the seed and the epoch it had reached: returns the files of training state
    that it would go on from, to be removed once all is safely written.
    """
    runs = load_study(name)
    manifest = read_manifest(runs[0].dataset)
    train, val = (read_split(manifest.name, split) for split in ("train", "val"))
    states, histories = [], []
    for run in runs:
        with only_one(run.name):
            trainer = Trainer(run, manifest, train, val)
            weights, history = trainer.train()
        save_weights(weights, weights_path(name, run.seed))
        states.append(trainer.state_path)
        histories.append(history)
        print(f"{run.name} is trained, {len(histories)} of {len(runs)} seeds", flush=True)
    facts = {key: histories[0][key] for key in ("num_epochs", "device", "precision", "torch")}
    seeds = [{key: history[key] for key in ("seed", "best_epoch", "train_seconds")} for history in histories]
    write_json(history_path(name), {**facts, "seeds": seeds})
    return states
