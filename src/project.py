"""One run's test latents with their pictures, for TensorBoard's projector -> data/projector/<run>."""

from autoencoder.config.runs import load_run
from autoencoder.stages.project.projector import metadata, write_projector
from autoencoder.storage.latents import read_latents
from autoencoder.storage.prepared import read_manifest, read_split
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    dataset = load_run(name).dataset
    test = read_latents(name, "test")
    labels = metadata(test.index, test.labels, read_manifest(dataset).labels)
    write_projector(name, test.latents, labels, read_split(dataset, "test").images)


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
