"""Draw one run: what it gives back, what it does not know, what search finds, maps, random latents, its network.

-> plots/<run>/*.png, and samples.npz, the pictures that the page shows by number of latents.
"""

from autoencoder.drawing import style
from autoencoder.inference.trained_run import load_trained, load_untrained
from autoencoder.measures.corpus import read_corpus
from autoencoder.stages.plot import pictures
from autoencoder.stages.plot.samples import make_samples
from autoencoder.storage import paths
from autoencoder.storage.prepared import read_split
from autoencoder.storage.results import read_result, write_result_arrays
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    trained, untrained = load_trained(name), load_untrained(name)
    dataset = trained.run.dataset
    train, test, corpus = read_split(dataset, "train"), read_split(dataset, "test"), read_corpus(dataset)
    shown = [row for row in read_result(paths.distribution(dataset, name), name, "evaluate") if row["kind"] == "shown"]
    samples = make_samples(trained, train, test, shown)
    write_result_arrays(paths.samples(name), samples, trained.weights_sha256)
    drawn = {
        "hardest": pictures.hardest(trained, samples, shown),
        "reconstructions-train": pictures.reconstructions(trained, train, "training images"),
        "reconstructions-test": pictures.reconstructions(trained, test, "held-out test images"),
        "untrained": pictures.untrained(untrained, test),
        "latents": pictures.latents(trained, test),
        "walks": pictures.walks(trained, test),
        "network": pictures.network_layers(untrained),
        "out-of-distribution": pictures.out_of_distribution(trained),
        "random-latents": pictures.random_latents(trained),
        "search-euclidean": pictures.search(trained, "euclidean", test, corpus),
        "search-cosine": pictures.search(trained, "cosine", test, corpus),
        "map": pictures.maps(trained, test),
    }
    for picture, figure in drawn.items():
        style.save(figure, paths.plots(name) / f"{picture}.png")


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
