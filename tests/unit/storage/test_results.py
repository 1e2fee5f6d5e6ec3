"""What was trained and measured is read where it is of the present weights."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.storage.prepared import Manifest
from autoencoder.storage.provenance import check_weights, digest, made_from
from autoencoder.storage.results import (
    read_curve,
    read_history,
    read_learning,
    read_metrics,
    read_result,
    read_result_arrays,
    read_seed_outcomes,
    read_seeds_history,
    write_curve,
    write_result,
    write_result_arrays,
    write_seed_outcomes,
)
from autoencoder.storage.weights import save_weights
from autoencoder.ui.errors import UserError

OTHER = "ab" * 32
FACTS = {"dataset": "photos", "latent_dim": 8, "models.cifar10_cnn.activation": "gelu"}
DATA = {"train.npz": "12", "val.npz": "34"}
MANIFEST = Manifest("photos", "sample", "tests", True, (-1.0, 1.0), {}, sha256=DATA)


@pytest.fixture
def weights(in_project: Path) -> str:
    """Two files of weights, of a run and of a seed; the digest that both have."""
    for path in (paths.weights("tiny-8"), paths.seed_weights("avatars-seeds", 0)):
        save_weights({"bias": torch.zeros(2)}, path, made_from(FACTS, MANIFEST))
    return str(digest(paths.weights("tiny-8")))


def test_metrics_of_other_weights_are_refused(weights: str) -> None:
    write_json(paths.metrics("photos", "tiny-8"), {"weights_sha256": weights, "test_sse": 1.0})
    assert read_metrics({"tiny-8": FACTS})["tiny-8"]["test_sse"] == 1.0
    for metrics in ({"weights_sha256": OTHER}, {}):
        write_json(paths.metrics("photos", "tiny-8"), metrics)
        with pytest.raises(UserError, match=r"photos/tiny-8.json was measured with other weights .*evaluate@tiny-8$"):
            read_metrics({"tiny-8": FACTS})
    paths.weights("tiny-8").unlink()  # a clone, where the metrics are in git and the weights are not
    assert read_metrics({"tiny-8": FACTS}) == {"tiny-8": {}}


def test_a_history_of_other_weights_is_refused(weights: str) -> None:
    write_json(paths.history("tiny-8"), {"weights_sha256": weights, "num_epochs": 2})
    assert read_history("tiny-8")["num_epochs"] == 2
    write_json(paths.history("tiny-8"), {"weights_sha256": OTHER})
    with pytest.raises(UserError, match=r"history.json tells of other weights .*dvc repro --force train@tiny-8$"):
        read_history("tiny-8")


def test_a_studys_history_of_other_weights_is_refused(weights: str) -> None:
    path = paths.seeds_history("avatars-seeds")
    write_json(path, {"seeds": [{"seed": 0, "weights_sha256": weights}, {"seed": 1, "weights_sha256": OTHER}]})
    assert len(read_seeds_history("avatars-seeds")["seeds"]) == 2  # seed 1 has no weights here
    write_json(path, {"seeds": [{"seed": 0, "weights_sha256": OTHER}]})
    with pytest.raises(UserError, match=r"history.json tells of other weights than models/seeds/avatars-seeds/0.safe"):
        read_seeds_history("avatars-seeds")


@pytest.mark.parametrize("value", [{"mse": 0.5}, [{"bits": 3}, {"bits": 4}]])
def test_a_result_of_other_weights_is_refused_and_one_of_the_present_comes_back(value: Any, weights: str) -> None:
    path = paths.metrics("photos", "ood/tiny-8")
    write_result(path, value, weights)
    assert weights[:12] in path.read_text()
    assert read_result(path, "tiny-8", "ood") == value
    write_result(path, value, OTHER)
    with pytest.raises(UserError, match=r"ood/tiny-8.json was measured with other weights .*: dvc repro ood@tiny-8$"):
        read_result(path, "tiny-8", "ood")
    write_json(path, value)  # it does not say
    with pytest.raises(UserError, match="was measured with other weights"):
        read_result(path, "tiny-8", "ood")
    paths.weights("tiny-8").unlink()
    assert read_result(path, "tiny-8", "ood") == value
    path.unlink()
    with pytest.raises(UserError, match=r"make it first: python src/ood.py tiny-8"):
        read_result(path, "tiny-8", "ood")


def test_metrics_of_weights_trained_with_other_params_are_refused(weights: str) -> None:
    """They are of the present weights, and these are of a params.yaml that is no more."""
    write_json(paths.metrics("photos", "tiny-8"), {"weights_sha256": weights, "test_sse": 1.0})
    relu = {"tiny-8": {**FACTS, "models.cifar10_cnn.activation": "relu"}}
    told = r"^models/tiny-8/weights.safetensors was trained with models.cifar10_cnn.activation gelu \(now: relu\); "
    with pytest.raises(UserError, match=rf"{told}train again: dvc repro train@tiny-8$"):
        read_metrics(relu)
    other = Manifest(**{**MANIFEST.__dict__, "sha256": {**DATA, "val.npz": "56"}})
    assert read_metrics({"tiny-8": FACTS}, MANIFEST)["tiny-8"]["test_sse"] == 1.0
    with pytest.raises(UserError, match=r"with another data/prepared/photos/val.npz than is there now; train again"):
        read_metrics({"tiny-8": FACTS}, other)
    paths.weights("tiny-8").unlink()
    assert read_metrics(relu, other)["tiny-8"]["test_sse"] == 1.0


def test_weights_that_are_broken_or_say_nothing_are_told_without_loading_them(weights: str) -> None:
    path = paths.weights("tiny-8")
    content = path.read_bytes()
    check_weights(path, "train@tiny-8", FACTS)
    path.write_bytes(content[:-1])
    with pytest.raises(UserError, match="is not a whole safetensors file"):
        check_weights(path, "train@tiny-8", FACTS)
    path.write_bytes(content.replace(b"made_from", b"made_thus"))
    with pytest.raises(UserError, match="does not say what it was trained with; train again: dvc repro --force train@"):
        check_weights(path, "train@tiny-8", FACTS)


def test_arrays_of_other_weights_are_refused(weights: str) -> None:
    path, arrays = paths.map_points("tiny-8"), {"pca": np.arange(4), "tsne": np.ones(2)}
    write_result_arrays(path, arrays, weights)
    read = read_result_arrays(path, "tiny-8", "map", "pca", "tsne")
    assert read.keys() == arrays.keys()
    assert all(np.array_equal(read[name], array) for name, array in arrays.items())
    with pytest.raises(UserError, match=r"map.npz is damaged \(it has no umap\)"):
        read_result_arrays(path, "tiny-8", "map", "umap")
    write_result_arrays(path, arrays, OTHER)
    with pytest.raises(UserError, match=r"map.npz was measured with other weights .*: dvc repro map@tiny-8$"):
        read_result_arrays(path, "tiny-8", "map")
    np.savez(path, allow_pickle=False, **arrays)  # it does not say
    with pytest.raises(UserError, match="was measured with other weights"):
        read_result_arrays(path, "tiny-8", "map")
    paths.weights("tiny-8").unlink()
    assert read_result_arrays(path, "tiny-8", "map").keys() == arrays.keys()


def test_a_learning_curve_of_other_weights_is_refused(weights: str) -> None:
    curve = [{"run": "tiny-8", "epoch": 1, "mse": 0.5}]
    write_result(paths.learning("photos", "tiny-8"), curve, weights)
    assert read_learning("photos", ["tiny-8"]) == curve
    write_result(paths.learning("photos", "tiny-8"), curve, OTHER)
    with pytest.raises(UserError, match=r"learning/tiny-8.json was measured with other .*: dvc repro evaluate@tiny-8$"):
        read_learning("photos", ["tiny-8"])


def test_a_table_of_several_runs_is_compared_run_by_run(weights: str) -> None:
    rows: list[dict[str, Any]] = [
        {"run": "tiny-8", "sse": 2.0},
        {"run": "gone", "sse": 1.0},
        {"run": "pca", "sse": 3.0},
        {"run": None},
    ]
    path = paths.plots("photos") / "error-curve.json"
    write_curve(path, rows, {"tiny-8": weights, "gone": OTHER})
    assert path.read_text().count('"weights"') == 2
    assert read_curve("photos", "error-curve") == rows  # `gone` has no weights here
    for written in ({"tiny-8": OTHER, "gone": OTHER}, {}):
        write_curve(path, rows, written)
        with pytest.raises(
            UserError, match=r"error-curve.json was measured with other weights than models/tiny-8.*@ph"
        ):
            read_curve("photos", "error-curve")
    path.unlink()
    with pytest.raises(UserError, match=r"make it first: python src/curve.py photos"):
        read_curve("photos", "error-curve")


def test_a_studys_outcomes_of_other_weights_are_refused(weights: str) -> None:
    summary = {"num_seeds": 2, "seed_0_test_mse": 0.5, "seed_1_test_mse": 0.4}
    write_seed_outcomes("avatars", "avatars-seeds", summary, [weights, OTHER])
    assert read_seed_outcomes("avatars", "avatars-seeds") == summary  # seed 1 has no weights here
    for digests in ([OTHER, OTHER], []):
        write_seed_outcomes("avatars", "avatars-seeds", summary, digests)
        with pytest.raises(UserError, match=r"avatars-seeds/0.safetensors: dvc repro evaluate_seeds@avatars-seeds$"):
            read_seed_outcomes("avatars", "avatars-seeds")
