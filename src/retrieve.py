"""Image search with one run's latents: every test image in the corpus of all others.

-> metrics/<dataset>/retrieve/<run>.json; and plots/<run>/search.json, what each code finds for a few test images.
"""

from autoencoder.config.provenance import preparation_facts, training_facts
from autoencoder.config.retrieval import load_retrieval_options
from autoencoder.config.runs import load_run
from autoencoder.measures.corpus import read_corpus, read_corpus_latents
from autoencoder.measures.kept_pca import kept_pca
from autoencoder.measures.nearest_neighbors import search_all
from autoencoder.measures.pca import most_components
from autoencoder.measures.pixel_search import read_pixel_search
from autoencoder.stages.retrieve.precision import tabulate
from autoencoder.stages.retrieve.shown import tabulate_shown
from autoencoder.storage import paths
from autoencoder.storage.latents import read_latents
from autoencoder.storage.prepared import read_manifest, read_split
from autoencoder.storage.provenance import check_weights
from autoencoder.storage.results import PCA, write_result
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    run, options = load_run(name), load_retrieval_options()
    manifest = read_manifest(run.dataset, preparation_facts(run.dataset))
    check_weights(paths.weights(name), f"train@{name}", training_facts(run), manifest)
    corpus, queries = read_corpus(run.dataset), read_split(run.dataset, "test")
    by_pixels, near_duplicate = read_pixel_search(manifest, options)
    given = read_latents(name, "test")
    by_latents = search_all(given.latents, read_corpus_latents(name), options.neighbors)
    found = {"latents": {metric: neighbors.rows for metric, neighbors in by_latents.items()}, "pixels": by_pixels}
    if run.latent_dim <= most_components(manifest.num_inputs):
        pca = kept_pca(manifest, corpus.images[: manifest.counts["train"]])  # train comes first in the corpus
        of_queries, of_corpus = (pca.encode(part.images, run.latent_dim) for part in (queries, corpus))
        by_pca = search_all(of_queries, of_corpus, options.neighbors)
        found[PCA] = {metric: neighbors.rows for metric, neighbors in by_pca.items()}
    records = tabulate(run, found, queries, corpus, manifest, near_duplicate)
    write_result(paths.metrics(run.dataset, f"retrieve/{name}"), records, given.weights_sha256)
    write_result(paths.found_neighbors(name), tabulate_shown(found, queries, manifest.kind), given.weights_sha256)


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
