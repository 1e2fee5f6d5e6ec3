"""Bad input through the scripts: one clear line, a non-zero status, no traceback, earlier outputs intact."""

import gzip
import io
import json
import os
import resource
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from PIL import Image

from tests.conftest import Run, tiny_params, write_params


def fails(done: "subprocess.CompletedProcess[str]", *parts: str) -> None:
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, done.stderr
    for part in parts:
        assert part in lines[0]


def with_params(project: Path, **sections: dict) -> None:
    params = yaml.safe_load((project / "params.yaml").read_text())
    for name, entries in sections.items():
        for key, value in entries.items():
            params[name][key] = {**params[name].get(key, {}), **value}
    write_params(project, params)


PUNKS: dict[str, Any] = {
    "kind": "punks",
    "source": "data/sources/punks.json",
    "value_range": [0.0, 1.0],
    "split_seed": 1,
    "test_fraction": 0.25,
    "val_fraction": 0.1,
}
CIFAR: dict[str, Any] = {
    "kind": "cifar10",
    "source": "data/sources/cifar10.json",
    "value_range": [-1.0, 1.0],
    "split_seed": 42,
    "num_val": 5000,
}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_wrong_hash(project: Path, run: Run, tmp_path: Path) -> None:
    with_params(project, prepare={"punks": PUNKS})
    Image.new("RGBA", (2400, 2400)).save(tmp_path / "punks.png")
    done = run(project, "prepare", "punks", AUTOENCODER_DOWNLOADS=str(tmp_path))
    fails(done, "prepare: error:", "punks.png has SHA-256", "expected ac39af47")


def test_a_truncated_archive(project: Path, run: Run, tmp_path: Path) -> None:
    with_params(project, prepare={"cifar": CIFAR})
    path = tmp_path / "cifar-10-python.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        info = tarfile.TarInfo("cifar-10-batches-py/data_batch_1")
        info.size = 100_000
        tar.addfile(info, io.BytesIO(np.random.default_rng(0).bytes(info.size)))
    path.write_bytes(path.read_bytes()[:50_000])
    done = run(project, "prepare", "cifar", AUTOENCODER_DOWNLOADS=str(tmp_path))
    fails(done, "cifar-10-python.tar.gz is truncated or no .tar.gz", "prepare again")


def test_a_batch_with_a_wrong_hash_is_never_unpickled(project: Path, run: Run, tmp_path: Path) -> None:
    with_params(project, prepare={"cifar": CIFAR})
    with tarfile.open(tmp_path / "cifar-10-python.tar.gz", "w:gz") as tar:
        content = b"cos\nsystem\n(S'touch unpickled'\ntR."
        for name in json.loads((project / CIFAR["source"]).read_text())["files"]["cifar-10-python.tar.gz"]["members"]:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    done = run(project, "prepare", "cifar", AUTOENCODER_DOWNLOADS=str(tmp_path))
    fails(done, "has MD5", "expected c99cafc152244af753f735de768cd75f")
    assert not (project / "unpickled").exists()


def test_a_missing_folder(project: Path, run: Run, tmp_path: Path) -> None:
    with_params(project, prepare={"punks": PUNKS})
    done = run(project, "prepare", "punks", AUTOENCODER_DOWNLOADS=str(tmp_path / "nowhere"))
    fails(done, "AUTOENCODER_DOWNLOADS names", "which is no folder")


def test_no_network(project: Path, run: Run) -> None:
    with_params(project, prepare={"punks": PUNKS})
    source = project / PUNKS["source"]
    facts = json.loads(source.read_text())
    facts["files"]["punks.png"]["url"] = "http://127.0.0.1:9/punks.png"  # nothing listens there
    source.write_text(json.dumps(facts))
    fails(run(project, "prepare", "punks"), "cannot download http://127.0.0.1:9", "AUTOENCODER_DOWNLOADS")


def test_a_full_disk_leaves_the_earlier_output(project: Path, run: Run) -> None:
    """A limit on the size of a file stands for the full disk: both make the write fail half-way."""
    assert run(project, "prepare", "avatars").returncode == 0
    before = contents(project / "data/prepared/avatars")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    command = [sys.executable, "src/prepare.py", "avatars"]
    done = subprocess.run(command, cwd=project, preexec_fn=limit, capture_output=True, text=True)
    fails(done, "prepare: error: data/prepared/avatars cannot be written (File too large)")
    assert contents(project / "data/prepared/avatars") == before
    assert [path.name for path in (project / "data/prepared").iterdir()] == ["avatars"]


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"train": {"tiny": {"epoch": 3}}}, ["train.tiny", "unknown key 'epoch'", "allowed: batch_size"]),
        ({"train": {"tiny": {"batch_size": 0}}}, ["train.tiny.batch_size", "greater than or equal to 1, got 0"]),
        ({"runs": {"avatars-108": {"latent_dim": 64}}}, ["fixed latent_dim of 108", "got 64"]),
        ({"runs": {"avatars-108": {"model": "cifar10_cnn", "latent_dim": -1}}}, ["runs.avatars-108.latent_dim"]),
    ],
)
def test_wrong_params(project: Path, run: Run, changes: dict, parts: list[str]) -> None:
    assert run(project, "prepare", "avatars").returncode == 0
    with_params(project, **changes)
    fails(run(project, "train", "avatars-108"), "train: error: ", *parts)
    assert not (project / "models").exists()


def test_two_runs_of_one_name(project: Path, run: Run) -> None:
    text = (project / "params.yaml").read_text()
    line = "  tiny-8: {dataset: photos, model: cifar10_cnn, latent_dim: 9, recipe: tiny, seed: 1}\n"
    (project / "params.yaml").write_text(text.replace("runs:\n", "runs:\n" + line))
    fails(run(project, "train", "tiny-8"), "'tiny-8' is there twice")


@pytest.mark.parametrize(
    ("section", "name", "parts"),
    [
        ("runs", "photos", ["'photos' would share its files with the data set 'photos'; rename one"]),
        ("runs", "Tiny-8", ["'tiny-8' and 'Tiny-8' differ in case alone"]),
        ("runs", "seeds", ["'seeds' cannot name a run", "rename it"]),
        ("runs", "avatars-seeds-1", ["share its files with the seed of a study 'avatars-seeds-1'"]),
        ("seeds", "tiny-8", ["'tiny-8' would share its files with the seed study 'tiny-8'"]),
        ("prepare", "diagrams", ["'diagrams' cannot name a data set", "rename it"]),
    ],
)
def test_names_that_share_a_place(project: Path, run: Run, section: str, name: str, parts: list[str]) -> None:
    params = yaml.safe_load((project / "params.yaml").read_text())
    with_params(project, **{section: {name: next(iter(params[section].values()))}})
    fails(run(project, "prepare", "avatars"), "params.yaml", *parts)
    assert not (project / "data/prepared").exists()


def test_an_archive_that_unpacks_to_gigabytes(project: Path, run: Run, tmp_path: Path) -> None:
    """Some hundred kilobytes, under the name of the first batch: refused before a quarter of a gigabyte is taken."""
    with_params(project, prepare={"cifar": CIFAR})
    info = tarfile.TarInfo("cifar-10-batches-py/data_batch_1")
    info.size = 256 << 20
    with gzip.open(tmp_path / "cifar-10-python.tar.gz", "wb") as packed:
        packed.write(info.tobuf())
        for _ in range(256):
            packed.write(bytes(1 << 20))
    done = run(project, "prepare", "cifar", AUTOENCODER_DOWNLOADS=str(tmp_path))
    fails(done, "data_batch_1 has 268,435,456 bytes, more than the 33,554,432 expected at most")


def test_names_of_folders_that_are_no_text(project: Path, run: Run) -> None:
    """What a file system allows is prepared, and is told as text, also where a file in it is broken."""
    folders = [b"caf\xe9", b"a$_$b", b"tab\tand\nline", b"x" * 200]
    for number in range(12):
        folder = project / "photos" / os.fsdecode(folders[number % 4])
        folder.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20, 20), (20 * number, 0, 0)).save(folder / f"{number}.png")
    (project / "photos" / os.fsdecode(b"\xff.png")).write_bytes(b"no image")
    mine = {**PUNKS, "kind": "image_folder", "source": "photos", "image_size": 16, "val_fraction": 0.2}
    with_params(project, prepare={"mine": mine})
    done = run(project, "prepare", "mine")
    assert done.returncode == 0, done.stderr
    assert "1 of 13 files could not be read: photos/\\xff.png (no image)" in done.stdout
    names = json.loads((project / "data/prepared/mine/manifest.json").read_text())["labels"]["folder"]
    assert names == ["a$_$b", "caf\\xe9", "tab\\tand\\nline", "x" * 59 + "…" + "x" * 20]


def test_nothing_prepared(project: Path, run: Run) -> None:
    fails(run(project, "train", "tiny-8"), "make it first: python src/prepare.py photos")


def test_weights_that_do_not_fit(project: Path, run: Run) -> None:
    params = tiny_params()
    params["train"]["tiny"]["epochs"] = 1
    params["runs"]["tiny-8"]["dataset"] = "avatars"
    write_params(project, params)
    for script, name in (("prepare", "avatars"), ("train", "tiny-8"), ("baseline", "avatars")):
        done = run(project, script, name)
        assert done.returncode == 0, done.stderr
    params["runs"]["tiny-8"]["latent_dim"] = 9
    write_params(project, params)
    fails(run(project, "evaluate", "tiny-8"), "was trained with latent_dim 8 (now: ", "dvc repro train@tiny-8")
    assert not (project / "metrics/avatars/tiny-8.json").exists()


def test_a_folder_with_one_broken_image_is_prepared_and_says_so(project: Path, run: Run) -> None:
    folder = project / "photos" / "dogs"
    folder.mkdir(parents=True)
    for number in range(12):
        Image.new("RGB", (20, 20), (20 * number, 0, 0)).save(folder / f"{number}.png")
    (folder / "broken.jpg").write_bytes(b"")
    mine = {**PUNKS, "kind": "image_folder", "source": "photos", "image_size": 16, "val_fraction": 0.2}
    with_params(project, prepare={"mine": mine})
    done = run(project, "prepare", "mine")
    assert done.returncode == 0, done.stderr
    assert "1 of 13 files could not be read: photos/dogs/broken.jpg" in done.stdout
    for path in list(folder.glob("?.png")):
        path.unlink()
    before = contents(project / "data/prepared/mine")
    fails(run(project, "prepare", "mine"), "2 readable images (1 unreadable", "at least 10 are needed")
    assert contents(project / "data/prepared/mine") == before


def test_a_name_that_is_not_there(project: Path, run: Run) -> None:
    fails(run(project, "prepare", "mnist"), "no 'mnist' in prepare; there is: photos, avatars")
    fails(run(project, "embed", "x"), "no run is called 'x'")
