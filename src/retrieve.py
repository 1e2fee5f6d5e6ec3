"""Image search with one run's latents: every test image in the corpus of all others -> metrics/retrieve/<run>.json.

And plots/<run>/search-<metric>.png, the first test images with their neighbors.
"""

from autoencoder.config.retrieval import load_retrieval_options
from autoencoder.config.runs import load_run
from autoencoder.drawing import style
from autoencoder.drawing.image_rows import image_rows
from autoencoder.measures.corpus import read_corpus, read_corpus_latents
from autoencoder.measures.nearest_neighbors import search_all
from autoencoder.measures.pca import read_components
from autoencoder.measures.pixel_search import read_pixel_search
from autoencoder.stages.retrieve.neighbor_rows import neighbor_rows
from autoencoder.stages.retrieve.precision import tabulate
from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.storage.latents import read_latents
from autoencoder.storage.prepared import read_manifest, read_split
from autoencoder.storage.results import PCA
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    run, count = load_run(name), load_retrieval_options().neighbors
    manifest, corpus, queries = read_manifest(run.dataset), read_corpus(run.dataset), read_split(run.dataset, "test")
    pca = read_components(run.dataset)
    by_pixels, near_duplicate = read_pixel_search(run.dataset)
    by_latents = search_all(read_latents(name, "test").latents, read_corpus_latents(name), count)
    found = {"latents": by_latents, "pixels": by_pixels}
    if run.latent_dim <= len(pca.components):  # fewer would be another dimension's
        given, there = (pca.encode(part.images, run.latent_dim) for part in (queries, corpus))
        found[PCA] = search_all(given, there, count)
    records = tabulate(run, found, queries, corpus, manifest, near_duplicate)
    write_json(paths.metrics(f"retrieve/{name}"), records)
    for metric, neighbors in by_latents.items():
        title = (
            f"{name}: test images, and the nearest of {len(corpus.images):,} others by {metric} distance of the latents"
        )
        figure = image_rows(neighbor_rows(neighbors, queries, corpus, manifest), title, manifest.sample)
        style.save(figure, paths.plots(name) / f"search-{metric}.png")


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
