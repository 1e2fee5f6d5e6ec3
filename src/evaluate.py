"""Evaluate one run over the whole validation and test sets -> metrics/<run>.json."""

import torch

from autoencoder import cli, paths
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


if __name__ == "__main__":
    cli.stage(main, "a run of params.yaml")
