"""Seeds of one network: what is counted, and what counts as dead."""

import importlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from autoencoder.config.seed_studies import load_seed_study
from autoencoder.inference.reconstruction import mean_squared_error
from autoencoder.inference.trained_run import load_seed
from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.stages.evaluate_seeds import outcomes as outcomes_module
from autoencoder.stages.evaluate_seeds.outcomes import (
    Outcome,
    black_mse,
    draw,
    look_inside,
    mean_image_mse,
    mean_inside,
    measure_seeds,
    statistics_of,
    summarize,
)
from autoencoder.stages.train_seeds.seeds import train_seeds
from autoencoder.storage import paths
from autoencoder.storage.prepared import Split, read_split
from autoencoder.storage.provenance import digest
from autoencoder.storage.results import read_seed_outcomes, read_seeds_learning
from autoencoder.training.trainer import Trainer
from autoencoder.ui.errors import UserError
from tests.conftest import tiny_params, write_params


def study(**changes: object) -> None:
    params = tiny_params()
    line = {"dataset": "photos", "model": "cifar10_cnn", "latent_dim": 8, "recipe": "tiny", "num_seeds": 2}
    params["seeds"] = {"few": {**line, **changes}}
    write_params(Path(), params)


def test_every_seed_is_a_run_of_its_own(in_project: Path) -> None:
    study(num_seeds=3, options={"base_channels": 2})
    runs = load_seed_study("few")
    assert [(run.name, run.seed) for run in runs] == [("few-0", 0), ("few-1", 1), ("few-2", 2)]
    assert all(run.model_options["base_channels"] == 2 for run in runs)
    assert all(run.recipe.epochs == 2 for run in runs)
    assert all(run.study == "few" for run in runs)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"num_seeds": 0}, r"seeds.few.num_seeds: input should be greater than or equal to 1"),
        ({"seed": 1}, r"unknown key 'seed'"),
        ({"recipe": "none"}, r"no 'none' in train"),
        ({"options": 3}, r"^params.yaml: seeds.few.options: input should be a valid dict"),
        ({"model": "vae"}, r"seeds.few.*no 'vae' in models"),
    ],
)
def test_mistakes_are_named(in_project: Path, changes: dict, message: str) -> None:
    study(**changes)
    with pytest.raises(UserError, match=message):
        load_seed_study("few")


def test_a_study_trains_each_seed_and_goes_on_where_it_stopped(
    small_photos: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    study()
    original = Trainer.train

    def stop_at_the_second(self: Trainer) -> tuple:
        if self.run.seed == 1:
            raise KeyboardInterrupt
        return original(self)

    monkeypatch.setattr(Trainer, "train", stop_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        train_seeds("few")
    monkeypatch.setattr(Trainer, "train", original)
    first = paths.seed_weights("few", 0).read_bytes()
    capsys.readouterr()
    states = train_seeds("few")
    assert "resuming few-0 after epoch 2 of 2" in capsys.readouterr().err  # trained already: not trained again
    assert paths.seed_weights("few", 0).read_bytes() == first
    assert paths.seed_weights("few", 1).read_bytes() != first
    assert [path.is_file() for path in states] == [True, True]
    outcomes, summary = measure_seeds("few")
    assert outcomes[0].test_mse != outcomes[1].test_mse
    assert (summary["num_seeds"], summary["num_epochs"]) == (2, 2)
    assert summary["mean_test_mse"] == pytest.approx(np.mean([o.test_mse for o in outcomes]), rel=1e-4)
    assert summary["seed_1_test_mse"] == pytest.approx(outcomes[1].test_mse, rel=1e-4)
    test, train = read_split("photos", "test"), read_split("photos", "train")
    history = json.loads(paths.seeds_history("few").read_text())
    seconds = sum(seed["train_seconds"] for seed in history["seeds"])
    assert summary == summarize(outcomes) | {
        **{"dataset": "photos", "sample": True, "model": "cifar10_cnn", "latent_dim": 8, "num_epochs": 2},
        "black_test_mse": pytest.approx(black_mse(test, (-1.0, 1.0)), rel=1e-4),
        "mean_image_test_mse": pytest.approx(mean_image_mse(train, test, (-1.0, 1.0)), rel=1e-4),
        **{"train_seconds": round(seconds, 1), "device": history["device"]},
    }
    present = [digest(paths.seed_weights("few", seed)) for seed in (0, 1)]
    assert [outcome.weights_sha256 for outcome in outcomes] == present
    importlib.import_module("evaluate_seeds").main("few")
    assert read_seed_outcomes("photos", "few") == summary  # of these weights, or it would be refused
    curves = read_seeds_learning("photos", "few")
    val = read_split("photos", "val").images
    for run in load_seed_study("few"):  # the least is that of the weights that are kept
        least = min(row["mse"] for row in curves if row["seed"] == run.seed)
        assert mean_squared_error(load_seed(run), val) == pytest.approx(least, rel=1e-3)
    assert [(row["seed"], row["epoch"]) for row in curves] == [(0, 1), (0, 2), (1, 1), (1, 2)]
    rows = draw("photos", outcomes)
    assert [row.images.shape for row in rows] == [(3, 3, 32, 32)] * 2
    assert rows[-1].captions[0] == "original"


def test_what_was_not_trained_is_named_with_its_command(in_project: Path) -> None:
    with pytest.raises(
        UserError, match=r"history.json is missing; make it first: python src/train_seeds.py avatars-seeds"
    ):
        measure_seeds("avatars-seeds")


def outcome(seed: int, mse: float, dead: bool) -> Outcome:
    return Outcome(seed, mse, dead, dead, {"before_last_activation": -9.0 * dead}, np.zeros((2, 3, 32, 32)))


def test_the_first_test_images_stand_left_of_what_each_seed_draws(
    small_photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes_module, "SEEDS_A_ROW", 2)
    rows = draw("photos", [outcome(seed, 0.12345, dead=seed == 1) for seed in range(3)])
    test = read_split("photos", "test")
    originals = [test.images[list(test.index).index(first)] / 255 for first in sorted(test.index)[:2]]
    assert [len(row.images) for row in rows] == [3, 3, 2, 2]
    for row, original in zip(rows, originals * 2, strict=True):
        assert np.allclose(row.images[0], original)
        assert not row.images[1:].any()  # as `outcome` says
    assert [row.captions for row in rows] == [
        (),
        ("original", "seed 0: 0.1235", "seed 1: dead"),
        (),
        ("original", "seed 2: 0.1235"),
    ]
    assert {row.label for row in rows} == {""}


def test_the_dead_are_counted_apart() -> None:
    summary = summarize([outcome(0, 0.1, False), outcome(1, 0.3, False), outcome(2, 0.8, True)])
    assert (summary["num_seeds"], summary["num_dead"]) == (3, 1)
    assert summary["mean_test_mse"] == 0.4
    assert summary["mean_living_test_mse"] == 0.2
    assert summary["dead_before_last_activation"] == -9.0
    assert summary["living_before_last_activation"] == 0.0
    assert summarize([outcome(0, 0.8, True)])["mean_living_test_mse"] is None


def test_what_is_worse_than_the_mean_image_is_dead_and_what_draws_nothing_is_black(
    small_photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study()
    train_seeds("few")
    train, test = (read_split("photos", split) for split in ("train", "test"))
    black, mean_image = black_mse(test, (-1.0, 1.0)), mean_image_mse(train, test, (-1.0, 1.0))
    assert mean_image < 0.8 * black
    cases = [(mean_image, 0, 0), (1.01 * mean_image, 2, 0), (0.9 * black, 2, 0), (0.91 * black, 2, 2)]
    for mse, num_dead, num_black in cases:
        monkeypatch.setattr("autoencoder.stages.evaluate_seeds.outcomes.mean_squared_error", lambda *_, mse=mse: mse)
        _, summary = measure_seeds("few")
        assert (summary["num_dead"], summary["num_black"]) == (num_dead, num_black)


def test_more_than_ten_seeds_take_another_line(small_photos: Path) -> None:
    rows = draw("photos", [Outcome(n, 0.5, n == 11, False, {}, np.zeros((2, 3, 32, 32))) for n in range(12)])
    assert [len(row.images) for row in rows] == [11, 11, 3, 3]
    assert rows[3].captions == ("original", "seed 10: 0.5000", "seed 11: dead")


def test_looking_inside_tells_dead_units_from_a_saturated_end() -> None:
    into, out = nn.Linear(4, 2), nn.Linear(2, 4)
    model = Autoencoder(nn.Sequential(nn.Flatten(), into, nn.ReLU()), nn.Sequential(out, nn.Sigmoid()), 2)
    for bias, active in ((-9.0, 0.0), (0.5, 1.0)):
        nn.init.constant_(into.bias, bias)
        nn.init.constant_(out.weight, -1.0)
        nn.init.zeros_(out.bias)
        nn.init.zeros_(into.weight)
        inside = look_inside(model, torch.rand(3, 1, 2, 2))
        assert inside == {"active_share": active, "before_last_activation": pytest.approx(-1.0 * active)}
    assert mean_inside("dead", [inside, inside])["dead_active_share"] == 1.0
    assert mean_inside("living", []) == {}


def test_black_is_the_low_end_of_the_range() -> None:
    white = Split(np.full((2, 1, 2, 2), 255, np.uint8), np.arange(2), {})
    assert black_mse(white, (0.0, 1.0)) == pytest.approx(1)
    assert black_mse(white, (-1.0, 1.0)) == pytest.approx(4)


def test_the_mean_image_is_as_bad_as_the_pictures_vary() -> None:
    images = np.array([0, 255], np.uint8).repeat(4).reshape(2, 1, 2, 2)
    half = Split(images, np.arange(2), {})
    assert mean_image_mse(half, half, (0.0, 1.0)) == pytest.approx(0.25)


def test_spread() -> None:
    assert statistics_of("x", [1.0, 3.0]) == {"mean_x": 2.0, "std_x": 1.41421, "min_x": 1.0, "max_x": 3.0}
    assert statistics_of("x", []) == {"mean_x": None, "std_x": None, "min_x": None, "max_x": None}
    assert statistics_of("x", [2.0])["std_x"] is None
