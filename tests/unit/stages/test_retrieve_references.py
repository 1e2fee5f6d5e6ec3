"""Precision against plain loops and scikit-learn: every record of a search."""

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import jaccard_score

from autoencoder.config.runs import Run
from autoencoder.measures.nearest_neighbors import METRICS, Metric, search_all
from autoencoder.stages.retrieve import precision
from autoencoder.stages.retrieve.precision import chance, match, precisions, tabulate
from autoencoder.storage.prepared import Manifest, Split

RNG = np.random.default_rng(6)
NAMES = {"kind": ["cat", "dog", "owl"], "only": ["one"], "worn": ["hat", "pipe", "scarf", "ring"], "size": ["s", "l"]}
MANIFEST = Manifest("set", "sample", "tests", False, (0.0, 1.0), NAMES, image_shape=(1, 2, 2))


def split(count: int) -> Split:
    labels: dict[str, np.ndarray] = {
        "kind": RNG.choice(3, count, p=[0.6, 0.3, 0.1]),
        "only": np.zeros(count, dtype=np.int64),
        "worn": (RNG.random((count, 4)) < 0.3).astype(np.uint8),
        "size": RNG.integers(0, 2, count),
    }
    return Split(RNG.integers(0, 256, (count, 1, 2, 2), dtype=np.uint8), np.arange(count), labels)


QUERIES, CORPUS = split(40), split(150)


def rows_of(queries: np.ndarray, corpus: np.ndarray) -> dict[Metric, np.ndarray]:
    return {metric: neighbors.rows for metric, neighbors in search_all(queries, corpus, 6).items()}


LATENTS = [RNG.normal(size=(len(part.images), 5)) + part.labels["kind"][:, None] for part in (QUERIES, CORPUS)]
FOUND = rows_of(*LATENTS)
DISTINCT = RNG.random(40) < 0.7


def share(metric: Any, label: str, chosen: list[int]) -> float:
    """The mean over queries and over their neighbors of how well they match."""
    matches = []
    for query in chosen:
        for row in FOUND[metric][query]:
            ours, theirs = QUERIES.labels[label][query], CORPUS.labels[label][row]
            if label == "worn":
                either = (ours | theirs).sum()
                matches.append((ours & theirs).sum() / either if either else 1.0)
            else:
                matches.append(float(ours == theirs))
    return float(np.mean(matches))


def test_every_record_by_loops() -> None:
    records = list(precisions(FOUND, QUERIES, CORPUS, MANIFEST, DISTINCT))
    expected = []
    for metric in METRICS:
        for label, by_name in (("kind", True), ("worn", False), ("size", True)):
            for which, allowed in (("all", range(40)), ("without near-duplicates", np.flatnonzero(DISTINCT))):
                groups = {"all": [int(query) for query in allowed]}
                if by_name:
                    for code, name in enumerate(NAMES[label]):
                        groups[name] = [query for query in groups["all"] if QUERIES.labels[label][query] == code]
                for name, chosen in groups.items():
                    if chosen:
                        about = {"metric": metric, "label": label, "queries": which, "name": name}
                        precision = pytest.approx(share(metric, label, chosen), rel=5e-6)
                        expected.append({**about, "num_queries": len(chosen), "precision": precision})
    assert records == expected
    assert len({record["precision"] for record in records}) > 20


def test_flags_match_as_scikit_learns_jaccard() -> None:
    ours, theirs = (RNG.integers(0, 2, shape).astype(np.uint8) for shape in ((30, 4), (30, 5, 4)))
    ours[0] = theirs[0, 0] = 0
    expected = [
        [jaccard_score(flags, others, zero_division=1.0) for others in rows]
        for flags, rows in zip(ours, theirs, strict=True)
    ]
    assert match(ours, theirs) == pytest.approx(np.array(expected))
    assert match(ours, theirs).dtype == np.float64


@pytest.mark.parametrize("paired", [100, 7])
def test_chance_by_counting_all_pairs(paired: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "PAIRED", paired)  # queries compared at once
    records = list(chance(QUERIES, CORPUS, MANIFEST))
    assert [record["label"] for record in records] == ["kind", "worn", "size"]
    for record in records:
        ours, theirs = (part.labels[record["label"]] for part in (QUERIES, CORPUS))
        every_row = np.arange(150)[None].repeat(40, axis=0)
        assert record["precision"] == pytest.approx(match(ours, theirs[every_row]).mean(), rel=1e-5)


def test_a_name_that_nobody_has_counts_for_nothing() -> None:
    rare = Manifest("set", "sample", "tests", False, (0.0, 1.0), {"kind": ["cat", "dog", "owl", "emu"]})
    (record,) = chance(QUERIES, CORPUS, rare)
    assert record["precision"] == next(chance(QUERIES, CORPUS, MANIFEST))["precision"]
    assert "emu" not in {found["name"] for found in precisions(FOUND, QUERIES, CORPUS, rare, DISTINCT)}


def test_the_table_is_that_of_each_code_and_leaves_out_those_with_a_near_duplicate() -> None:
    run = Run("set-5", "set", "dense", {}, 5, None, 0, "cpu")  # type: ignore[arg-type]
    other = rows_of(LATENTS[0][:, :2], LATENTS[1][:, :2])
    records = tabulate(run, {"latents": FOUND, "PCA": other}, QUERIES, CORPUS, MANIFEST, ~DISTINCT)
    about = {"run": "set-5", "latent_dim": 5}
    expected = [{**about, "code": "latents", **r} for r in precisions(FOUND, QUERIES, CORPUS, MANIFEST, DISTINCT)]
    expected += [{**about, "code": "PCA", **r} for r in precisions(other, QUERIES, CORPUS, MANIFEST, DISTINCT)]
    expected += [{**about, "code": "chance", **r} for r in chance(QUERIES, CORPUS, MANIFEST)]
    assert records == expected
