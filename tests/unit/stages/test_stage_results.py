"""What the stages' scripts write, from end to end on a handful of pictures, against NumPy and scikit-learn: the right
split, the right rows, the right dimension.
"""

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from autoencoder.data.manifest import measure_manifest
from autoencoder.inference.trained_run import load_trained
from autoencoder.storage import paths
from autoencoder.storage.prepared import Manifest, Split, read_split, write_prepared
from autoencoder.storage.results import read_curve, read_learning, read_result_arrays
from tests.conftest import origin, tiny_params, write_params

KINDS = ["cat", "dog", "owl"]
DIMENSIONS = 8


def stage(script: str, name: str) -> None:
    importlib.import_module(script).main(name)


def written(path: Path) -> Any:
    return json.loads(path.read_text())


@pytest.fixture
def results(in_project: Path) -> Path:
    """Pictures of 3 x 8 x 8 whose brightness tells their kind a little; trained, embedded and evaluated."""
    params = tiny_params()
    params["prepare"]["photos"]["value_range"] = [-1.0, 1.0]
    params["retrieve"] = {**params["retrieve"], "neighbors": 5}
    write_params(in_project, params)
    rng = np.random.default_rng(3)
    splits = {}
    for name, count in {"train": 96, "val": 20, "test": 30}.items():
        kinds = rng.choice(3, count, p=[0.5, 0.3, 0.2])
        images = rng.integers(0, 150, (count, 3, 8, 8)) + 35 * kinds[:, None, None, None]
        splits[name] = Split(images.astype(np.uint8), rng.permutation(count), {"kind": kinds})
    manifest = Manifest("photos", "sample", "tests", True, (-1.0, 1.0), {"kind": KINDS}, made_from=origin("photos"))
    write_prepared(paths.prepared("photos"), splits, measure_manifest(manifest, splits))
    stage("baseline", "photos")
    for script in ("train", "embed", "evaluate", "retrieve", "compress"):
        stage(script, "tiny-8")
    return in_project


def flat(*splits: str) -> np.ndarray:
    images = np.concatenate([read_split("photos", name).images for name in splits])
    return images.reshape(len(images), -1) / 255


def latents(*splits: str) -> np.ndarray:
    model = load_trained("tiny-8").model
    given = torch.from_numpy(flat(*splits).reshape(-1, 3, 8, 8) * 2 - 1).to(next(model.parameters()).dtype)
    with torch.no_grad():
        return np.asarray(model.encoder(given), dtype=np.float64)


def projected(*splits: str) -> np.ndarray:
    mean = flat("train").mean(axis=0)
    directions = np.linalg.svd(flat("train") - mean, full_matrices=False)[2][:DIMENSIONS]
    coefficients: np.ndarray = (flat(*splits) - mean) @ directions.T
    return coefficients


def test_errors_are_of_the_split_that_they_are_named_after(results: Path) -> None:
    metrics = written(paths.metrics("photos", "tiny-8"))
    model = load_trained("tiny-8").model
    seen = []
    for split in ("val", "test"):
        given = torch.from_numpy(flat(split).reshape(-1, 3, 8, 8) * 2 - 1).to(next(model.parameters()).dtype)
        with torch.no_grad():
            sse = float((model(given) - given).square().sum()) / len(given)
        assert metrics[f"{split}_sse"] == pytest.approx(sse, rel=1e-5)
        assert metrics[f"{split}_mse"] == pytest.approx(sse / 192, rel=1e-5)
        seen.append(sse)
    assert abs(seen[0] - seen[1]) > 1e-3 * seen[0]
    mean = flat("train").mean(axis=0)
    left = np.square(flat("test") - mean).sum() - np.square(projected("test")).sum()
    assert metrics["pca_test_sse"] == pytest.approx(4 * left / 30, rel=1e-4)
    history = written(paths.history("tiny-8"))
    assert metrics["best_epoch"] == 1 + int(np.argmin([epoch["val_mse"] for epoch in history["epochs"]]))
    assert metrics["val_mse"] == pytest.approx(min(epoch["val_mse"] for epoch in history["epochs"]), rel=1e-3)


def test_precision_is_of_test_queries_in_train_and_val(results: Path) -> None:
    records = written(paths.metrics("photos", "retrieve/tiny-8"))
    kinds = {name: read_split("photos", name).labels["kind"] for name in ("train", "val", "test")}
    there = np.concatenate([kinds["train"], kinds["val"]])
    for code, encode in {"latents": latents, "pixels": flat, "PCA": projected}.items():
        for metric in ("euclidean", "cosine"):
            model = NearestNeighbors(n_neighbors=5, algorithm="brute", metric=metric).fit(encode("train", "val"))
            rows = model.kneighbors(encode("test"), return_distance=False)
            same = there[rows] == kinds["test"][:, None]
            (record,) = [
                record
                for record in records
                if (record["code"], record.get("metric")) == (code, metric)
                and (record["queries"], record["name"]) == ("all", "all")
            ]
            assert record["precision"] == pytest.approx(same.mean(), abs=3 / 150), (code, metric)  # a few near ties
            assert record["num_queries"] == 30
    (chance,) = [record for record in records if record["code"] == "chance"]
    shares = [np.bincount(part, minlength=3) / len(part) for part in (kinds["test"], there)]
    assert chance["precision"] == pytest.approx(shares[0] @ shares[1], rel=1e-5)


def test_bytes_grow_with_the_depth_and_pictures_get_better(results: Path) -> None:
    rows = written(paths.metrics("photos", "compress/tiny-8"))
    keys = {"codec", "run", "latent_dim", "bits", "bytes_per_image", "psnr_db", "ssim", "num_images"}
    assert all(row.keys() >= keys and (row["run"], row["latent_dim"]) == ("tiny-8", 8) for row in rows)
    for codec in ("autoencoder", "PCA"):
        of_codec = [row for row in rows if row["codec"] == codec]
        assert [row["bits"] for row in of_codec] == [3, 4, 5, 6, 7, 8, 9]
        sizes = [row["bytes_per_image"] for row in of_codec]
        assert sizes == sorted(sizes)
        # A header of five bytes, then about the entropy: at most `bits` and a little for each number.
        for row in of_codec:
            assert 5 < row["bytes_per_image"] <= 5 + DIMENSIONS * (row["bits"] + 1) / 8 + 2
            assert row["num_images"] == 30
    decoded = [row["psnr_db"] for row in rows if row["codec"] == "PCA"]
    mean = flat("train").mean(axis=0)
    directions = np.linalg.svd(flat("train") - mean, full_matrices=False)[2][:DIMENSIONS]
    shown = np.rint((projected("test") @ directions + mean).clip(0, 1) * 255) / 255
    psnr = -10 * np.log10(np.square(shown - flat("test")).mean(axis=1))
    assert decoded[-1] == pytest.approx(psnr.mean(), abs=0.05)  # nine bits lose next to nothing


def test_tables_say_which_weights_they_are_of(results: Path) -> None:
    """The readers refuse what does not say the present weights, which are here."""
    for script in ("ood", "generate", "map"):
        stage(script, "tiny-8")
    stage("curve", "photos")
    assert len(read_learning("photos", ["tiny-8"])) == 2 * 2
    for path, script in ((paths.map_points("tiny-8"), "map"), (paths.random_pictures("tiny-8"), "generate")):
        assert "weights" not in read_result_arrays(path, "tiny-8", script)
    for curve in ("error-curve", "out-of-distribution", "retrieval", "rate-distortion"):
        rows = read_curve("photos", curve)
        assert "tiny-8" in {row["run"] for row in rows}
        assert not any("weights" in row for row in rows)
    shift, facts = written(paths.plots("photos") / "shift.json"), written(paths.dataset_summary("photos"))
    same = ("value_range", "train_sha256", "val_sha256")
    assert [shift[key] for key in same] == [facts[key] for key in same]
