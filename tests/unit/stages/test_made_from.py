"""Each stage refuses what was made from something else than is there now, also where it loads no weights itself."""

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml

from autoencoder.config.provenance import preparation_facts, training_facts
from autoencoder.config.runs import load_run
from autoencoder.config.seed_studies import load_seed_study
from autoencoder.stages.report.study import StudyResults, load_study_results
from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.storage.prepared import read_manifest
from autoencoder.storage.weights import save_weights
from autoencoder.tools import readme
from autoencoder.ui.errors import UserError
from tests.conftest import PROJECT, embed_photos, tiny_params, write_params
from tests.report_inputs import report_params, write_inputs

GELU = r"trained with models.cifar10_cnn.activation gelu \(now: relu\); train again: dvc repro train@tiny-8$"


STAGES_OF_DATA = {
    **dict.fromkeys(("train", "evaluate", "plot", "embed", "ood", "generate", "retrieve", "map", "project"), "tiny-8"),
    **{"compress": "tiny-8", "baseline": "photos", "curve": "photos", "train_seeds": "few", "evaluate_seeds": "few"},
    "explore": "study",
    "advise": "photos",
}


@pytest.mark.parametrize("stage", STAGES_OF_DATA)
def test_data_prepared_with_other_params_are_refused(small_photos: Path, stage: str) -> None:
    """By every stage that works with them, before anything else."""
    embed_photos()
    params = tiny_params()
    params["seeds"] = {"few": {**params["seeds"]["avatars-seeds"], "dataset": "photos"}}
    params["prepare"]["photos"]["split_seed"] += 1
    write_params(Path(), params)
    write_json(paths.seeds_history("few"), {"seeds": []})
    with pytest.raises(
        UserError, match=r"^data/prepared/photos was prepared with prepare.photos.split_seed \d+ \(now: "
    ):
        importlib.import_module(stage).main(STAGES_OF_DATA[stage])


def test_prepared_data_say_what_they_were_prepared_with(in_project: Path) -> None:
    importlib.import_module("prepare").main("avatars")
    made_from = read_manifest("avatars", preparation_facts("avatars")).made_from
    section = {f"prepare.avatars.{key}": value for key, value in tiny_params()["prepare"]["avatars"].items()}
    assert made_from == section


def test_stages_that_work_with_data_are_all_named_here() -> None:
    pipeline = yaml.safe_load((PROJECT / "dvc.yaml").read_text())["stages"]
    of_data = {name for name, stage in pipeline.items() if any(dep.startswith("data/") for dep in stage["do"]["deps"])}
    assert of_data == STAGES_OF_DATA.keys()


def with_relu(params: dict[str, Any]) -> None:
    params["models"]["cifar10_cnn"]["activation"] = "relu"
    write_params(Path(), params)


@pytest.mark.parametrize(("stage", "name"), [("retrieve", "tiny-8"), ("map", "tiny-8"), ("project", "tiny-8")])
def test_latents_of_weights_of_other_params_are_refused(small_photos: Path, stage: str, name: str) -> None:
    embed_photos()
    with_relu(tiny_params())
    with pytest.raises(UserError, match=GELU):
        importlib.import_module(stage).main(name)


def test_curves_of_weights_of_other_params_or_data_are_refused(small_photos: Path) -> None:
    embed_photos()
    curve = importlib.import_module("curve").main
    with pytest.raises(UserError, match=r"metrics/photos/tiny-8.json is missing"):
        curve("photos")
    manifest = paths.prepared("photos") / "manifest.json"
    facts = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**facts, "sha256": {**facts["sha256"], "val.npz": "ab"}}))
    with pytest.raises(UserError, match=r"trained with another data/prepared/photos/val.npz than is there now"):
        curve("photos")
    manifest.write_text(json.dumps(facts))
    with_relu(tiny_params())
    with pytest.raises(UserError, match=GELU):
        curve("photos")


@pytest.fixture
def study(in_project: Path) -> StudyResults:
    """What a report reads, with weights of tiny-8 and of a study's first seed; and gelu become relu since."""
    write_inputs(in_project)
    data = {"value_range": [-1, 1], "data/prepared/photos/train.npz": "ab"}  # which a report does not look at
    zero = {"bias": torch.zeros(1)}
    save_weights(zero, paths.weights("tiny-8"), {**training_facts(load_run("tiny-8")), **data})
    save_weights(zero, paths.seed_weights("dead", 0), {**training_facts(load_seed_study("dead")[0]), **data})
    params = report_params()
    params["models"]["punks_cnn"]["final_activation"] = "none"
    with_relu(params)
    return load_study_results("study")


def test_a_report_of_weights_of_other_params_is_refused(study: StudyResults) -> None:
    run = load_run("tiny-8")
    for read in (
        lambda: study.metrics(run),
        lambda: study.learning(run),
        lambda: study.read("ood", "tiny-8"),
        lambda: study.beside("tiny-8", "map", "map"),
        readme.main,
    ):
        with pytest.raises(UserError, match=GELU):
            read()
    assert study.metrics(load_run("tiny-16"))["latent_dim"] == 16  # which has no weights here


def test_a_report_of_seeds_of_other_params_is_refused(study: StudyResults) -> None:
    told = r"seeds/dead/0.safetensors was trained with models.punks_cnn.final_activation sigmoid \(now: none\)"
    with pytest.raises(UserError, match=rf"{told}; train again: dvc repro train_seeds@dead$"):
        study.seed_outcomes("dead")


@pytest.mark.parametrize("key", ["value_range", "train_sha256", "val_sha256"])
def test_a_shift_of_other_images_is_refused(in_project: Path, key: str) -> None:
    write_inputs(in_project)
    study = load_study_results("study")
    photos = study.datasets[0]
    assert set(study.shift(photos)) == {f"image_{n}_{kind}_sse" for n in (0, 1) for kind in ("shifted", "masked")}
    path = paths.plots("photos") / "shift.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), key: "other"}))
    with pytest.raises(
        UserError, match=r"shift.json is not of the images and the value range that metrics/photos/base"
    ):
        study.shift(photos)


def test_what_a_stage_draws_of_other_weights_is_refused(small_photos: Path) -> None:
    """Pictures of a map whose points are of earlier weights, though map.json is of the present ones."""
    from autoencoder.inference.trained_run import load_trained
    from autoencoder.stages.plot import pictures
    from autoencoder.storage.prepared import read_split
    from autoencoder.storage.results import write_result, write_result_arrays

    embed_photos()
    trained = load_trained("tiny-8")
    measured = {"num_images": 16, "pca_explained": 0.5, "tsne_perplexity": 5.0, "tsne_kl": 0.1}
    write_result(paths.plots("tiny-8") / "map.json", measured, trained.weights_sha256)
    write_result_arrays(paths.map_points("tiny-8"), dict.fromkeys(("pca", "tsne"), np.zeros((16, 2))), "ab" * 32)
    with pytest.raises(UserError, match=r"map.npz was measured with other weights"):
        pictures.maps(trained, read_split("photos", "test"))
    distances = {f"{kind}_swd": 1.0 for kind in pictures.KINDS}
    write_result(paths.plots("tiny-8") / "random-latents.json", distances, trained.weights_sha256)
    kept = dict.fromkeys(pictures.KINDS, np.zeros((8, 3, 32, 32), np.uint8))
    write_result_arrays(paths.random_pictures("tiny-8"), kept, "ab" * 32)
    with pytest.raises(UserError, match=r"random-latents.npz was measured with other weights"):
        pictures.random_latents(trained)
