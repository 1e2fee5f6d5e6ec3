"""What one data set gives without a network: PCA, search by pixels, JPEG and WebP, and the data set in numbers.

-> data/baselines/<dataset>/neighbors.npz and plots/<dataset>/{pca,pca-quality,image-codecs,dataset}.json
"""

from autoencoder.codecs.image_codecs import write_table
from autoencoder.config.provenance import preparation_facts
from autoencoder.config.retrieval import load_retrieval_options
from autoencoder.measures.corpus import read_corpus
from autoencoder.measures.kept_pca import kept_pca
from autoencoder.measures.pca import write_errors, write_quality
from autoencoder.measures.pixel_search import write_pixel_search
from autoencoder.stages.baseline.dataset_summary import summarize_dataset
from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.storage.prepared import SPLITS, read_manifest, read_split
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    manifest, options = read_manifest(name, preparation_facts(name)), load_retrieval_options()
    train, val, test = (read_split(name, split) for split in SPLITS)
    pca = kept_pca(manifest, train.images)
    write_errors(manifest, pca, val.images, test.images)
    write_quality(manifest, pca, test.images)
    write_table(manifest, test.images)
    near_duplicate = write_pixel_search(manifest, test, read_corpus(name), options)
    summary = summarize_dataset(manifest, near_duplicate, options.threshold(name))
    write_json(paths.dataset_summary(name), summary)


if __name__ == "__main__":
    run_stage(main, "a data set: a key of `prepare` in params.yaml")
