"""The training loop: what it learns, what it keeps, and that a kill changes nothing."""

import itertools
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from autoencoder.config.runs import load_run
from autoencoder.models.base.device import device_name, resolve_device, resolve_precision
from autoencoder.models.base.mean_squared_error import mean_squared_error
from autoencoder.storage import paths
from autoencoder.storage.prepared import read_manifest, read_split
from autoencoder.training import optimizers
from autoencoder.training import trainer as trainer_module
from autoencoder.training.batches import draw_batches
from autoencoder.training.optimizers import Muon
from autoencoder.training.trainer import Trainer
from autoencoder.ui.errors import UserError
from autoencoder.ui.progress import TrainingProgress, warn_of_few_steps
from tests.conftest import tiny_params, write_params


def trainer(**recipe: object) -> Trainer:
    params = tiny_params()
    params["train"]["tiny"].update({"epochs": 4, **recipe})
    write_params(Path(), params)
    return Trainer(
        load_run("tiny-8"), read_manifest("photos"), read_split("photos", "train"), read_split("photos", "val")
    )


def by_muon(nested: bool, epochs: int) -> Trainer:
    rates = {"learning_rate": 0.02, "momentum": 0.9, "linear_every": 2, "weight_decay": 0, "bias_learning_rate": 3e-3}
    params = tiny_params()
    adam = {key: value for key, value in params["train"]["tiny"].items() if key != "beta2"}
    params["train"]["tiny"] = {**adam, "optimizer": "muon", **rates, "epochs": epochs}
    params["runs"]["tiny-8"]["nested"] = nested
    write_params(Path(), params)
    return Trainer(
        load_run("tiny-8"), read_manifest("photos"), read_split("photos", "train"), read_split("photos", "val")
    )


def equal(a: dict[str, torch.Tensor], b: dict[str, torch.Tensor]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[key], b[key]) for key in a)


def test_it_learns_and_keeps_the_best_weights(small_photos: Path) -> None:
    subject = trainer()
    weights, history = subject.train()
    losses = [record["val_mse"] for record in history["epochs"]]
    assert losses[-1] < losses[0]
    assert history["best_epoch"] == 1 + int(np.argmin(losses))
    best = subject.progress.best_weights
    subject.model.load_state_dict(best)
    assert mean_squared_error(subject.model, subject.val_images, (-1.0, 1.0)) == min(losses)
    assert equal(weights, {name: value.half() for name, value in best.items()})
    subject.model.load_state_dict(weights)
    assert mean_squared_error(subject.model, subject.val_images, (-1.0, 1.0)) == pytest.approx(min(losses), rel=1e-3)
    assert {"device", "precision", "torch", "train_seconds", "images_per_second"} <= history.keys()
    assert history["precision"] == "fp32"


@pytest.mark.parametrize("nested", [False, True])
def test_it_learns_as_much_by_the_steps_that_a_graphics_card_takes(
    small_photos: Path, monkeypatch: pytest.MonkeyPatch, nested: bool
) -> None:
    def last_loss() -> float:
        subject = by_muon(nested, epochs=8)
        assert isinstance(subject.optimizer, Muon)
        assert subject.optimizer._orthogonalize is optimizers.exactly
        return float(subject.train()[1]["epochs"][-1]["val_mse"])

    exact = last_loss()
    steps = optimizers.NEWTON_SCHULZ_IN["fp32"]
    monkeypatch.setattr(optimizers, "exactly", steps)
    assert last_loss() == pytest.approx(exact, rel=0.2)


@pytest.mark.parametrize("schedule", ["cosine", "plateau"])
def test_a_stopped_training_goes_on_as_if_nothing_had_happened(
    small_photos: Path, monkeypatch: pytest.MonkeyPatch, schedule: str
) -> None:
    def make() -> Trainer:
        if schedule == "cosine":
            return trainer()
        params = tiny_params()
        recipe = {**params["train"]["tiny"], "epochs": 4, "schedule": "plateau"}
        del recipe["warmup_fraction"]
        recipe |= {"factor": 0.5, "patience": 0, "min_learning_rate": 1e-5}
        params["train"]["tiny"] = recipe
        write_params(Path(), params)
        return Trainer(
            load_run("tiny-8"), read_manifest("photos"), read_split("photos", "train"), read_split("photos", "val")
        )

    subject = make()
    expected, history = subject.train()
    subject.forget()

    original = Trainer._run_epoch

    def stop_in_epoch_three(self: Trainer, shown: TrainingProgress) -> dict[str, float]:
        if self.progress.epoch == 2:
            raise KeyboardInterrupt
        return original(self, shown)

    monkeypatch.setattr(Trainer, "_run_epoch", stop_in_epoch_three)
    with pytest.raises(KeyboardInterrupt):
        make().train()
    monkeypatch.setattr(Trainer, "_run_epoch", original)
    resumed = make()
    weights, resumed_history = resumed.train()
    assert equal(weights, expected)
    assert [r["val_mse"] for r in resumed_history["epochs"]] == [r["val_mse"] for r in history["epochs"]]
    assert [r["learning_rate"] for r in resumed_history["epochs"]] == [r["learning_rate"] for r in history["epochs"]]
    resumed.forget()
    assert not list(Path(".resume").glob("*.pt"))


def test_other_params_do_not_go_on_from_this_state(small_photos: Path) -> None:
    first = trainer()
    first.train()
    assert trainer(learning_rate=0.001).fingerprint != first.fingerprint
    assert trainer().fingerprint == first.fingerprint


def test_other_data_precision_or_threads_do_not_either(small_photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the recipe is the same: `auto` may become something else on another machine."""
    first = trainer(precision="auto").fingerprint
    run, manifest = load_run("tiny-8"), read_manifest("photos")
    splits = read_split("photos", "train"), read_split("photos", "val")
    assert Trainer(run, manifest, *splits).fingerprint == first
    others = replace(manifest, sha256={**manifest.sha256, "train.npz": "other"})
    assert Trainer(run, others, *splits).fingerprint != first
    for owner, name, value in ((trainer_module, "resolve_precision", "other"), (torch, "get_num_threads", 99)):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, lambda *_, value=value: value)
            assert Trainer(run, manifest, *splits).fingerprint != first


def test_seeds_differ(small_photos: Path) -> None:
    first = trainer().train()[0]
    params = tiny_params()
    params["runs"]["tiny-8"]["seed"] = 2
    write_params(Path(), params)
    other = Trainer(
        load_run("tiny-8"), read_manifest("photos"), read_split("photos", "train"), read_split("photos", "val")
    )
    assert not equal(first, other.train()[0])


def test_bf16_trains_too(small_photos: Path) -> None:
    _, history = trainer(precision="bf16").train()
    assert history["precision"] == "bf16"
    assert history["epochs"][-1]["val_mse"] < history["epochs"][0]["val_mse"]


def events_in(folder: Path) -> EventAccumulator:
    """What TensorBoard reads from the only folder in `folder`."""
    (training,) = folder.iterdir()
    events = EventAccumulator(str(training))
    return events.Reload()


def test_tensorboard_gets_parameters_losses_rate_graph_and_pictures(small_photos: Path) -> None:
    subject = trainer()
    subject.train()
    events = events_in(paths.tensorboard("tiny-8"))
    assert Path(events.path).name == f"tiny-seed1-{subject.fingerprint[:8]}"
    tags = events.Tags()
    assert sorted(tags["scalars"])[:2] == ["loss/train_mse", "loss/val_mse"]  # TensorBoard's order
    assert set(tags["scalars"][2:]) == {"schedule/learning_rate", "time/seconds", "time/fit_seconds"}
    assert [event.step for event in events.Scalars("loss/val_mse")] == [1, 2, 3, 4]
    losses = [record["val_mse"] for record in subject.progress.history]
    assert [event.value for event in events.Scalars("loss/val_mse")] == pytest.approx(losses)
    assert [event.step for event in events.Images("reconstructions")] == [0, 2, 4]
    assert tags["graph"]
    (table,) = (event.tensor_proto.string_val[0].decode() for event in events.Tensors("parameters/text_summary"))
    rows = ("| dataset | photos |", f"| device | {device_name(torch.device('cpu'))} |")
    for row in (*rows, "| latent_dim | 8 |", "| train.tiny.epochs | 4 |", "| precision | fp32 |"):
        assert row in table.splitlines()


def test_seconds_are_those_of_the_clock_and_the_rate_is_of_gradient_steps(
    small_photos: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A clock that is asked thrice an epoch and goes on by 1.23456 seconds each time."""
    ticks = itertools.count()
    clock = SimpleNamespace(perf_counter=lambda: 1000 + 1.23456 * next(ticks))
    monkeypatch.setattr(trainer_module, "time", clock)
    _, history = trainer(epochs=3).train()
    assert [(record["seconds"], record["fit_seconds"]) for record in history["epochs"]] == [(2.469, 1.235)] * 3
    assert history["train_seconds"] == 7.4
    assert history["images_per_second"] == round(96 / 1.235, 1)
    assert "tiny-8: only 9 gradient steps in all (96 training images, batches of 32)" in capsys.readouterr().err


def test_every_step_is_shown_with_the_epochs_loss_so_far(small_photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, float, int]] = []
    told = TrainingProgress.step

    def step(self: TrainingProgress, num_images: int, total_loss: torch.Tensor, steps: int) -> None:
        seen.append((num_images, total_loss.item(), steps))
        told(self, num_images, total_loss, steps)

    monkeypatch.setattr(TrainingProgress, "step", step)
    _, history = trainer(epochs=2, batch_size=40, drop_last=False).train()
    assert [(num_images, steps) for num_images, _, steps in seen] == [(40, 1), (40, 2), (16, 3)] * 2
    assert [total / 3 for _, total, steps in seen if steps == 3] == pytest.approx(
        [record["train_mse"] for record in history["epochs"]]
    )


def test_the_state_goes_only_when_it_is_told(small_photos: Path) -> None:
    subject = trainer(epochs=1)
    subject.train()
    assert subject.state_path.is_file()
    subject.forget()
    assert not subject.state_path.exists()
    subject.forget()  # and nothing is there to be forgotten


def test_the_last_epochs_pictures_are_shown_whatever_the_cadence(small_photos: Path) -> None:
    trainer(epochs=3).train()  # every second epoch, say the params
    assert [event.step for event in events_in(paths.tensorboard("tiny-8")).Images("reconstructions")] == [0, 2, 3]


@pytest.mark.parametrize("epochs", [2, 3, 4])
def test_a_kill_between_state_and_log_leaves_no_gap_in_tensorboard(
    small_photos: Path, monkeypatch: pytest.MonkeyPatch, epochs: int
) -> None:
    with monkeypatch.context() as patch:

        def stop(self: Trainer, log: object) -> None:
            if self.progress.epoch == epochs:
                raise KeyboardInterrupt
            original(self, log)

        original: Any = Trainer._log_epoch
        patch.setattr(Trainer, "_log_epoch", stop)
        with pytest.raises(KeyboardInterrupt):
            trainer().train()
    trainer().train()
    events = events_in(paths.tensorboard("tiny-8"))
    assert [event.step for event in events.Scalars("loss/val_mse")] == [1, 2, 3, 4]
    assert [event.step for event in events.Images("reconstructions")] == [0, 2, 4]


def test_a_stop_after_the_log_tells_no_epoch_twice(small_photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:

        def stop(self: Trainer, shown: TrainingProgress) -> dict[str, float]:
            if self.progress.epoch == 2:
                raise KeyboardInterrupt
            return original(self, shown)

        original = Trainer._run_epoch
        patch.setattr(Trainer, "_run_epoch", stop)
        with pytest.raises(KeyboardInterrupt):
            trainer().train()
    trainer().train()
    events = events_in(paths.tensorboard("tiny-8"))
    assert [event.step for event in events.Scalars("loss/val_mse")] == [1, 2, 3, 4]
    assert [event.step for event in events.Images("reconstructions")] == [0, 2, 4]


def test_the_seeds_of_a_study_lie_in_one_folder(small_photos: Path) -> None:
    for run in (replace(load_run("tiny-8"), name=f"few-{seed}", seed=seed, study="few") for seed in (0, 7)):
        Trainer(run, read_manifest("photos"), read_split("photos", "train"), read_split("photos", "val")).train()
    names = sorted(folder.name for folder in paths.tensorboard("seeds/few").iterdir())
    assert [name.rsplit("-", 1)[0] for name in names] == ["seed-0", "seed-7"]


def test_a_recipe_names_its_threads(small_photos: Path) -> None:
    try:
        _, history = trainer(threads=2).train()
        assert history["device"].endswith("2 threads")
        assert trainer(threads=2).fingerprint != trainer().fingerprint
    finally:
        torch.set_num_threads(1)


def test_what_only_shows_or_explains_is_no_other_training(small_photos: Path) -> None:
    """TensorBoard's cadence and a person's word for what `auto` would choose: the same state file, the same weights."""
    expected, _ = trainer().train()
    for key, value in (("tensorboard", {"reconstructions_every": 3}), ("device", "auto")):
        params = tiny_params()
        params["train"]["tiny"]["epochs"] = 4
        write_params(Path(), params | {key: value})
        subject = Trainer(
            load_run("tiny-8"), read_manifest("photos"), read_split("photos", "train"), read_split("photos", "val")
        )
        if resolve_device("auto").type == "cpu":
            assert subject.state_path == trainer().state_path
            write_params(Path(), params | {key: value})
            subject.forget()
            assert equal(subject.train()[0], expected)
            assert subject.made_from == trainer().made_from


def test_a_batch_larger_than_the_data_is_refused(small_photos: Path) -> None:
    with pytest.raises(UserError, match=r"batch_size 97 is larger than the 96 training images"):
        trainer(batch_size=97)
    assert trainer(batch_size=97, drop_last=False).steps_per_epoch == 1


def test_divergence_is_told(small_photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autoencoder.training.trainer.mean_squared_error", lambda *_: float("nan"))
    with pytest.raises(UserError, match=r"tiny-8 diverged in epoch 1; lower"):
        trainer().train()


@pytest.mark.parametrize(("drop_last", "sizes"), [(True, [32, 32]), (False, [32, 32, 6])])
def test_the_last_batch(small_photos: Path, drop_last: bool, sizes: list[int]) -> None:
    recipe = trainer(drop_last=drop_last).recipe
    batches = [batch.rows for batch in draw_batches(70, recipe, seed=1, epoch=1)]
    assert [len(rows) for rows in batches] == sizes
    other = [batch.rows for batch in draw_batches(70, recipe, seed=1, epoch=2)]
    assert not torch.equal(batches[0], other[0])


def test_a_training_of_few_steps_says_so(small_photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trainer().train()
    assert "only 12 gradient steps in all (96 training images, batches of 32)" in capsys.readouterr().err
    warn_of_few_steps("tiny-8", 500, 96, 48)
    assert capsys.readouterr().err == ""


def test_history_is_json(small_photos: Path) -> None:
    _, history = trainer().train()
    assert json.loads(json.dumps(history)) == history
    assert len(history["epochs"]) == 4


def test_a_device_that_is_not_there() -> None:
    with pytest.raises(UserError, match=r"set device to auto or cpu"):
        resolve_device("cuda:99")
    with pytest.raises(UserError, match=r"set device to auto or cpu"):
        resolve_device("abacus")
    assert resolve_device("cpu").type == "cpu"
    assert resolve_precision("auto", torch.device("cpu")) in ("fp32", "bf16")
    assert resolve_precision("bf16", torch.device("cpu")) == "bf16"
