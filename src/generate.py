"""Decode one run's random latents -> plots/<run>/random-latents.json and random-latents.npz."""

from autoencoder.inference.trained_run import load_trained
from autoencoder.stages.generate.random_latents import generate
from autoencoder.storage import paths
from autoencoder.storage.arrays import write_arrays
from autoencoder.storage.files import write_json
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    pictures, distances = generate(load_trained(name))
    write_json(paths.plots(name) / "random-latents.json", distances)
    write_arrays(paths.random_pictures(name), pictures)


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
