"""The study of one's own pictures: what is chosen, what a second call adds, and what it refuses."""

import sys
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
        "600 pictures, about 32 x 32: taken as 32 x 32, in colour (as they are); 405 to train on, so batches of 16 and "
        "120 epochs, 3,000 gradient steps; picture_cnn without a last activation, so values in [-1, 1]; "
        "16 and 64 numbers a picture, PCA beside"
    )


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
    assert told.startswith("my-pictures: 12 pictures, about 30 x 20: taken as 24 x 16, in colour")
    assert "Advice: is told." in told
    assert told.endswith(f"  {target}/report.html\n  {target}/explorer.html\n")


def test_a_second_call_adds_a_dimension_and_keeps_what_was_edited(
    in_project: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures(in_project / "mine")
    make(monkeypatch, "--images", "mine", "--dims", "4,16")
    path = Path("studies/mine/params.yaml")
    edited = path.read_text().replace("device: auto", "device: cpu  # this one")
    path.write_text(edited)
    make(monkeypatch, "--images", "mine", "--dims", "16,8")
    assert "added 8\n" in capsys.readouterr().out
    line: dict[str, Any] = {"dataset": "mine", "model": "picture_cnn", "latent_dim": 8, "recipe": "own", "seed": 42}
    before, after = yaml.safe_load(edited), yaml.safe_load(path.read_text())
    assert after["runs"].pop("mine-8") == line
    assert after == before
    assert "device: cpu  # this one\n" in path.read_text()
    unchanged = path.read_text()
    make(monkeypatch, "--images", "mine")
    assert "no dimension is new\n" in capsys.readouterr().out
    assert path.read_text() == unchanged


def test_a_changed_folder_is_told(
    in_project: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = pictures(in_project / "mine")
    make(monkeypatch, "--images", "mine")
    assert "changed" not in capsys.readouterr().out
    (folder / "00.png").rename(folder / "zz.png")
    make(monkeypatch, "--images", "mine")
    assert "the folder changed: 1 new (zz.png), 1 gone (00.png); it is prepared and" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--images", ""], "name your folder of pictures: make study IMAGES="),
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
    with pytest.raises(UserError, match=r"12 images of 1,152 numbers take about 0.0 GB .*ask for smaller pictures"):
        make(monkeypatch, "--images", "mine")
    assert not Path("studies").exists()


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
