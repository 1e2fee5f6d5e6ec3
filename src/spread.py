"""What became of each seed of a study -> plots/seeds/<study>.json and .png."""

from autoencoder import cli, paths
from autoencoder.figures import pictures, style
from autoencoder.files import write_json
from autoencoder.spread import draw, measure_seeds


def main(name: str) -> None:
    outcomes, summary = measure_seeds(name)
    write_json(paths.plots("seeds") / f"{name}.json", summary)
    title = (
        f"{name}: {summary['num_epochs']} epochs, {summary['num_dead']} of {summary['num_seeds']} seeds died\n"
        f"test images as each seed draws them, with its mean squared error"
    )
    figure = pictures.image_rows(draw(summary["dataset"], outcomes), title, summary["sample"])
    style.save(figure, paths.plots("seeds") / f"{name}.png")


if __name__ == "__main__":
    cli.stage(main, "a study: a key of `seeds` in params.yaml")
