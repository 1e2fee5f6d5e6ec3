"""Draw what an autoencoder is: nodes in layers, each joined to all of the next -> plots/diagrams/<name>.png."""

from autoencoder.config.diagrams import load_layer_sizes
from autoencoder.drawing import style
from autoencoder.stages.diagram.figure import diagram
from autoencoder.storage import paths
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    style.save(diagram(load_layer_sizes(name)), paths.plots("diagrams") / f"{name}.png")


if __name__ == "__main__":
    run_stage(main, "a diagram: a key of `diagram` in params.yaml")
