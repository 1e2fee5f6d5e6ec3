"""Decode one run's random latents -> plots/<run>/random-latents.json and .png."""

from autoencoder.drawing import style
from autoencoder.drawing.image_rows import image_rows
from autoencoder.inference.trained_run import load_trained
from autoencoder.stages.generate.random_latents import generate
from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.ui.command_line import run_stage

COLUMNS = 8


def main(name: str) -> None:
    trained = load_trained(name)
    rows, distances = generate(trained, COLUMNS)
    write_json(paths.plots(name) / "random-latents.json", distances)
    title = (
        f"{name}: pictures from {trained.run.latent_dim} random numbers\n"
        f"below each kind its sliced Wasserstein distance to test images (x 1,000)"
    )
    figure = image_rows(rows, title, trained.manifest.sample)
    style.save(figure, paths.plots(name) / "random-latents.png")


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
