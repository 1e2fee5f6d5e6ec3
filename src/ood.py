"""One run on pictures unlike its data set's -> metrics/ood/<run>.json, plots/<run>/out-of-distribution.png."""

from autoencoder import cli, paths
from autoencoder.figures import pictures, style
from autoencoder.files import write_json
from autoencoder.inference import load_trained
from autoencoder.patterns import make_patterns, reconstruct_patterns


def main(name: str) -> None:
    trained = load_trained(name)
    rows, errors = reconstruct_patterns(trained, make_patterns(trained.manifest.image_shape))
    write_json(paths.metrics(f"ood/{name}"), errors)
    title = (
        f"{name}: pictures unlike any of {trained.run.dataset} through {trained.run.latent_dim} numbers\nMSE below each"
    )
    figure = pictures.image_rows(rows, title, trained.manifest.sample)
    style.save(figure, paths.plots(name) / "out-of-distribution.png")


if __name__ == "__main__":
    cli.stage(main, "a run of params.yaml")
