"""Draw what an autoencoder is: nodes in layers, each joined to all of the next -> plots/diagrams/<name>.png."""

from autoencoder import cli, paths
from autoencoder.figures import networks, style
from autoencoder.sizes import load_sizes


def main(name: str) -> None:
    style.save(networks.diagram(load_sizes(name)), paths.plots("diagrams") / f"{name}.png")


if __name__ == "__main__":
    cli.stage(main, "a diagram: a key of `diagram` in params.yaml")
