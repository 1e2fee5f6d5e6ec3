"""Draw one run: what it gives back, what it does not know, what search finds, maps, random latents, its network.

-> plots/<run>/*.png
"""

from autoencoder.drawing import style
from autoencoder.inference.trained_run import load_trained, load_untrained
from autoencoder.measures.corpus import read_corpus
from autoencoder.stages.plot import pictures
from autoencoder.storage import paths
from autoencoder.storage.prepared import read_split
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    trained, untrained = load_trained(name), load_untrained(name)
    dataset = trained.run.dataset
    train, test, corpus = read_split(dataset, "train"), read_split(dataset, "test"), read_corpus(dataset)
    drawn = {
        "reconstructions-train": pictures.reconstructions(trained, train, "training images"),
        "reconstructions-test": pictures.reconstructions(trained, test, "held-out test images"),
        "untrained": pictures.untrained(untrained, test),
        "latents": pictures.latents(trained, test),
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
