"""Evaluate one run over the whole validation and test sets -> metrics/<run>.json, and its learning curve beside it."""

import torch

from autoencoder import cli, paths
from autoencoder.curves import learning_curve, learning_path
from autoencoder.evaluation import measure
from autoencoder.files import read_json, write_json
from autoencoder.inference import load_trained
from autoencoder.metrics import collect
from autoencoder.pca import read_errors
from autoencoder.prepared import read_split


def main(name: str) -> None:
    trained = load_trained(name)
    errors = {
        split: measure(
            trained.model,
            torch.from_numpy(read_split(trained.run.dataset, split).images),
            trained.manifest.value_range,
            trained.device,
        )
        for split in ("val", "test")
    }
    history = read_json(paths.history(name), f"python src/train.py {name}")
    metrics = collect(trained, errors["val"], errors["test"], history, read_errors(trained.run.dataset))
    write_json(paths.metrics(name), metrics)
    write_json(learning_path(name), learning_curve(name, history))


if __name__ == "__main__":
    cli.stage(main, "a run of params.yaml")
