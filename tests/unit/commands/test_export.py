"""A run taken elsewhere: ONNX files that ONNX Runtime runs as PyTorch does, and a table that pandas reads."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pytest
import torch
from PIL import Image

import map as map_stage
from autoencoder.data.manifest import measure_manifest
from autoencoder.inference.embeddings import create_embeddings
from autoencoder.inference.trained_run import load_trained
from autoencoder.models.base.value_range import to_range
from autoencoder.storage import paths
from autoencoder.storage.latents import read_latents
from autoencoder.storage.prepared import Manifest, Split, read_split, write_prepared
from autoencoder.storage.results import read_result_arrays
from tests.conftest import PROJECT, embed_photos, origin, tiny_params, write_params

RNG = np.random.default_rng(0)
PLACES, WORN = ["here", "there"], ["hat", "pipe", "ring"]


def labelled_photos(count: int) -> Split:
    images = RNG.integers(0, 256, (count, 3, 32, 32), dtype=np.uint8)
    labels: dict[str, np.ndarray] = {
        "place": RNG.integers(0, 2, count),
        "worn": RNG.integers(0, 2, (count, 3)).astype(np.uint8),
        "one": np.zeros(count, dtype=np.int64),
    }
    return Split(images, 1000 + RNG.permutation(count), labels)


@pytest.fixture(params=["cifar10_cnn", "cifar10_feedback"])
def exported(request: pytest.FixtureRequest, in_project: Path) -> Path:
    """What was written of the run tiny-8."""
    params = tiny_params()
    params["runs"]["tiny-8"]["model"] = request.param
    params["models"]["cifar10_feedback"] = {"base_channels": 4, "glance_channels": 4, "final_activation": "none"}
    write_params(in_project, params)
    splits = {name: labelled_photos(count) for name, count in {"train": 40, "val": 16, "test": 30}.items()}
    names = {"place": PLACES, "worn": WORN, "one": ["all"]}
    manifest = Manifest("photos", "sample", "tests", True, (-1.0, 1.0), names, made_from=origin("photos"))
    write_prepared(Path("data/prepared/photos"), splits, measure_manifest(manifest, splits))
    embed_photos()
    map_stage.main("tiny-8")
    export("--run", "tiny-8", "--splits", "test", "val")
    return Path("exports/tiny-8")


def export(*arguments: str) -> str:
    command = [sys.executable, str(PROJECT / "src/export.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def called(file: Path, values: np.ndarray) -> np.ndarray:
    onnx.checker.check_model(str(file), full_check=True)
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    (result,) = session.run(None, {session.get_inputs()[0].name: values.astype(np.float32)})
    return np.asarray(result)


@pytest.mark.parametrize("count", [1, 7])
def test_onnx_draws_what_pytorch_draws(exported: Path, count: int) -> None:
    trained, images = load_trained("tiny-8"), read_split("photos", "test").images[:count]
    latents = called(exported / "encoder.onnx", images / 255)
    assert latents.shape == (count, 8)
    expected = create_embeddings(trained, images)
    assert np.allclose(latents, expected, atol=1e-3 * np.abs(expected).max())
    drawn = called(exported / "decoder.onnx", latents)
    with torch.inference_mode():
        seen = trained.model(to_range(torch.from_numpy(images), (-1.0, 1.0), torch.float64))
    assert np.allclose(drawn, ((seen.numpy() + 1) / 2).clip(0, 1), atol=1e-4)


def test_onnx_says_where_it_comes_from(exported: Path) -> None:
    said = {entry.key: entry.value for entry in onnx.load(exported / "encoder.onnx").metadata_props}
    assert (said["run"], said["dataset"], said["latent_dim"]) == ("tiny-8", "photos", "8")
    assert said["weights_sha256"] == load_trained("tiny-8").weights_sha256


def pixels(picture: dict[str, Any]) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(picture["bytes"])))


def test_each_row_of_the_table_is_of_one_picture(exported: Path) -> None:
    table = pd.read_parquet(exported / "pictures.parquet")
    assert table["split"].tolist() == ["val"] * 16 + ["test"] * 30
    assert "one" not in table  # tells nothing apart
    trained, points = load_trained("tiny-8"), read_result_arrays(paths.map_points("tiny-8"), "tiny-8", "map")
    for split, rows in table.groupby("split"):
        given = read_split("photos", str(split))
        assert rows["id"].tolist() == given.index.tolist()
        assert rows["place"].tolist() == [PLACES[code] for code in given.labels["place"]]
        worn = [[name for name, flag in zip(WORN, flags, strict=True) if flag] for flags in given.labels["worn"]]
        assert [list(names) for names in rows["worn"]] == worn
        assert np.array_equal(np.stack([*rows["latents"]]), read_latents("tiny-8", str(split)).latents)
        assert np.array_equal(np.stack([pixels(p).transpose(2, 0, 1) for p in rows["picture"]]), given.images)
        with torch.inference_mode():
            seen = trained.model(to_range(torch.from_numpy(given.images), (-1.0, 1.0), torch.float64)).numpy()
        drawn = ((seen + 1) / 2).clip(0, 1)
        assert np.allclose(rows["mse"], np.square(drawn - given.images / 255).mean(axis=(1, 2, 3)), rtol=1e-3)
        found = np.stack([pixels(picture).transpose(2, 0, 1) for picture in rows["reconstruction"]])
        assert np.abs(found - 255 * drawn).max() < 1
        for name in ("pca", "tsne"):
            places = rows[[f"{name}_x", f"{name}_y"]].to_numpy()
            assert np.isnan(places).all() if split == "val" else np.allclose(places * 65535, points[name], atol=0.01)
    assert table["picture"][20]["path"] == f"test-{table['id'][20]}.png"


def test_what_is_missing_is_told(in_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (in_project / "pyarrow.py").write_text("raise ImportError('no', name='pyarrow')")
    environment = {"PYTHONPATH": str(in_project)}
    command = [sys.executable, str(PROJECT / "src/export.py"), "--run", "tiny-8"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "export: error: pyarrow is missing; it comes with `make export`, or pip install -e '.[export]'"
    )
