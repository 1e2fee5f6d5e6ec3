"""Every picture of one run, a figure with its title; what was measured for it is read from where it was written."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from autoencoder.config.plot import load_plot_options
from autoencoder.drawing.image_rows import ImageRow, image_rows
from autoencoder.inference.patterns import make_patterns, reconstruct_patterns
from autoencoder.inference.trained_run import TrainedRun
from autoencoder.measures.colourings import colourings
from autoencoder.measures.corpus import Corpus
from autoencoder.stages.plot.latents import latent_rows
from autoencoder.stages.plot.layers import trace
from autoencoder.stages.plot.map_figure import label_maps, map_titles
from autoencoder.stages.plot.neighbor_rows import neighbor_rows
from autoencoder.stages.plot.network_figure import network
from autoencoder.stages.plot.reconstructions import reconstruction_rows
from autoencoder.stages.plot.samples import sample_rows
from autoencoder.stages.plot.walks import walk_rows
from autoencoder.storage import paths
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import Split
from autoencoder.storage.results import read_result, read_result_arrays

KINDS = {
    "standard_normal": "standard normal",
    "gaussian": "Gaussian",
    "mixture": "Gaussian mixture",
    "reconstructions": "reconstructed\ntest images",
    "training_images": "training images",
}


def reconstructions(trained: TrainedRun, split: Split, which: str) -> Figure:
    """Originals of `split` over what the run makes of them; `which` says what they are."""
    rows, mse = reconstruction_rows(trained, split, load_plot_options())
    run = trained.run
    title = f"{run.name}: {which} through {run.latent_dim} numbers\nmean squared error of these {mse:.5f}"
    return image_rows(rows, title, trained.manifest.sample)


def untrained(initial: TrainedRun, test: Split) -> Figure:
    """The same by the network before its training."""
    rows, mse = reconstruction_rows(initial, test, load_plot_options())
    title = (
        f"{initial.run.name}: held-out test images through the untrained network\nmean squared error of these {mse:.5f}"
    )
    return image_rows(rows, title, initial.manifest.sample)


def hardest(trained: TrainedRun, samples: dict[str, np.ndarray], shown: Sequence[Record]) -> Figure:
    """The easiest, the middle and the hardest test images, beside PCA, and where the run is off."""
    title = f"{trained.run.name}: the easiest, the middle and the hardest test images, squared error below"
    return image_rows(sample_rows(samples, shown), title, trained.manifest.sample)


def latents(trained: TrainedRun, test: Split) -> Figure:
    """What single latents do, and what the first of a nested run draw."""
    run = trained.run
    title = f"{run.name}: what one of {run.latent_dim} latents does, the others at their mean"
    if run.nested:
        title = f"{run.name}: test images from their first latents; what each of the first latents does"
    return image_rows(latent_rows(trained, test), title, trained.manifest.sample)


def walks(trained: TrainedRun, test: Split) -> Figure:
    """From one test image to another, by latents and by pixels; of two latents the whole plane."""
    title = f"{trained.run.name}: from one test image to another on a straight line"
    if trained.run.latent_dim == 2:
        title += ",\nand below it the plane of both latents"
    return image_rows(walk_rows(trained, test), title, trained.manifest.sample)


def network_layers(trained: TrainedRun) -> Figure:
    """The network layer by layer."""
    layers = trace(trained.model, trained.manifest.image_shape)
    title = f"{trained.run.name}: {trained.run.model}, {trained.model.num_parameters:,} parameters"
    return network(layers, title, trained.manifest.sample)


def out_of_distribution(trained: TrainedRun) -> Figure:
    """Pictures unlike any of the data set, over what the run makes of them."""
    shown = reconstruct_patterns(trained, make_patterns(trained.manifest.image_shape))
    titles = tuple(name.replace("_", " ") for name in shown.names)
    captions = tuple(f"{mse:.2g}" for mse in shown.mse)
    rows = [ImageRow("original", shown.originals, titles), ImageRow("reconstructed", shown.reconstructions, captions)]
    run = trained.run
    title = f"{run.name}: pictures unlike any of {run.dataset} through {run.latent_dim} numbers\nMSE below each"
    return image_rows(rows, title, trained.manifest.sample)


def random_latents(trained: TrainedRun) -> Figure:
    """Pictures from random latents of each kind, with their distance to test images."""
    run = trained.run
    distances: Record = read_result(paths.plots(run.name) / "random-latents.json", run.name, "generate")
    kept = read_result_arrays(paths.random_pictures(run.name), run.name, "generate", *KINDS)
    rows = [ImageRow(f"{label}\n{distances[f'{kind}_swd']:.1f}", kept[kind] / 255) for kind, label in KINDS.items()]
    title = (
        f"{run.name}: pictures from {run.latent_dim} random numbers\n"
        f"below each kind its sliced Wasserstein distance to test images (x 1,000)"
    )
    return image_rows(rows, title, trained.manifest.sample)


def search(trained: TrainedRun, metric: str, test: Split, corpus: Corpus) -> Figure:
    """Test images and their nearest by the run's latents, PCA of as many components, and pixels."""
    name = trained.run.name
    found: list[Record] = read_result(paths.found_neighbors(name), name, "retrieve")
    rows = neighbor_rows([row for row in found if row["metric"] == metric], test, corpus, trained.manifest)
    title = f"{name}: test images, and the nearest of {len(corpus.images):,} others by {metric} distance"
    return image_rows(rows, title, trained.manifest.sample)


def maps(trained: TrainedRun, test: Split) -> Figure:
    """The test latents on a plane, coloured by label."""
    run, manifest = trained.run, trained.manifest
    titles = map_titles(read_result(paths.plots(run.name) / "map.json", run.name, "map"), run.latent_dim)
    points = read_result_arrays(paths.map_points(run.name), run.name, "map", *titles)
    title = f"{run.name}: {len(test.images):,} test images, {run.latent_dim} numbers each, on a plane"
    shown = colourings(test.labels, manifest.labels)
    return label_maps({titles[kind]: points[kind] for kind in titles}, shown, title, manifest.sample)
