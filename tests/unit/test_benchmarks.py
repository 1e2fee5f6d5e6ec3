"""The benchmarks' page says what was measured, and how cost grows as the points do."""

import json
import shutil
from pathlib import Path

import pytest
import yaml

from autoencoder.tools.readme import replace
from autoencoder.ui.errors import UserError
from benchmarks import explorer, search, stages, step_profile, tables
from benchmarks.growth_figure import growing
from tests.conftest import PROJECT


def record(what: str, images: int, latent_dim: int, side: int, seconds: float, peak_mb: float) -> dict[str, object]:
    return {
        **{"what": what, "images": images, "latent_dim": latent_dim, "side": side},
        **{"seconds": seconds, "peak_mb": peak_mb},
    }


RECORDS = [
    record("train", 45, 64, 32, 9.0, 110),
    record("train", 1, 64, 32, 0.5, 90),
    record("train", 5, 64, 32, 1.0, 100),
    record("train", 5, 16, 32, 0.9, 100),
    record("train", 5, 256, 32, 2.0, 200),
    record("train", 5, 64, 64, 4.0, 300),
    record("embed", 10, 64, 32, 1.0, 50),
    record("embed", 1000, 64, 32, 100.0, 50),
    record("search", 10, 64, 32, 3.0, 50),
    record("search", 1000, 64, 32, 30.0, 60),
]


def test_one_size_grows_at_a_time() -> None:
    assert [row["images"] for row in growing(RECORDS, "train", "images")] == [1, 5, 45]
    assert [row["latent_dim"] for row in growing(RECORDS, "train", "latent_dim")] == [16, 64, 256]
    assert [row["side"] for row in growing(RECORDS, "train", "side")] == [32, 64]


def test_how_cost_grows_is_told_from_the_last_two_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    (tmp_path / "growth.json").write_text(json.dumps([{"device": "a chip", "cores": 2}, *RECORDS]))
    told = tables.table("growth")
    assert told.startswith(f"On: device a chip, cores 2.\n\n{tables.PICTURE}\n\n- an epoch")
    assert "an epoch, by images: from 5 to 45, 9 times as many, the time grows 9 times (power 1.00), the peak" in told
    assert "by pixels a side: from 32 to 64, 2 times as many, the time grows 4 times (power 2.00)" in told
    assert "a search, by images: from 10 to 1,000, 100 times as many, the time grows 10 times (power 0.50)" in told
    assert "| what | images | latent dim | side | seconds | peak mb |\n| --- | --: |" in told
    assert "| embed | 1,000 | 64 | 32 | 100.0 | 50 |" in told


def test_what_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    assert tables.table("stages") == "Not measured yet: `make bench` does it."
    (tmp_path / "stages.json").write_text(
        '[{"cores": 2}, {"goal": "x", "n": 1}, {"goal": "y", "n": null, "busy": true}]'
    )
    assert "| x | 1 | - |\n| y | - | yes |" in tables.table("stages")


def test_the_page_is_made_of_the_results_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    text = tables.README.read_text()
    for name in tables.NAMES:
        assert replace(text, name, tables.table(name)) == text, f"{name}: make readme"


def test_every_stage_that_has_something_to_do_is_timed_and_the_largest_trainings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(PROJECT)
    pipeline, params = (yaml.safe_load(Path(name).read_text()) for name in ("dvc.yaml", "params.yaml"))
    timed = stages.stages(pipeline["stages"], params)
    assert {*pipeline["stages"]} - {*timed} == {
        "train",
        "train_seeds",
        "advise",
    }  # no folder of pictures is in the study
    assert timed["evaluate"] == "cifar10-64"
    assert timed["curve"] == "cifar10"
    assert sorted(stages.largest(params)) == ["cifar10-384", "cifar10-384-best", "cifar10-nested"]


def test_a_profile_shows_what_takes_longest_and_the_rest_as_one() -> None:
    rows = step_profile.shares({"a": 1.0, "b": 6.0, "c": 2.0, "d": 1.0}, shown=2)
    assert [(row["operation"], row["percent"]) for row in rows] == [("b", 60.0), ("c", 20.0), ("all others", 20.0)]


def test_searches_are_told_by_median_spread_and_ratio() -> None:
    told = search._told([0.004, 0.002, 0.010], [0.002, 0.002, 0.002])
    assert told == {"median_ms": 4.0, "least_ms": 2.0, "most_ms": 10.0, "times_ours": 2.0}


def test_software_is_told_from_a_graphics_card() -> None:
    assert explorer.drawn_by("ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device)") == "SwiftShader, in software"
    assert explorer.drawn_by("ANGLE (NVIDIA, H100)") == "ANGLE (NVIDIA, H100)"


def test_without_a_browser_the_explorer_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(UserError, match="no Chromium on this machine, so nothing is measured; install it"):
        explorer.main()
