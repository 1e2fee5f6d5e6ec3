"""Encode every image of one run's data set -> data/embeddings/<run>/{train,val,test}.npz: latents, index, labels."""

from autoencoder.inference.embeddings import embed_batches
from autoencoder.inference.trained_run import load_trained
from autoencoder.storage.arrays import Blocks
from autoencoder.storage.latents import LATENT_DTYPE, write_latents
from autoencoder.storage.prepared import SPLITS, read_split
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    trained = load_trained(name)
    for split_name in SPLITS:
        split = read_split(trained.run.dataset, split_name)
        shape = (len(split.images), trained.run.latent_dim)
        latents = Blocks(shape, LATENT_DTYPE, embed_batches(trained, split.images))
        write_latents(name, split_name, latents, split, trained.weights_sha256, trained.manifest)


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
