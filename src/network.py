"""Draw one run's network, layer by layer, from its modules -> plots/<run>/network.png."""

from autoencoder import cli, paths
from autoencoder.architecture import trace
from autoencoder.figures import networks, style
from autoencoder.inference import load_untrained


def main(name: str) -> None:
    untrained = load_untrained(name)
    layers = trace(untrained.model, untrained.manifest.image_shape)
    title = f"{name}: {untrained.run.model}, {untrained.model.num_parameters:,} parameters"
    style.save(networks.network(layers, title, untrained.manifest.sample), paths.plots(name) / "network.png")


if __name__ == "__main__":
    cli.stage(main, "a run of params.yaml")
