"""What was trained and measured is read where it is of the present weights."""

from pathlib import Path
from typing import Any

import pytest

from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.storage.provenance import digest
from autoencoder.storage.results import read_history, read_metrics, read_result, read_seeds_history, write_result
from autoencoder.ui.errors import UserError

OTHER = "ab" * 32


@pytest.fixture
def weights(in_project: Path) -> str:
    """Two files of weights, of a run and of a seed; the digest that both have."""
    for path in (paths.weights("tiny-8"), paths.seed_weights("avatars-seeds", 0)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"weights")
    return str(digest(paths.weights("tiny-8")))


def test_metrics_of_other_weights_are_refused(weights: str) -> None:
    write_json(paths.metrics("tiny-8"), {"weights_sha256": weights, "test_sse": 1.0})
    assert read_metrics(["tiny-8"])["tiny-8"]["test_sse"] == 1.0
    for metrics in ({"weights_sha256": OTHER}, {}):
        write_json(paths.metrics("tiny-8"), metrics)
        with pytest.raises(UserError, match=r"metrics/tiny-8.json was measured with other weights .*evaluate@tiny-8$"):
            read_metrics(["tiny-8"])
    paths.weights("tiny-8").unlink()  # a clone, where the metrics are in git and the weights are not
    assert read_metrics(["tiny-8"]) == {"tiny-8": {}}


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
    path = paths.metrics("ood/tiny-8")
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
