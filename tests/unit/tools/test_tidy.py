"""What is left over of runs that are gone, and of nothing else."""

from pathlib import Path

import pytest

from autoencoder.config.params import load_params
from autoencoder.tools import tidy
from tests.conftest import PROJECT


def test_only_what_params_do_not_name_is_removed(in_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = [
        *(
            "plots/tiny-8/map.png",
            "plots/photos/pca.json",
            "plots/diagrams/hourglass.png",
            "plots/seeds/avatars-seeds.png",
        ),
        *("models/tiny-8/history.json", "models/seeds/avatars-seeds/0.safetensors", "metrics/tiny-8.json"),
        *(
            "metrics/ood/tiny-8.json",
            "data/embeddings/tiny-8/test.npz",
            "data/codecs/tiny-8.npz",
            "data/sources/mine.json",
        ),
        *("data/prepared/photos/test.npz", "data/raw/anything/file"),
    ]
    gone = [
        *(
            "plots/tiny-4/map.png",
            "plots/seeds/old.png",
            "models/tiny-4/history.json",
            "models/seeds/old/0.safetensors",
        ),
        *(
            "metrics/tiny-4.json",
            "metrics/compress/tiny-4.json",
            "data/codecs/tiny-4.npz",
            "data/prepared/old/test.npz",
        ),
    ]
    for name in kept + gone:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()
    tidy.main()
    assert all(Path(name).exists() for name in kept)
    assert not any(Path(name).exists() for name in gone)
    assert "removed plots/tiny-4" in capsys.readouterr().out


def test_the_committed_results_are_those_of_the_study(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    assert tidy.leftovers(load_params()) == []
