"""Encode every image of one run's data set -> data/embeddings/<run>/{train,val,test}.npz: latents, index, labels."""

from autoencoder import cli, paths
from autoencoder.embedding import encode
from autoencoder.inference import load_trained
from autoencoder.latents import write_latents
from autoencoder.prepared import SPLITS, read_split


def main(name: str) -> None:
    trained = load_trained(name)
    for split_name in SPLITS:
        split = read_split(trained.run.dataset, split_name)
        write_latents(paths.embeddings(name) / f"{split_name}.npz", encode(trained, split.images), split)


if __name__ == "__main__":
    cli.stage(main, "a run of params.yaml")
