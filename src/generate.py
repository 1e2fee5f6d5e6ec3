"""Decode one run's random latents -> plots/<run>/random-latents.json and random-latents.npz."""

from autoencoder.inference.trained_run import load_trained
from autoencoder.stages.generate.random_latents import generate
from autoencoder.storage import paths
from autoencoder.storage.results import write_result, write_result_arrays
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    trained = load_trained(name)
    pictures, distances = generate(trained)
    write_result_arrays(paths.random_pictures(name), pictures, trained.weights_sha256)
    write_result(paths.plots(name) / "random-latents.json", distances, trained.weights_sha256)


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
