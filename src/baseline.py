"""PCA of one data set's training images: its error on val and test at every dimension -> plots/<dataset>/pca.json.

And PCA itself, mean and components -> data/baselines/<dataset>/pca.npz.
"""

from autoencoder import cli
from autoencoder.files import write_json
from autoencoder.pca import components_path, errors_path, fit_pca, tabulate_errors, write_components
from autoencoder.prepared import read_manifest, read_split


def main(name: str) -> None:
    manifest = read_manifest(name)
    pca = fit_pca(read_split(name, "train").images)
    write_components(pca, components_path(name))
    rows = tabulate_errors(pca, read_split(name, "val").images, read_split(name, "test").images, manifest.value_range)
    write_json(errors_path(name), rows)


if __name__ == "__main__":
    cli.stage(main, "a data set: a key of `prepare` in params.yaml")
