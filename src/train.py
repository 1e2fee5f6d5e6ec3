"""Train one run: data/prepared/<dataset> -> models/<run>/weights.safetensors and history.json."""

from autoencoder.config.provenance import preparation_facts
from autoencoder.config.runs import load_run
from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.storage.prepared import read_manifest, read_split
from autoencoder.storage.weights import save_weights
from autoencoder.training.resume import only_one
from autoencoder.training.starter import Starter
from autoencoder.training.trainer import Trainer
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    starter = Starter()
    run = load_run(name)
    manifest = read_manifest(run.dataset, preparation_facts(run.dataset))
    train, val = (read_split(run.dataset, split) for split in ("train", "val"))
    with only_one(name):
        trainer = Trainer(run, manifest, train, val, starter)
        weights, history = trainer.train()
        digest = save_weights(weights, paths.weights(name), trainer.made_from)
        write_json(paths.history(name), {"weights_sha256": digest, **history})
        if not trainer.orphaned:  # else DVC was killed: it will delete these outputs, and go on from the state
            trainer.forget()


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
