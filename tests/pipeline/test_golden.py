"""The committed weights on the genuine images once more: every published number must come out as it is committed.

Errors, bytes and precision of every run, to the digits that are written: in double, any processor measures the same.
The weights are those that the repository keeps, or DVC's cache holds.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from sklearn.neighbors import NearestNeighbors

from autoencoder.codecs.image_codecs import MAX_IMAGES
from autoencoder.codecs.latent_codec import fit_codec
from autoencoder.inference.decoding import decode_pictures
from autoencoder.inference.embeddings import create_embeddings
from autoencoder.inference.trained_run import TrainedRun, load_trained
from autoencoder.measures.corpus import read_corpus
from autoencoder.measures.multiply_adds import count_multiply_adds
from autoencoder.measures.nearest_neighbors import METRICS, search_all
from autoencoder.measures.rounding import significant
from autoencoder.stages.compress.rate_distortion import measure_codec
from autoencoder.stages.evaluate.evaluation import measure_reconstruction
from autoencoder.stages.retrieve.precision import precisions
from autoencoder.storage import paths
from autoencoder.storage.prepared import SPLITS, read_split
from autoencoder.storage.weights import read_weights
from tests.committed_study import PARAMS, RUNS, make_committed_study
from tests.conftest import PROJECT

pytestmark = [pytest.mark.genuine, pytest.mark.timeout(900)]

NUM_CHECKED = 300  # images and queries that other libraries are asked about


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project's own params, its data prepared and its weights where they are kept; the working directory."""
    target = make_committed_study(tmp_path_factory.mktemp("golden"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(target)
        yield target


def load(run: str) -> TrainedRun:
    assert paths.weights(run).is_file(), f"the weights of {run} are not kept: make keep"
    return load_trained(run)


def committed(path: Path) -> Any:
    return json.loads((PROJECT / path).read_text())


@pytest.mark.parametrize("run", RUNS)
def test_errors_are_as_published(study: Path, run: str) -> None:
    trained, expected = load(run), committed(paths.metrics(PARAMS["runs"][run]["dataset"], run))
    assert hashlib.sha256(read_weights(run)).hexdigest() == expected["weights_sha256"]
    assert trained.weights_sha256 == expected["weights_sha256"]
    measured: dict[str, float] = {}
    for split in ("val", "test"):
        errors = measure_reconstruction(trained, read_split(trained.run.dataset, split).images)
        measured |= {f"{split}_sse": errors.sse, f"{split}_mse": errors.mse}
        measured |= {"test_psnr_db": errors.psnr_db, "test_ssim": errors.ssim}
    assert {name: significant(value) for name, value in measured.items()} == {name: expected[name] for name in measured}
    assert trained.model.num_parameters == expected["num_parameters"]
    assert count_multiply_adds(trained.model, trained.manifest.image_shape) == expected["multiply_adds"]


@pytest.mark.parametrize("run", RUNS)
def test_errors_are_those_of_numpy_and_scikit_image(study: Path, run: str) -> None:
    """A few hundred images: the sums by NumPy, the likeness by scikit-image."""
    trained = load(run)
    test = read_split(trained.run.dataset, "test").images
    images = test[np.random.default_rng(0).permutation(len(test))[:NUM_CHECKED]]
    low, high = trained.manifest.value_range
    given = images / 255.0
    reached = measure_reconstruction(trained, images)
    with torch.no_grad():
        seen = torch.from_numpy(low + (high - low) * given)
        out = torch.cat([trained.model(part.to(trained.device)).cpu() for part in seen.split(50)]).numpy()
    sse = np.square(out - (low + (high - low) * given)).sum(axis=(1, 2, 3)).mean()
    shown = ((out - low) / (high - low)).clip(0, 1)
    options = {"channel_axis": 0, "gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    pairs = list(zip(given, shown, strict=True))
    most = 10 * np.log10(12 * 255**2)  # of equal pictures: what rounding to bytes leaves
    psnr = [min(most, peak_signal_noise_ratio(one, other, data_range=1.0)) for one, other in pairs]
    ssim = [structural_similarity(one, other, data_range=1.0, **options) for one, other in pairs]
    assert reached.sse == pytest.approx(sse, rel=1e-10)
    assert reached.psnr_db == pytest.approx(np.mean(psnr), rel=1e-10)
    assert reached.ssim == pytest.approx(np.mean(ssim), rel=1e-10)


@pytest.fixture(scope="module")
def latents(study: Path) -> Callable[[TrainedRun], dict[str, np.ndarray]]:
    """Latents of a run by split, made once."""

    @cache
    def made(run: str) -> dict[str, np.ndarray]:
        trained = load_trained(run)
        return {name: create_embeddings(trained, read_split(trained.run.dataset, name).images) for name in SPLITS}

    return lambda trained: made(trained.run.name)


@pytest.mark.parametrize("run", RUNS)
def test_bytes_are_as_published(latents: Callable[[TrainedRun], dict[str, np.ndarray]], run: str) -> None:
    trained = load(run)
    made = latents(trained)
    published = committed(paths.metrics(trained.run.dataset, f"compress/{run}"))
    rows = [row for row in published if row["codec"] == "autoencoder"]
    codec = fit_codec(made["train"], read_weights(run))
    test = read_split(trained.run.dataset, "test").images
    part = np.sort(np.random.default_rng(0).permutation(len(test))[:MAX_IMAGES])
    given, sent = test[part], made["test"][part]
    measured = measure_codec("autoencoder", codec, sent, lambda received: decode_pictures(trained, received), given)
    assert [row["bits"] for row in measured] == [row["bits"] for row in rows]
    for row, expected in zip(measured, rows, strict=True):
        numbers = ("bytes_per_image", "psnr_db", "ssim", "num_images")
        assert {key: row[key] for key in numbers} == {key: expected[key] for key in numbers}, row["bits"]
        assert trained.weights_sha256.startswith(expected["weights"])


@pytest.mark.parametrize("run", RUNS)
def test_precision_is_as_published(latents: Callable[[TrainedRun], dict[str, np.ndarray]], run: str) -> None:
    trained, count = load(run), PARAMS["retrieve"]["neighbors"]
    made = latents(trained)
    manifest, dataset = trained.manifest, trained.run.dataset
    queries, corpus = read_split(dataset, "test"), read_corpus(dataset)
    there = np.concatenate([made["train"], made["val"]])
    found = search_all(made["test"], there, count)
    rows = {metric: neighbors.rows for metric, neighbors in found.items()}
    counted = precisions(rows, queries, corpus, manifest, np.ones(len(queries.images), dtype=bool))
    measured = {key(row): (row["num_queries"], row["precision"]) for row in counted if row["queries"] == "all"}
    published = [row for row in committed(paths.metrics(dataset, f"retrieve/{run}")) if row["code"] == "latents"]
    of_all = [row for row in published if row["queries"] == "all"]
    assert measured == {key(row): (row["num_queries"], row["precision"]) for row in of_all}
    assert all(trained.weights_sha256.startswith(row["weights"]) for row in published)
    chosen = np.random.default_rng(0).permutation(len(queries.images))[:NUM_CHECKED]
    # Of equal latents scikit-learn's root of a difference of squares is not quite 0.
    for metric, last_digit in zip(METRICS, (1e-5, 1e-7), strict=True):
        model = NearestNeighbors(n_neighbors=count, algorithm="brute", metric=metric).fit(there.astype(np.float64))
        distances, rows_of_reference = model.kneighbors(made["test"][chosen].astype(np.float64))
        assert found[metric].distances[chosen] == pytest.approx(distances, rel=1e-6, abs=last_digit)
        assert (found[metric].rows[chosen] == rows_of_reference).mean() > 0.99  # equal pictures in another order


def key(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["metric"], row["label"], row["name"]
