"""One run's test latents with their pictures, for TensorBoard's projector -> data/projector/<run>."""

from autoencoder.config.provenance import preparation_facts, training_facts
from autoencoder.config.runs import load_run
from autoencoder.stages.project.projector import metadata, write_projector
from autoencoder.storage import paths
from autoencoder.storage.latents import read_latents
from autoencoder.storage.prepared import read_manifest, read_split
from autoencoder.storage.provenance import check_weights
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    run = load_run(name)
    manifest = read_manifest(run.dataset, preparation_facts(run.dataset))
    check_weights(paths.weights(name), f"train@{name}", training_facts(run), manifest)
    test = read_latents(name, "test")
    labels = metadata(test.index, test.labels, manifest.labels)
    write_projector(name, test.latents, labels, read_split(run.dataset, "test").images)


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
