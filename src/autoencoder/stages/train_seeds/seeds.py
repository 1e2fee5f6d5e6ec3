"""One network trained from several seeds: `seeds` in params.yaml.

Source: the CryptoPunks tutorial sets no seed and shows one training. What became of each seed is
measured by `evaluate_seeds`.
"""

from pathlib import Path

from autoencoder.config.provenance import preparation_facts
from autoencoder.config.seed_studies import load_seed_study
from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.storage.prepared import read_manifest, read_split
from autoencoder.storage.weights import save_weights
from autoencoder.training.resume import only_one
from autoencoder.training.starter import Starter
from autoencoder.training.trainer import Trainer
from autoencoder.ui.progress import tell_seed


def train_seeds(name: str, starter: Starter | None = None) -> list[Path]:
    """Train every seed, one after the other; write each one's weights, and at the end the history, with every
    epoch's validation error.

    A study that was stopped goes on with the seed and the epoch it had reached: returns the files of training state
    that it would go on from, to be removed once all is safely written.
    """
    runs = load_seed_study(name)
    manifest = read_manifest(runs[0].dataset, preparation_facts(runs[0].dataset))
    train, val = (read_split(manifest.name, split) for split in ("train", "val"))
    states, histories = [], []
    for run in runs:
        with only_one(run.name):
            trainer = Trainer(run, manifest, train, val, starter)
            weights, history = trainer.train()
        digest = save_weights(weights, paths.seed_weights(name, run.seed), trainer.made_from)
        states.append(trainer.state_path)
        val_mse = [epoch["val_mse"] for epoch in history["epochs"]]
        histories.append({**history, "weights_sha256": digest, "val_mse": val_mse})
        tell_seed(run.name, len(histories), len(runs))
    facts = {key: histories[0][key] for key in ("num_epochs", "device", "precision", "torch")}
    seeds = [
        {key: history[key] for key in ("seed", "best_epoch", "train_seconds", "weights_sha256", "val_mse")}
        for history in histories
    ]
    write_json(paths.seeds_history(name), {**facts, "seeds": seeds})
    return states
