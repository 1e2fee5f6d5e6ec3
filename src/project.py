"""One run's test latents for TensorBoard's projector, without pictures -> data/projector/<dataset>/<run>."""

from autoencoder import cli
from autoencoder.latents import read_latents
from autoencoder.prepared import read_manifest
from autoencoder.projector import metadata, write_points
from autoencoder.runs import load_run


def main(name: str) -> None:
    dataset = load_run(name).dataset
    test = read_latents(name, "test")
    write_points(name, dataset, test.latents, metadata(test.index, test.labels, read_manifest(dataset).labels))


if __name__ == "__main__":
    cli.stage(main, "a run of params.yaml")
