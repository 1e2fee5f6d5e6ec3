"""What pixels alone give, without a network: search by them -> data/baselines/<dataset>/neighbours.npz.

And what JPEG and WebP make of them -> plots/<dataset>/image-codecs.json; the data set in numbers ->
plots/<dataset>/pixels.json.
"""

from autoencoder import cli, image_codecs, paths
from autoencoder.facts import describe
from autoencoder.files import write_json
from autoencoder.prepared import read_manifest, read_split
from autoencoder.retrieval import load_options
from autoencoder.search import read_corpus, write_pixel_search


def main(name: str) -> None:
    test = read_split(name, "test")
    write_json(image_codecs.table_path(name), image_codecs.tabulate(test.images))
    options = load_options()
    near_duplicate = write_pixel_search(name, test, read_corpus(name), options)
    write_json(
        paths.plots(name) / "pixels.json", describe(read_manifest(name), near_duplicate, options.threshold(name))
    )


if __name__ == "__main__":
    cli.stage(main, "a data set: a key of `prepare` in params.yaml")
