"""Shared fixtures. Two test processes on two cores: one thread each, or they would wait for each other all the time."""

import os

os.environ["OMP_NUM_THREADS"] = "1"

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from hypothesis import settings

from autoencoder.tools import workspace
from tests.browser import CHROMIUM

# On a machine that does something else beside, any example may take long.
settings.register_profile("busy", deadline=None)
settings.load_profile("busy")

PROJECT = Path(__file__).parent.parent
PACKAGE = "autoencoder"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not os.environ.get("AUTOENCODER_DOWNLOADS"):
        skip = pytest.mark.skip(reason="AUTOENCODER_DOWNLOADS names no folder of genuine files")
        for item in items:
            if "genuine" in item.keywords:
                item.add_marker(skip)


TINY_RECIPE = {
    "epochs": 2,
    "batch_size": 32,
    "drop_last": True,
    "learning_rate": 3.0e-3,
    "beta2": 0.99,
    "schedule": "cosine",
    "warmup_fraction": 0.05,
    "precision": "fp32",
    "channels_last": True,
    "threads": 1,
}
TINY_RUNS = {
    "tiny-8": {"dataset": "photos", "model": "cifar10_cnn", "latent_dim": 8, "recipe": "tiny", "seed": 1},
    "avatars-108": {"dataset": "avatars", "model": "punks_cnn", "latent_dim": 108, "recipe": "tiny", "seed": 1},
}


def tiny_params() -> dict:
    """The demo's params, smaller still: two runs, two epochs."""
    params: dict = yaml.safe_load((PROJECT / "params.demo.yaml").read_text())
    params["device"] = "cpu"
    params["runs"] = {name: dict(line) for name, line in TINY_RUNS.items()}
    params["prepare"] = {name.removeprefix("sample-"): section for name, section in params["prepare"].items()}
    params["tensorboard"] = {"reconstructions_every": 2}
    params["train"] = {"tiny": dict(TINY_RECIPE)}
    params["models"]["cifar10_cnn"]["base_channels"] = 4
    study = {**params["seeds"]["sample-avatars-seeds"], "dataset": "avatars", "recipe": "tiny", "num_seeds": 2}
    params["seeds"] = {"avatars-seeds": study}
    return params


def write_params(folder: Path, params: dict) -> None:
    (folder / "params.yaml").write_text(yaml.safe_dump(params, sort_keys=False))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A scratch copy of the project with the tiny params, for scripts run plainly. Its package is this one's, linked:
    copying it for every test would take longer than most tests do.
    """
    target = tmp_path / "project"
    for name in workspace.COPIED:
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, target / name, ignore=shutil.ignore_patterns(PACKAGE, "__pycache__"))
        else:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(PROJECT / name, target / name)
    (target / "src" / PACKAGE).symlink_to(PROJECT / "src" / PACKAGE)
    (target / ".dvc" / "config.local").write_text("[core]\n    no_scm = true\n")
    write_params(target, tiny_params())
    return target


@pytest.fixture
def run() -> Run:
    """Run `python src/<script>.py ...` in a project; `environment` adds variables."""

    def run_script(project: Path, script: str, *arguments: str, **environment: str):
        variables = {**os.environ, **environment}
        if "AUTOENCODER_DOWNLOADS" not in environment:
            variables.pop("AUTOENCODER_DOWNLOADS", None)
        command = [sys.executable, f"src/{script}.py", *arguments]
        return subprocess.run(command, cwd=project, env=variables, capture_output=True, text=True, timeout=240)

    return run_script


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium, for tests marked `needs_chromium`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # No graphics card needed: WebGL is drawn by the processor.
        options = ["--no-sandbox", "--enable-unsafe-swiftshader"]
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield started
        started.close()


@pytest.fixture
def in_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The scratch project as the working directory, for calls into the package."""
    monkeypatch.chdir(project)
    return project


def write_initial_weights(run: str, times: float = 1) -> None:
    """The run's initial weights where its trained ones would be, and with what they would say. Those of layers so many
    times as large: what a network draws at the start hardly depends on its latents.
    """
    from autoencoder.config.provenance import training_facts
    from autoencoder.inference.trained_run import load_untrained
    from autoencoder.storage import paths
    from autoencoder.storage.provenance import made_from
    from autoencoder.storage.weights import save_weights

    untrained = load_untrained(run)
    origin = made_from(training_facts(untrained.run), untrained.manifest)
    with torch.no_grad():
        for weights in untrained.model.parameters():
            if weights.dim() > 1:
                weights.mul_(times)
    save_weights(untrained.model.state_dict(), paths.weights(run), origin)


def origin(dataset: str) -> dict:
    """What a data set made by a test would say it was prepared from, had it been prepared."""
    from autoencoder.config.provenance import preparation_facts

    return preparation_facts(dataset)


@pytest.fixture
def small_photos(in_project: Path) -> Path:
    """The scratch project with a prepared data set `photos` of few images."""
    from autoencoder.data.manifest import measure_manifest
    from autoencoder.storage.prepared import Manifest, Split, write_prepared

    rng = np.random.default_rng(0)
    splits = {}
    for name, count in {"train": 96, "val": 16, "test": 16}.items():
        flat = rng.integers(0, 256, size=(count, 3, 4, 4), dtype=np.uint8)
        images = flat.repeat(8, axis=2).repeat(8, axis=3)
        splits[name] = Split(images, np.arange(count), {"place": np.zeros(count, dtype=np.int64)})
    manifest = Manifest("photos", "sample", "tests", True, (-1.0, 1.0), {"place": ["here"]}, made_from=origin("photos"))
    write_prepared(Path("data/prepared/photos"), splits, measure_manifest(manifest, splits))
    return in_project


def embed_photos() -> None:
    """Give the run tiny-8 of the working directory its initial weights, and latents of all its images."""
    from autoencoder.inference.embeddings import create_embeddings
    from autoencoder.inference.trained_run import load_trained
    from autoencoder.storage.latents import write_latents
    from autoencoder.storage.prepared import SPLITS, read_split

    write_initial_weights("tiny-8")
    trained = load_trained("tiny-8")
    for name in SPLITS:
        split = read_split("photos", name)
        latents = create_embeddings(trained, split.images)
        write_latents("tiny-8", name, latents, split, trained.weights_sha256, trained.manifest)
