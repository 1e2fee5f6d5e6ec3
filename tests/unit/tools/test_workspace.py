"""The scratch workspace of `make demo`: a copy of the pipeline that touches nothing of the project's."""

import shutil
from pathlib import Path

import pytest
import yaml

from autoencoder.tools import workspace
from autoencoder.ui.errors import UserError
from tests.conftest import PROJECT

DEMO = PROJECT / "params.demo.yaml"


def test_it_copies_the_pipeline_with_other_params_and_without_results(tmp_path: Path) -> None:
    target = tmp_path / "demo"
    workspace.create(PROJECT, target, DEMO)
    assert (target / "params.yaml").read_text() == DEMO.read_text()
    assert (target / "dvc.yaml").read_text() == (PROJECT / "dvc.yaml").read_text()
    workspace.name_curves(target)
    pipeline, study = (yaml.safe_load((folder / "dvc.yaml").read_text()) for folder in (target, PROJECT))
    assert pipeline["stages"] == study["stages"]
    curves = {path: options for plot in pipeline["plots"] for path, options in plot.items()}
    assert curves["plots/sample-photos/retrieval.json"]["title"] == "sample-photos: image search"
    assert curves["metrics/sample-avatars/learning"] == study["plots"][0]["metrics/cifar10/learning"]
    assert len(curves) == 2 * 6
    assert {path.name for path in target.iterdir()} == {
        ".dvc",
        ".dvcignore",
        workspace.MARKER,
        "data",
        "docs",
        "dvc.yaml",
        "params.yaml",
        "src",
    }
    for path in (PROJECT / "src").rglob("*.py"):
        assert (target / path.relative_to(PROJECT)).read_bytes() == path.read_bytes()


def test_making_it_again_refreshes_the_code_and_keeps_what_was_computed(tmp_path: Path) -> None:
    target = tmp_path / "demo"
    workspace.create(PROJECT, target, DEMO)
    (target / "metrics").mkdir()
    (target / "metrics/run.json").write_text("{}")
    (target / "src/removed.py").write_text("")
    workspace.create(PROJECT, target, DEMO)
    assert (target / "metrics/run.json").exists()
    assert not (target / "src/removed.py").exists()


def test_edited_params_are_kept_and_unedited_ones_follow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target, other = tmp_path / "demo", tmp_path / "other.yaml"
    other.write_text(DEMO.read_text() + "# newer\n")
    workspace.create(PROJECT, target, DEMO)
    workspace.create(PROJECT, target, other)
    assert (target / "params.yaml").read_text() == other.read_text()
    (target / "params.yaml").write_text("mine")
    workspace.create(PROJECT, target, DEMO)
    assert (target / "params.yaml").read_text() == "mine"
    assert "was edited and is kept" in capsys.readouterr().out


def test_an_interrupted_copy_can_be_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copytree", interrupt)
        with pytest.raises(KeyboardInterrupt):
            workspace.create(PROJECT, tmp_path / "demo", DEMO)
    workspace.create(PROJECT, tmp_path / "demo", DEMO)
    assert (tmp_path / "demo/src/train.py").is_file()


def test_only_figures_of_current_runs_are_named(tmp_path: Path) -> None:
    target = tmp_path / "demo"
    workspace.create(PROJECT, target, DEMO)
    for name in ("sample-photos/error-curve.png", "sample-photos-16/untrained.png", "removed-run/untrained.png"):
        (target / "plots" / name).parent.mkdir(parents=True)
        (target / "plots" / name).touch()
    assert [path.parent.name for path in workspace.figures(target)] == ["sample-photos", "sample-photos-16"]


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UserError, match=r"is not empty and no scratch workspace"):
        workspace.create(PROJECT, tmp_path, DEMO)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
