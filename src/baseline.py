"""PCA of one data set's training images -> data/baselines/<dataset>/pca.npz; its errors -> plots/<dataset>/pca.json."""

from autoencoder import cli
from autoencoder.files import write_json
from autoencoder.pca import components_path, errors_path, fit_pca, tabulate_errors, write_components
from autoencoder.prepared import SPLITS, read_manifest, read_split


def main(name: str) -> None:
    manifest = read_manifest(name)
    train, val, test = (read_split(name, split).images for split in SPLITS)
    pca = fit_pca(train)
    write_components(pca, components_path(name))
    write_json(errors_path(name), tabulate_errors(pca, val, test, manifest.value_range))


if __name__ == "__main__":
    cli.stage(main, "a data set: a key of `prepare` in params.yaml")
