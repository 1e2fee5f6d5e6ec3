"""What became of each seed of a study -> metrics/<dataset>/seeds/<study>.json, plots/seeds/<study>.png.

Beside it the learning curves of the seeds.
"""

from autoencoder.drawing import style
from autoencoder.drawing.image_rows import image_rows
from autoencoder.stages.evaluate_seeds.outcomes import draw, learning_curves, measure_seeds
from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.storage.results import write_seed_outcomes
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    outcomes, summary = measure_seeds(name)
    write_seed_outcomes(summary["dataset"], name, summary, (outcome.weights_sha256 for outcome in outcomes))
    write_json(paths.seeds_learning(summary["dataset"], name), learning_curves(name))
    title = (
        f"{name}: {summary['num_epochs']} epochs, {summary['num_dead']} of {summary['num_seeds']} seeds died\n"
        f"test images as each seed draws them, with its mean squared error"
    )
    figure = image_rows(draw(summary["dataset"], outcomes), title, summary["sample"])
    style.save(figure, paths.plots("seeds") / f"{name}.png")


if __name__ == "__main__":
    run_stage(main, "a study: a key of `seeds` in params.yaml")
