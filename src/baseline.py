"""PCA of one data set's training images: its error on val and test at every dimension -> plots/<dataset>/pca.json."""

import json

from autoencoder import cli
from autoencoder.checkpoints import write_atomically
from autoencoder.pca import errors_path, fit_pca, tabulate_errors
from autoencoder.prepared import read_manifest, read_split


def main(name: str) -> None:
    manifest = read_manifest(name)
    pca = fit_pca(read_split(name, "train").images)
    rows = tabulate_errors(pca, read_split(name, "val").images, read_split(name, "test").images, manifest.value_range)
    write_atomically(errors_path(name), ("[" + ",\n ".join(map(json.dumps, rows)) + "]\n").encode())


if __name__ == "__main__":
    cli.stage(main, "a data set: a key of `prepare` in params.yaml")
