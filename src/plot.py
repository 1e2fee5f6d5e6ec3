"""Draw one run: training and held-out images over their reconstructions, and the untrained network's output."""

from autoencoder import cli, paths
from autoencoder.figures import pictures, style
from autoencoder.inference import load_trained, load_untrained
from autoencoder.prepared import read_split
from autoencoder.reconstructions import compare, load_layout

CAPTIONS = {"train": "training images", "test": "held-out test images"}


def main(name: str) -> None:
    layout = load_layout()
    trained, untrained = load_trained(name), load_untrained(name)
    run, sample = trained.run, trained.manifest.sample
    splits = {split: read_split(run.dataset, split) for split in CAPTIONS}
    for split, caption in CAPTIONS.items():
        rows, mse = compare(trained, splits[split], layout)
        title = f"{name}: {caption} through {run.latent_dim} numbers\nmean squared error of these {mse:.5f}"
        style.save(pictures.image_rows(rows, title, sample), paths.plots(name) / f"reconstructions-{split}.png")
    rows, mse = compare(untrained, splits["test"], layout)
    title = f"{name}: {CAPTIONS['test']} through the untrained network\nmean squared error of these {mse:.5f}"
    style.save(pictures.image_rows(rows, title, sample), paths.plots(name) / "untrained.png")


if __name__ == "__main__":
    cli.stage(main, "a run of params.yaml")
