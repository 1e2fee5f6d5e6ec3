"""Prepare one data set: downloads, a folder of images or the built-in sample -> data/prepared/<dataset>."""

from autoencoder.data.load import load_dataset
from autoencoder.storage import paths
from autoencoder.storage.prepared import write_prepared
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    splits, manifest, about = load_dataset(name)
    manifest = write_prepared(paths.prepared(name), splits, manifest, about)
    print(f"{name}: {manifest.counts} images of {manifest.image_shape}, from {manifest.source}")
    for note in manifest.notes:
        print(f"{name}: {note}")


if __name__ == "__main__":
    run_stage(main, "a data set: a key of `prepare` in params.yaml")
