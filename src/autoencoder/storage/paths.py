"""Where everything lies: each path a pure function of a data set's or a run's name, relative to the project's root."""

import os
from pathlib import Path


def prepared(dataset: str) -> Path:
    """The folder of a prepared data set: {train,val,test}.npz and manifest.json."""
    return Path("data/prepared") / dataset


def embeddings(run: str) -> Path:
    """The folder of a run's latents: {train,val,test}.npz."""
    return Path("data/embeddings") / run


def weights(run: str) -> Path:
    """A run's trained weights."""
    return Path("models") / run / "weights.safetensors"


def history(run: str) -> Path:
    """A run's per-epoch history, with the device it was trained on and the time it took."""
    return Path("models") / run / "history.json"


def seed_weights(study: str, seed: int) -> Path:
    """The trained weights of one seed of a seed study."""
    return seeds_history(study).with_name(f"{seed}.safetensors")


def seeds_history(study: str) -> Path:
    """How a study's seeds were trained: {num_epochs, device, precision, torch, seeds: [{seed, best_epoch, ...}]}."""
    return history(f"seeds/{study}")


def seed_outcomes(dataset: str, study: str) -> Path:
    """What became of a study's seeds, one flat JSON object."""
    return metrics(dataset, f"seeds/{study}")


def seeds_learning(dataset: str, study: str) -> Path:
    """The validation error of each of a study's seeds after each epoch, a list of rows."""
    return metrics(dataset, f"seeds-learning/{study}")


def codec(run: str, weights_digest: str) -> Path:
    """What sender and receiver of a run's bytes share beside its weights, kept once it was made from them."""
    return Path("data/codecs") / f"{run}-{weights_digest}.npz"


def pca(dataset: str, digest: str) -> Path:
    """PCA of a data set's training images, kept once it was fitted to them."""
    return Path("data/pca") / f"{dataset}-{digest}.npz"


def pca_errors(dataset: str) -> Path:
    """A data set's PCA errors by latent dimension: {"pca_0": {val_sse, val_mse, ...}, "pca_1": ...}."""
    return plots(dataset) / "pca.json"


def pca_quality(dataset: str) -> Path:
    """The PSNR of a data set's test images by how many PCA coefficients are kept, a list of rows."""
    return plots(dataset) / "pca-quality.json"


def image_codecs(dataset: str) -> Path:
    """What JPEG and WebP make of a data set, a list of rows."""
    return plots(dataset) / "image-codecs.json"


def dataset_summary(dataset: str) -> Path:
    """A data set in numbers, one flat JSON object."""
    return metrics(dataset, "baseline/dataset")


def advice(dataset: str) -> Path:
    """What a person is told of a folder of pictures, a list of {topic, text}."""
    return plots(dataset) / "advice.json"


def duplicates(dataset: str) -> Path:
    """The pictures of a folder that are the same or nearly so, a list of {first, second, what, leaks, correlation}."""
    return plots(dataset) / "duplicates.json"


def pixel_neighbors(dataset: str) -> Path:
    """What pixels alone find: neighbors of the test images by each metric, and which of them have a near-duplicate."""
    return Path("data/baselines") / dataset / "neighbors.npz"


def projector(run: str) -> Path:
    """The folder that TensorBoard's projector opens for a run."""
    return Path("data/projector") / run


def map_points(run: str) -> Path:
    """Where the maps of a run's latents have each test image."""
    return plots(run) / "map.npz"


def random_pictures(run: str) -> Path:
    """The first pictures that a run decodes from random latents of each kind."""
    return plots(run) / "random-latents.npz"


def found_neighbors(run: str) -> Path:
    """What the search with a run's latents finds for the queries that are shown."""
    return plots(run) / "search.json"


def learning(dataset: str, run: str) -> Path:
    """A run's learning curve. It lies in git, so that a stage can depend on all of them and on nothing git hides."""
    return metrics(dataset, f"learning/{run}")


def first_latents(dataset: str, run: str) -> Path:
    """A run's errors by how many of its first latents are kept, a list of rows. In git as the learning curves are."""
    return metrics(dataset, f"first-latents/{run}")


def distribution(dataset: str, run: str) -> Path:
    """How a run's errors are distributed over test images, a list of rows. In git as the learning curves are."""
    return metrics(dataset, f"distribution/{run}")


def samples(run: str) -> Path:
    """Test images beside what PCA and the run make of them."""
    return plots(run) / "samples.npz"


def metrics(dataset: str, name: str) -> Path:
    """A run's measurements, one flat JSON object; `<stage>/<run>` names another stage's. A folder a data set: its
    curves depend on that alone.
    """
    return Path("metrics") / dataset / f"{name}.json"


def plots(name: str) -> Path:
    """The folder of the figures, and the data behind them, of a run or a data set."""
    return Path("plots") / name


def downloads(dataset: str) -> Path:
    """The folder that holds a data set's downloaded files, unchanged. Shared by all DVC experiments."""
    return _home() / "data/raw" / dataset


def resume(name: str) -> Path:
    """A file of training state that survives a kill. Outside every DVC output, since DVC deletes those first."""
    return _home() / ".resume" / name


def lock(run: str) -> Path:
    """The lock held while a run trains in this workspace."""
    return Path(".resume") / f"{run}.lock"


def tensorboard(run: str) -> Path:
    """The folder of a run's, or of a study's (`seeds/<study>`), TensorBoard logs, one folder a training.

    They hold wall-clock times, so DVC does not track them.
    """
    return _home() / "tensorboard" / run


def _home() -> Path:
    """The real root of the project: `dvc exp run --temp` and `--queue` work in a copy and name it in DVC_ROOT."""
    return Path(os.environ.get("DVC_ROOT", "."))
