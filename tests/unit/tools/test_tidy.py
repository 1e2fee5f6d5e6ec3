"""What is left over of runs that are gone, and of nothing else."""

from pathlib import Path
from typing import Any

import pytest

from autoencoder.config.params import load_params, parse_yaml
from autoencoder.tools import tidy
from tests.conftest import PROJECT


def pipeline() -> dict[str, Any]:
    return dict(parse_yaml(Path("dvc.yaml").read_text()))


def test_only_what_params_do_not_name_is_moved_away(
    in_project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = [
        *(
            "plots/tiny-8/map.png",
            "plots/photos/pca.json",
            "plots/diagrams/hourglass.png",
            "plots/seeds/avatars-seeds.png",
        ),
        *("models/tiny-8/history.json", "models/seeds/avatars-seeds/0.safetensors", "metrics/photos/tiny-8.json"),
        *(
            "metrics/photos/ood/tiny-8.json",
            "data/embeddings/tiny-8/test.npz",
            "data/codecs/tiny-8-0123.npz",
            "data/sources/mine.json",
            "models/.gitignore",
            "metrics/photos/ood/tiny-8.json.77.partial",
        ),
        *("data/prepared/photos/test.npz", "data/raw/anything/file"),
    ]
    gone = [
        *(
            "plots/tiny-4/map.png",
            "plots/seeds/old.png",
            "plots/diagrams/old.png",
            "models/tiny-4/history.json",
            "models/seeds/old/0.safetensors",
        ),
        *(
            "metrics/photos/tiny-4.json",
            "metrics/photos/compress/tiny-4.json",
            "metrics/old/old-8.json",
            "data/embeddings/tiny-4/test.npz",
            "data/prepared/old/test.npz",
        ),
    ]
    for name in kept + gone:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(name)
    monkeypatch.setattr("sys.argv", ["tidy"])
    tidy.main()
    assert all(Path(name).read_text() == name for name in kept)
    assert not any(Path(name).exists() for name in gone)
    assert all((tidy.LEFTOVERS / name).read_text() == name for name in gone)  # nothing computed is lost
    told = capsys.readouterr().out
    assert "plots/tiny-4: params.yaml does not name it any more; moved to .leftovers/plots/tiny-4" in told
    assert tidy.leftovers(pipeline(), load_params()) == []


def test_before_a_reproduction_what_was_trained_stays(in_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained, shown = Path("models/tiny-4/history.json"), Path("metrics/photos/tiny-4.json")
    monkeypatch.setattr("sys.argv", ["tidy", "--results"])
    for text in ("first", "second"):  # again and again: what was moved before gives way
        for path in (trained, shown):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        tidy.main()
        assert trained.exists()
        assert not shown.exists()
        assert (tidy.LEFTOVERS / shown).read_text() == text


def test_where_nothing_is_left_over_nothing_is_said(
    in_project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["tidy"])
    tidy.main()
    assert capsys.readouterr().out == ""
    assert not tidy.LEFTOVERS.exists()


def test_the_committed_results_are_those_of_the_study(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    assert tidy.leftovers(pipeline(), load_params()) == []
