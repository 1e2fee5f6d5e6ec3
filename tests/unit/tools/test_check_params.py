"""params.yaml as a whole: one line for what DVC would meet first, and in a moment."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autoencoder.tools.check_params import check
from autoencoder.ui.errors import UserError
from tests.conftest import PROJECT, tiny_params, write_params

HEAVY = ("torch", "pandas", "sklearn", "scipy", "matplotlib")


def put(params: dict[str, Any], keys: tuple[str, ...], value: object) -> None:
    for key in keys[:-1]:
        params = params[key]
    if value is None:
        del params[keys[-1]]
    else:
        params[keys[-1]] = value


@pytest.mark.parametrize("name", ["params.yaml", "params.demo.yaml"])
def test_the_projects_own_params_are_in_order(in_project: Path, name: str) -> None:
    Path("params.yaml").write_text((PROJECT / name).read_text())
    check()


@pytest.mark.parametrize(
    ("keys", "value", "text"),
    [
        (
            ("runs", "tiny-8", "dataset"),
            "mnist",
            "runs.tiny-8.dataset: no 'mnist' in prepare; there is: photos, avatars",
        ),
        (
            ("runs", "tiny-8", "model"),
            "vae",
            "runs.tiny-8.model: no 'vae' in models; there is: cifar10_cnn, punks_cnn, dense",
        ),
        (("runs", "tiny-8", "recipe"), "slow", "runs.tiny-8.recipe: no 'slow' in train; there is: tiny"),
        (("runs", "tiny-8", "seed"), None, "runs.tiny-8.seed: missing"),
        (
            ("seeds", "avatars-seeds", "recipe"),
            "slow",
            "seeds.avatars-seeds.recipe: no 'slow' in train; there is: tiny",
        ),
        (("seeds", "avatars-seeds", "num_seeds"), 0, "seeds.avatars-seeds.num_seeds"),
        (("seeds",), None, "no 'seeds' in the top level"),
        (("seeds",), [], "seeds: must be a mapping of names ({} for none), got []"),
        (
            ("models", "vae"),
            {},
            "models: there is no network 'vae'; there is: cifar10_cnn, cifar10_feedback, dense, picture_cnn, punks_cnn",
        ),
        (("train", "unused"), {}, "no 'schedule' in train.unused"),
        (("prepare", "photos", "kind"), None, "no 'kind' in prepare.photos"),
        (("prepare", "photos", "kind"), "folder", "prepare.photos.kind: must be one of"),
        (("prepare", "photos", "split_seed"), "1", "prepare.photos.split_seed"),
        (
            ("prepare", "photos", "source"),
            "nowhere",
            "prepare.photos.source: nowhere is missing; name a file or folder",
        ),
        (("tensorboard", "reconstructions_every"), 0, "tensorboard.reconstructions_every"),
        (("plot", "columns"), None, "plot.columns: missing"),
        (("retrieve", "neighbors"), 0, "retrieve.neighbors"),
        (("retrieve", "near_duplicate_of"), {"punks": 1.0}, "retrieve.near_duplicate_of: no 'punks' in prepare"),
        (("diagram", "hourglass", "layers"), [1], "diagram.hourglass.layers"),
        (("report", "study", "title"), "", "report.study.title"),
        (("report", "other"), {"title": "x"}, "report: study and other would both be report.html; leave one"),
        (("explore", "study", "num_images"), 1, "explore.study.num_images"),
        (("explore", "other"), {"title": "x"}, "explore: study and other would both be explorer.html; leave one"),
        (("device",), None, "no 'device' in the top level"),
    ],
)
def test_each_section_is_looked_at(in_project: Path, keys: tuple[str, ...], value: object, text: str) -> None:
    params = tiny_params()
    put(params, keys, value)
    write_params(in_project, params)
    with pytest.raises(UserError) as caught:
        check()
    assert str(caught.value).startswith(f"params.yaml: {text}")
    assert "\n" not in str(caught.value)


def test_names_that_dvc_cannot_track_are_told(in_project: Path) -> None:
    params = tiny_params()
    params["prepare"]["photos"] |= {"kind": "image_folder", "source": "mine", "image_size": 16}
    del params["prepare"]["photos"]["picture"]
    write_params(in_project, params)
    folder = in_project / "mine" / "cats"
    folder.mkdir(parents=True)
    (folder / "é.png").touch()
    check()
    (folder / os.fsdecode(b"caf\xe9.png")).touch()
    with pytest.raises(UserError, match=r"^mine/cats/caf\\xe9.png: a name that is no UTF-8, which DVC cannot track"):
        check()


def test_sections_without_entries_are_in_order(in_project: Path) -> None:
    params = tiny_params()
    params["seeds"] = {}
    write_params(in_project, params)
    check()


def test_it_is_one_line_and_a_status_and_imports_nothing_slow(in_project: Path) -> None:
    code = "import sys; from autoencoder.tools.check_params import check; check(); print([*sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": "src"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not {module.split(".")[0] for module in eval(done.stdout)} & set(HEAVY)
    params = tiny_params()
    params["runs"]["tiny-8"]["dataset"] = "mnist"
    write_params(in_project, params)
    command = [sys.executable, "-m", "autoencoder.tools.check_params"]
    done = subprocess.run(command, env={"PYTHONPATH": "src"}, capture_output=True, text=True)
    assert done.returncode == 1
    expected = (
        "check_params: error: params.yaml: runs.tiny-8.dataset: no 'mnist' in prepare; there is: photos, avatars\n"
    )
    assert done.stderr == expected
