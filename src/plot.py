"""Draw one run: training and held-out images over their reconstructions, the untrained network's output, the network.

-> plots/<run>/{reconstructions-train,reconstructions-test,untrained,network}.png
"""

from autoencoder.config.plot import load_plot_options
from autoencoder.drawing import style
from autoencoder.drawing.image_rows import image_rows
from autoencoder.inference.trained_run import load_trained, load_untrained
from autoencoder.stages.plot.layers import trace
from autoencoder.stages.plot.network_figure import network
from autoencoder.stages.plot.reconstructions import reconstruction_rows
from autoencoder.storage import paths
from autoencoder.storage.prepared import read_split
from autoencoder.ui.command_line import run_stage

CAPTIONS = {"train": "training images", "test": "held-out test images"}


def main(name: str) -> None:
    options = load_plot_options()
    trained, untrained = load_trained(name), load_untrained(name)
    run, manifest = trained.run, trained.manifest
    splits = {split: read_split(run.dataset, split) for split in CAPTIONS}
    for split, caption in CAPTIONS.items():
        rows, mse = reconstruction_rows(trained, splits[split], options)
        title = f"{name}: {caption} through {run.latent_dim} numbers\nmean squared error of these {mse:.5f}"
        style.save(image_rows(rows, title, manifest.sample), paths.plots(name) / f"reconstructions-{split}.png")
    rows, mse = reconstruction_rows(untrained, splits["test"], options)
    title = f"{name}: {CAPTIONS['test']} through the untrained network\nmean squared error of these {mse:.5f}"
    style.save(image_rows(rows, title, manifest.sample), paths.plots(name) / "untrained.png")
    layers = trace(untrained.model, manifest.image_shape)
    title = f"{name}: {run.model}, {untrained.model.num_parameters:,} parameters"
    style.save(network(layers, title, manifest.sample), paths.plots(name) / "network.png")


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
