"""One run on pictures unlike its data set's -> metrics/ood/<run>.json, plots/<run>/out-of-distribution.png."""

from autoencoder.drawing import style
from autoencoder.drawing.image_rows import image_rows
from autoencoder.inference.trained_run import load_trained
from autoencoder.stages.ood.patterns import make_patterns, reconstruct_patterns
from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    trained = load_trained(name)
    rows, errors = reconstruct_patterns(trained, make_patterns(trained.manifest.image_shape))
    write_json(paths.metrics(f"ood/{name}"), errors)
    title = (
        f"{name}: pictures unlike any of {trained.run.dataset} through {trained.run.latent_dim} numbers\nMSE below each"
    )
    figure = image_rows(rows, title, trained.manifest.sample)
    style.save(figure, paths.plots(name) / "out-of-distribution.png")


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
