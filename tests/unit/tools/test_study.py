"""The study of one's own pictures: what is chosen, what a second call adds, and what it refuses."""

import os
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import yaml

from autoencoder.config.params import load_params
from autoencoder.data import memory
from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.tools import study, study_defaults, workspace
from autoencoder.tools.check_params import check
from autoencoder.tools.folder_survey import Survey
from autoencoder.ui.errors import UserError
from tests.conftest import PROJECT
from tests.unit.tools.test_folder_survey import pictures

FOUND = Survey(num_images=600, width=32, height=32, is_grey=False, labels=None)


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (32, 32, (32, 32)),
        (33, 32, (32, 32)),
        (24, 24, (24, 24)),
        (5, 5, (8, 8)),
        (4000, 4000, (64, 64)),
        (4000, 3000, (48, 64)),
        (3000, 4000, (64, 48)),
        (70, 65, (64, 64)),  # nearly a square
        (40, 20, (16, 40)),
        (1000, 10, (8, 64)),
    ],
)
def test_sizes_fit_the_pictures(width: int, height: int, expected: tuple[int, int]) -> None:
    assert study_defaults.fitting_size(width, height) == expected


@pytest.mark.parametrize(("count", "batch"), [(10, 2), (40, 6), (300, 16), (600, 16), (2000, 32), (60_000, 128)])
def test_few_images_get_more_epochs_and_smaller_batches(count: int, batch: int) -> None:
    choice = study_defaults.choose(Survey(count, 32, 32, False, None))
    steps = choice.epochs * (choice.num_train // choice.batch_size)
    assert choice.batch_size == batch
    assert steps >= study_defaults.STEPS or choice.epochs == study_defaults.MAX_EPOCHS
    assert choice.epochs >= study_defaults.MIN_EPOCHS


def test_what_is_asked_for_is_had() -> None:
    choice = study_defaults.choose(FOUND, "64x96", epochs=7)
    assert (choice.height, choice.width, choice.epochs) == (64, 96, 7)
    assert study_defaults.choose(Survey(600, 32, 32, True, None)).channels == 1


@pytest.mark.parametrize("size", ["", "12", "264", "64x", "64x64x64", "large", "-8", "0"])
def test_other_sizes_are_refused(size: str) -> None:
    with pytest.raises(UserError, match=f"SIZE={size}: must be a side or height x width"):
        study_defaults.parse_size(size)


@pytest.mark.parametrize("dims", ["0", "4000", "16;64", "16,,64", "many"])
def test_other_dimensions_are_refused(dims: str) -> None:
    with pytest.raises(UserError, match=f"DIMS={dims}: must be numbers from 1 to 3,072"):
        study_defaults.parse_dims(dims, 3072)


def test_dimensions_rise_and_stand_once() -> None:
    assert study_defaults.parse_dims("64, 16,64", 3072) == [16, 64]
    assert study_defaults.default_dims(100) == [16, 64]


def test_one_line_says_what_was_chosen_and_why() -> None:
    choice = study_defaults.choose(FOUND)
    assert study_defaults.tell(FOUND, choice, [16, 64]) == (
        "600 pictures, about 32 x 32 (height x width): taken as 32 x 32 (at most 64 a side, which divides by 8), in "
        "colour (as they are); 405 to train on, so batches of 16 and 120 epochs, 3,000 gradient steps; half "
        "of the batches moved by up to 6 pixels, lest few pictures be learnt by heart; picture_cnn "
        "without a last activation, so values in [-1, 1]; labels: the sub-folders, if any; 16 and 64 numbers a "
        "picture, PCA beside"
    )
    asked = study_defaults.tell(FOUND, study_defaults.choose(FOUND, "64x96"), [16])
    assert "taken as 64 x 96 (as asked for)" in asked
    asked = study_defaults.tell(FOUND, study_defaults.choose(FOUND, epochs=7), [16])
    assert "7 epochs (as asked for), 175 gradient steps, fewer than the 3,000 that a network needs; " in asked
    assert "epochs (as asked for), 3,000 gradient steps; " in study_defaults.tell(
        FOUND, study_defaults.choose(FOUND, epochs=120), [16]
    )


@pytest.mark.parametrize(
    ("num_train", "side", "shift"), [(405, 32, 6), (405, 16, 3), (405, 8, 1), (6_000, 32, 3), (50_000, 64, 1)]
)
def test_few_images_are_moved_farther_but_never_out_of_the_picture(num_train: int, side: int, shift: int) -> None:
    choice = study_defaults.Choice(64, side, 3, True, num_train, 16, 100)
    params = study_defaults.make_params("mine", "there", choice, [4], None)
    assert choice.shift_pixels == params["train"]["own"]["shift_pixels"] == shift
    assert ("moved by up to" in study_defaults.tell(FOUND, choice, [4])) == (shift > 1)


@pytest.mark.parametrize("labels", [None, "labels.csv"])
def test_the_params_of_a_study_are_right(in_project: Path, labels: str | None) -> None:
    folder = pictures(in_project / "mine")
    choice = study_defaults.choose(Survey(12, 30, 20, False, labels))
    params = study_defaults.make_params("mine", str(folder), choice, [4, 16], labels)
    Path("params.yaml").write_text(yaml.safe_dump(params, sort_keys=False))
    check()
    assert [*load_params()["runs"]] == ["mine-4", "mine-16", "mine-nested"]
    assert params.keys() == yaml.safe_load((PROJECT / "params.yaml").read_text()).keys()


def test_a_single_number_has_no_nested_network() -> None:
    assert [*study_defaults.runs("mine", [2])] == ["mine-2"]


def make(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["study", *arguments])
    study.main()


@pytest.fixture
def made(in_project: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What would be reproduced, in order; nothing is."""
    done: list[Path] = []

    def reproduce(target: Path) -> None:
        done.append(target)
        write_json(target / paths.advice(target.name), [{"topic": "Advice", "text": "is told."}])

    monkeypatch.setattr(study, "prepare", lambda target: None)
    monkeypatch.setattr(study, "reproduce", reproduce)
    return done


def test_a_folder_becomes_a_workspace(
    in_project: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = pictures(in_project / "my pictures")
    make(monkeypatch, "--images", "my pictures", "--dims", "4,16", "--epochs", "3")
    target = Path("studies/my-pictures")
    assert made == [target]
    params = yaml.safe_load((target / "params.yaml").read_text())
    assert params["prepare"]["my-pictures"]["source"] == str(folder)
    assert (target / workspace.MARKER).is_file()
    assert "cifar10" not in (target / "dvc.yaml").read_text().split("plots:")[1]
    told = capsys.readouterr().out
    assert told.startswith("my-pictures: 12 pictures, about 20 x 30 (height x width): taken as 16 x 24 (at most")
    assert "Advice: is told." in told
    assert told.endswith(f"  {target}/report.html\n  {target}/explorer.html\n")


@pytest.mark.parametrize("name", ["08", "0812", "1e5", "2024", "1_000", "on"])
def test_a_name_that_looks_like_a_number_is_a_name(
    in_project: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    pictures(in_project / name)
    make(monkeypatch, "--images", name, "--dims", "4")
    make(monkeypatch, "--images", name, "--dims", "16")
    params = load_params(Path("studies", name, "params.yaml"))
    assert [*params["prepare"]] == [params["runs"][f"{name}-16"]["dataset"]] == [name]


def test_a_nested_run_comes_with_the_first_dimension_that_is_large_enough(
    in_project: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures(in_project / "mine")
    make(monkeypatch, "--images", "mine", "--dims", "2")
    make(monkeypatch, "--images", "mine", "--dims", "3")
    assert "goes on; added 3\n" in capsys.readouterr().out
    make(monkeypatch, "--images", "mine", "--dims", "4,16")
    assert "goes on; added 4, 16, and a nested run of 16\n" in capsys.readouterr().out
    path = Path("studies/mine/params.yaml")
    runs = load_params(path)["runs"]
    assert runs["mine-nested"] == {**runs["mine-16"], "nested": True}
    text = path.read_text()
    path.write_text(text[: text.index("  mine-nested:")] + text[text.index("device:") :])
    make(monkeypatch, "--images", "mine", "--dims", "8")
    assert "mine-nested" not in load_params(path)["runs"]  # who has removed it wants none


def test_a_second_call_adds_a_dimension_and_keeps_what_was_edited(
    in_project: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures(in_project / "mine")
    make(monkeypatch, "--images", "mine", "--dims", "4,16")
    path = Path("studies/mine/params.yaml")
    edited = path.read_text().replace("device: auto", "device: cpu  # this one")
    path.write_text(edited)
    make(monkeypatch, "--images", "mine", "--dims", "16,8")
    told = capsys.readouterr().out.partition("explorer.html\n")[2]
    assert told.startswith(
        "mine: studies/mine/params.yaml is there and goes on; added 8\n"
        "mine: pictures of 16 x 24 (height x width), in colour, batches of 2 and 400 epochs; labels: the sub-folders, "
        "if any; 4, 8 and 16 numbers a picture\n"
    )
    line: dict[str, Any] = {"dataset": "mine", "model": "picture_cnn", "latent_dim": 8, "recipe": "own", "seed": 42}
    before, after = yaml.safe_load(edited), yaml.safe_load(path.read_text())
    assert after["runs"].pop("mine-8") == line
    assert after == before
    assert "device: cpu  # this one\n" in path.read_text()
    unchanged = path.read_text()
    make(monkeypatch, "--images", "mine")
    assert "no dimension is new\n" in capsys.readouterr().out
    assert path.read_text() == unchanged
    make(monkeypatch, "--images", "mine", "--dims", "20,32")
    assert "goes on; added 20, 32, the nested run stays at 16\n" in capsys.readouterr().out


def test_a_changed_folder_is_told(
    in_project: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = pictures(in_project / "mine")
    make(monkeypatch, "--images", "mine")
    assert "changed" not in capsys.readouterr().out
    (folder / "00.png").rename(folder / "zz.png")
    make(monkeypatch, "--images", "mine")
    assert "the folder changed: 1 new (zz.png), 1 gone (00.png); it is prepared and" in capsys.readouterr().out
    (folder / "readme.txt").write_text("no picture")
    make(monkeypatch, "--images", "mine")
    beside = "beside the pictures the folder changed: 1 new (readme.txt); it is prepared again, nothing is trained\n"
    assert beside in capsys.readouterr().out
    make(monkeypatch, "--images", "mine")
    assert "changed" not in capsys.readouterr().out


def test_a_change_after_a_stopped_training_is_told(
    in_project: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And that batches and epochs stay those of the first folder."""
    folder = pictures(in_project / "mine")

    def stopped(target: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(study, "reproduce", stopped)
        make(monkeypatch, "--images", "mine")
    pictures(folder, 40)
    make(monkeypatch, "--images", "mine")
    told = capsys.readouterr().out
    assert (
        "the folder changed: 28 new (12.png, 13.png, 14.png and 25 others); it is prepared and trained again\n" in told
    )
    assert "batches of 2 and 400 epochs stay; of 40 pictures a new study would have 6 and 400: train.own in st" in told


def test_labels_that_come_and_go_are_taken_and_told(
    in_project: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, params = pictures(in_project / "mine"), Path("studies/mine/params.yaml")

    def labels() -> Any:
        make(monkeypatch, "--images", "mine")
        return yaml.safe_load(params.read_text())["prepare"]["mine"].get("labels")

    assert labels() is None
    (folder / "labels.csv").write_text("file,kind\n00.png,a\n")
    assert labels() == "labels.csv"
    told = capsys.readouterr().out
    assert "goes on; no dimension is new; labels: labels.csv, so everything is prepared and trained again\n" in told
    assert "the folder changed: 1 new (labels.csv)" in told
    assert labels() == "labels.csv"
    assert "so everything" not in capsys.readouterr().out
    (folder / "labels.csv").write_text("file\n00.png\n")
    assert labels() is None
    told = capsys.readouterr().out
    assert "labels: the sub-folders, if any, so everything is prepared and trained again\n" in told
    assert "mine: no labels: " in told


def test_other_epochs_are_for_all_runs(
    in_project: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures(in_project / "mine")
    make(monkeypatch, "--images", "mine", "--epochs", "5")
    make(monkeypatch, "--images", "mine", "--epochs", "9")
    assert "no dimension is new; 9 epochs: everything is trained again\n" in capsys.readouterr().out
    path = Path("studies/mine/params.yaml")
    assert yaml.safe_load(path.read_text())["train"]["own"]["epochs"] == 9
    make(monkeypatch, "--images", "mine", "--epochs", "9")
    assert "trained again" not in capsys.readouterr().out
    text = path.read_text().replace("own:", "other:").replace("recipe: own", "recipe: other")
    path.write_text(text)
    with pytest.raises(UserError, match=r"no recipe 'own' in train, whose epochs EPOCHS= would be; set them there"):
        make(monkeypatch, "--images", "mine", "--epochs", "7")
    assert path.read_text() == text


def test_a_run_that_was_made_something_else_stays(
    in_project: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures(in_project / "mine")
    make(monkeypatch, "--images", "mine", "--dims", "8")
    path = Path("studies/mine/params.yaml")
    path.write_text(
        path.read_text().replace(
            "mine-8:\n    dataset: mine\n    model: picture_cnn\n    latent_dim: 8",
            "mine-8:\n    dataset: mine\n    model: picture_cnn\n    latent_dim: 9",
        )
    )
    make(monkeypatch, "--images", "mine", "--dims", "8")
    runs = yaml.safe_load(path.read_text())["runs"]
    assert {name: line["latent_dim"] for name, line in runs.items()} == {
        "mine-8": 9,
        "mine-nested": 8,
        "mine-8-2": 8,
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--images", ""], "name your folder of pictures: make study IMAGES="),
        (["--images", "~nobody-of-that-name/x"], "IMAGES=~nobody-of-that-name/x leads to no folder; name your folder"),
        (["--images", "mine", "--epochs=-3"], "EPOCHS=-3: must be a number from 1 to 100,000"),
        (["--images", "mine", "--epochs", "0"], "EPOCHS=0: must be a number from 1 to 100,000"),
        (["--images", "mine", "--epochs", "x"], "EPOCHS=x: must be a number from 1 to 100,000"),
        (["--images", "."], "holds this project, too; name a folder of pictures alone"),
        (["--images", "mine", "--name", "a b"], "NAME=a b: use letters, digits"),
        (["--images", "mine", "--name", "seeds"], "NAME=seeds: use letters, digits"),
        (["--images", "other", "--name", "mine"], "is a study of another folder, .*mine; give this one a NAME="),
        (["--images", "mine", "--size", "8"], "has pictures of 16 x 24 .* for SIZE=8 give a NAME="),
    ],
)
def test_what_cannot_be_had_is_one_line_and_changes_nothing(
    in_project: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    pictures(in_project / "mine"), pictures(in_project / "other")
    make(monkeypatch, "--images", "mine")
    params = Path("studies/mine/params.yaml").read_text()
    with pytest.raises(UserError, match=message):
        make(monkeypatch, *arguments)
    assert Path("studies/mine/params.yaml").read_text() == params
    assert len(made) == 1


def test_what_memory_cannot_hold_is_told_before_anything_is_made(
    in_project: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures(in_project / "mine")
    monkeypatch.setattr(memory, "free_bytes", lambda: 1)
    with pytest.raises(UserError, match=r"12 images of 1,152 numbers take about 0.2 GB .*ask for smaller pictures"):
        make(monkeypatch, "--images", "mine")
    assert not Path("studies").exists()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    channels: 3\n", "", None),  # may be left out
        ("prepare:\n", "plot:\n", "studies/mine/params.yaml.*'plot' is there twice"),
        ("    kind: image_folder\n", "", "studies/mine/params.yaml: no 'kind' in prepare.mine"),
        ("    latent_dim: 4\n", "", "studies/mine/params.yaml: runs.mine-4.latent_dim: missing"),
        ("epochs: 400", "epochs: -3", "studies/mine/params.yaml: train.own.epochs: "),
    ],
)
def test_params_that_somebody_edited_are_checked_first(
    in_project: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch, old: str, new: str, message: str | None
) -> None:
    pictures(in_project / "mine")
    make(monkeypatch, "--images", "mine", "--dims", "4,16")
    path = Path("studies/mine/params.yaml")
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    edited = path.read_text()
    with nullcontext() if message is None else pytest.raises(UserError, match=message):
        make(monkeypatch, "--images", "mine")
    assert path.read_text() == edited


def test_params_are_checked_before_they_are_written(in_project: Path) -> None:
    with pytest.raises(UserError, match=r"studies/mine/params.yaml: no 'prepare' in the top level"):
        study.write_workspace(Path(), Path("studies/mine"), "runs: {}\n")
    assert not Path("studies").exists()


def test_make_passes_on_what_was_typed_and_no_name_of_the_machine(tmp_path: Path) -> None:
    """NAME and the like count on the command line alone; a $ is a $."""
    shutil.copyfile(PROJECT / "Makefile", tmp_path / "Makefile")
    (tmp_path / "requirements.lock").touch()
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    (python.parent / ".installed").touch()
    python.write_text('#!/bin/sh\nshift 2\nprintf "%s|" "$@"\n')
    python.chmod(0o755)
    environment = {**os.environ, "NAME": "host", "SIZE": "9", "DIMS": "1", "EPOCHS": "1", "IMAGES": "/env/$x"}
    for name in ("MAKEFLAGS", "MAKELEVEL"):
        environment.pop(name, None)

    def said(*typed: str) -> str:
        command = ["make", "study", *typed]
        done = subprocess.run(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout

    assert said() == "--images=/env/$x|--name=|--dims=|--size=|--epochs=|"
    typed = said("""IMAGES=/x/$dollar "a'b""", "NAME=mine", "DIMS=1,2", "SIZE=8x16", "EPOCHS=-3")
    assert typed == """--images=/x/$dollar "a'b|--name=mine|--dims=1,2|--size=8x16|--epochs=-3|"""


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("Käse & Wein", "K-se-Wein"),
        ("photos", "photos"),
        ("...", "pictures"),
        ("seeds", "pictures"),
        ("x" * 99, "x" * 57),
    ],
)
def test_a_study_is_called_after_its_folder(folder: str, name: str) -> None:
    assert study.name_of(Path("/a") / folder) == name
    assert study.check_name(name) == name


def test_a_folder_of_something_else_is_left_alone(
    in_project: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures(in_project / "mine")
    (in_project / "studies/mine").mkdir(parents=True)
    (in_project / "studies/mine/thesis.txt").write_text("mine")
    with pytest.raises(UserError, match="studies/mine is not empty and no scratch workspace"):
        make(monkeypatch, "--images", "mine")
    assert not made
