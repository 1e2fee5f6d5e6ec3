"""A data set's test images for TensorBoard's projector -> data/projector/<dataset>/sprite.png, and a config with it."""

from autoencoder import cli
from autoencoder.prepared import read_split
from autoencoder.projector import write_pictures
from autoencoder.runs import load_runs


def main(name: str) -> None:
    latent_dims = {run.name: run.latent_dim for run in load_runs().values() if run.dataset == name}
    write_pictures(name, read_split(name, "test").images, latent_dims)


if __name__ == "__main__":
    cli.stage(main, "a data set: a key of `prepare` in params.yaml")
