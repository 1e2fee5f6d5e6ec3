"""What needs no network, on one data set: the errors of PCA at every dimension -> plots/<dataset>/pca.json, raw-pixel
search, JPEG and WebP -> plots/<dataset>/image-codecs.json, and the data in numbers -> metrics/baseline/<dataset>.json.

PCA itself and the neighbours by pixels are kept for the runs to be compared with: data/baselines/<dataset>.
"""

from autoencoder import cli, image_codecs, paths
from autoencoder.facts import describe
from autoencoder.files import write_json
from autoencoder.pca import components_path, errors_path, fit_pca, tabulate_errors, write_components
from autoencoder.prepared import SPLITS, read_manifest, read_split
from autoencoder.retrieval import load_options
from autoencoder.search import read_corpus, write_pixel_search


def main(name: str) -> None:
    manifest = read_manifest(name)
    train, val, test = (read_split(name, split) for split in SPLITS)
    pca = fit_pca(train.images)
    write_components(pca, components_path(name))
    write_json(errors_path(name), tabulate_errors(pca, val.images, test.images, manifest.value_range))
    write_json(image_codecs.table_path(name), image_codecs.tabulate(test.images))
    near_duplicate = write_pixel_search(name, test, read_corpus(name), load_options())
    write_json(paths.metrics(f"baseline/{name}"), describe(manifest, near_duplicate))


if __name__ == "__main__":
    cli.stage(main, "a data set: a key of `prepare` in params.yaml")
