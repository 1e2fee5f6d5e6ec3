"""Decode one run's random latents -> plots/<run>/random-latents.json and .png."""

from autoencoder import cli, paths
from autoencoder.figures import pictures, style
from autoencoder.files import write_json
from autoencoder.generation import generate
from autoencoder.inference import load_trained

COLUMNS = 8


def main(name: str) -> None:
    trained = load_trained(name)
    rows, distances = generate(trained, COLUMNS)
    write_json(paths.plots(name) / "random-latents.json", distances)
    title = (
        f"{name}: pictures from {trained.run.latent_dim} random numbers\n"
        f"below each kind its sliced Wasserstein distance to test images (x 1,000)"
    )
    figure = pictures.image_rows(rows, title, trained.manifest.sample)
    style.save(figure, paths.plots(name) / "random-latents.png")


if __name__ == "__main__":
    cli.stage(main, "a run of params.yaml")
