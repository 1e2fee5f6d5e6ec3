"""Train one run: data/prepared/<dataset> -> models/<run>/weights.safetensors and history.json."""

import os

from autoencoder import cli, paths
from autoencoder.checkpoints import only_one, save_weights
from autoencoder.files import write_json
from autoencoder.prepared import read_manifest, read_split
from autoencoder.runs import load_run
from autoencoder.training import Trainer


def main(name: str) -> None:
    parent = os.getppid()
    run = load_run(name)
    manifest = read_manifest(run.dataset)
    train, val = (read_split(run.dataset, split) for split in ("train", "val"))
    with only_one(name):
        trainer = Trainer(run, manifest, train, val)
        weights, history = trainer.train()
        save_weights(weights, paths.weights(name))
        write_json(paths.history(name), history)
        if os.getppid() == parent:  # else DVC was killed: it will delete these outputs, and go on from the state
            trainer.forget()


if __name__ == "__main__":
    cli.stage(main, "a run of params.yaml")
