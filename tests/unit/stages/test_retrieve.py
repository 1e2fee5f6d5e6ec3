"""Precision of neighbors, chance, captions; what search by pixels leaves for others."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autoencoder.config.retrieval import RetrievalOptions
from autoencoder.config.runs import Run
from autoencoder.drawing.image_rows import ImageRow, image_rows
from autoencoder.measures import pixel_search
from autoencoder.measures.corpus import Corpus
from autoencoder.measures.labels import caption
from autoencoder.measures.nearest_neighbors import Neighbors
from autoencoder.stages.plot.neighbor_rows import named, neighbor_rows
from autoencoder.stages.retrieve import precision as search
from autoencoder.stages.retrieve.shown import tabulate_shown
from autoencoder.storage import paths
from autoencoder.storage.arrays import Rows
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import Manifest, Split
from autoencoder.ui.errors import UserError

NAMES = {"kind": ["cat", "dog"], "worn": ["hat", "pipe"]}
MANIFEST = Manifest("set", "sample", "tests", False, (0.0, 1.0), NAMES, image_shape=(3, 4, 4))


def split(kinds: list[int], worn: list[list[int]]) -> Split:
    images = np.random.default_rng(len(kinds)).integers(0, 256, size=(len(kinds), 3, 4, 4), dtype=np.uint8)
    labels = {"kind": np.array(kinds), "worn": np.array(worn, dtype=np.uint8)}
    return Split(images, np.arange(len(kinds))[::-1].copy(), labels)


def corpus_of(*images: np.ndarray) -> Corpus:
    return Corpus(Rows(*images), np.arange(sum(map(len, images))), {})


QUERIES = split([0, 1], [[1, 0], [0, 0]])
CORPUS = split([0, 0, 1, 1], [[1, 0], [1, 1], [0, 0], [0, 1]])
FOUND = Neighbors(np.array([[0.1, 0.2], [0.3, 0.4]], np.float32), np.array([[0, 2], [1, 2]]))


def precision(records: list[Record], **wanted: object) -> float:
    (record,) = [r for r in records if all(r[key] == value for key, value in wanted.items())]
    return float(record["precision"])


def test_precision_counts_matching_neighbors() -> None:
    records = list(search.precisions({"euclidean": FOUND.rows}, QUERIES, CORPUS, MANIFEST, np.array([True, True])))
    assert precision(records, label="kind", queries="all", name="all") == 0.5
    assert precision(records, label="kind", queries="all", name="cat") == 0.5
    # accessories, Jaccard: {hat}-{hat} 1, {hat}-{} 0; {}-{hat, pipe} 0, {}-{} 1
    assert precision(records, label="worn", queries="all", name="all") == 0.5
    assert {record["metric"] for record in records} == {"euclidean"}


def test_queries_with_a_near_duplicate_are_left_out_of_the_second_count() -> None:
    better = np.array([[0, 1], [0, 2]])
    records = list(search.precisions({"cosine": better}, QUERIES, CORPUS, MANIFEST, np.array([False, True])))
    assert precision(records, label="kind", queries="all", name="all") == 0.75
    assert precision(records, label="kind", queries="without near-duplicates", name="all") == 0.5
    # no cat is left: no number is made up for them
    assert not [r for r in records if r["queries"] == "without near-duplicates" and r["name"] == "cat"]


@pytest.mark.parametrize(
    ("given", "found", "overlap"),
    [
        ([1, 1, 0], [1, 0, 0], 0.5),
        ([0, 0, 0], [0, 0, 0], 1.0),
        ([1, 0, 0], [0, 1, 0], 0.0),
        ([1, 0, 1], [1, 0, 1], 1.0),
    ],
)
def test_flags_match_by_what_is_shared(given: list[int], found: list[int], overlap: float) -> None:
    assert search.match(np.array([given], np.uint8), np.array([[found]], np.uint8)).tolist() == [[overlap]]


def test_chance_is_the_share_of_equal_pairs() -> None:
    record, of_flags = search.chance(QUERIES, CORPUS, MANIFEST)
    assert record == {"label": "kind", "precision": 0.5}
    every_pair = search.match(QUERIES.labels["worn"], np.array([CORPUS.labels["worn"]] * len(QUERIES.images)))
    assert of_flags == {"label": "worn", "precision": pytest.approx(every_pair.mean(), rel=1e-5)}
    lopsided = split([0, 0, 0, 1], [[0, 0]] * 4)
    assert next(search.chance(lopsided, lopsided, MANIFEST))["precision"] == pytest.approx(0.75**2 + 0.25**2)


def test_the_overlap_of_flags_is_the_mean_over_all_pairs_however_many() -> None:
    rng = np.random.default_rng(0)
    given, there = ((rng.random((count, 5)) < 0.3).astype(np.uint8) for count in (search.PAIRED + 7, 40))
    every_pair = [search.match(row[None], there[None]).mean() for row in given]
    assert search.mean_overlap(given, there) == pytest.approx(np.mean(every_pair))


def test_the_table_names_run_code_and_dimension() -> None:
    run = Run("set-2", "set", "dense", {}, 2, None, 0, "cpu")  # type: ignore[arg-type]
    records = search.tabulate(run, {"PCA": {"cosine": FOUND.rows}}, QUERIES, CORPUS, MANIFEST, np.array([False, False]))
    assert all(record["run"] == "set-2" and record["latent_dim"] == 2 for record in records)
    assert {record["code"] for record in records} == {"PCA", "chance"}


def test_a_label_of_one_name_tells_nothing_apart(tmp_path: Path) -> None:
    """A folder of images without sub-folders: no precision is made up, no caption written."""
    plain = Manifest("set", "image_folder", "tests", False, (0.0, 1.0), {"kind": ["."]}, image_shape=(3, 4, 4))
    assert list(search.precisions({"euclidean": FOUND.rows}, QUERIES, CORPUS, plain, np.array([True, True]))) == []
    assert list(search.chance(QUERIES, CORPUS, plain)) == []
    assert caption(CORPUS, 0, plain) == ""


def test_a_class_called_all_is_not_taken_for_all() -> None:
    named = Manifest("set", "image_folder", "tests", False, (0.0, 1.0), {"kind": ["all", "dog"]}, image_shape=(3, 4, 4))
    better = np.array([[0, 1], [0, 2]])
    records = list(search.precisions({"cosine": better}, QUERIES, CORPUS, named, np.array([True, True])))
    assert precision(records, queries="all", name="all") == 0.75
    assert precision(records, queries="all", name="all*") == 1.0


def shown_rows(labels: dict[str, list[str]]) -> list[ImageRow]:
    codes: dict[str, Any] = {code: {"cosine": FOUND.rows} for code in ("latents", "pixels", "PCA")}
    found = json.loads(json.dumps(tabulate_shown(codes, QUERIES, MANIFEST.kind)))  # as it is read from its file
    there = Corpus(Rows(CORPUS.images[:3], CORPUS.images[3:]), CORPUS.index, CORPUS.labels)
    return neighbor_rows(found, QUERIES, there, replace(MANIFEST, labels=labels))


def test_the_picture_shows_the_first_test_images_and_what_each_code_finds() -> None:
    rows = shown_rows({"kind": NAMES["kind"]})
    assert [row.label for row in rows] == ["network", "PCA", "pixels"] * 2
    assert rows[0].captions == ("test 0\ndog", "cat", "dog")  # in the order of the source, not of the split
    assert rows[0].framed == (False, False, True)
    assert np.allclose(rows[0].images[0] * 255, QUERIES.images[1])
    assert np.allclose(rows[0].images[2] * 255, CORPUS.images[2])


def test_of_several_labels_in_one_what_both_have_is_named() -> None:
    row = shown_rows(NAMES)[3]
    assert row.captions == ("test 1\nhat", "hat", "")
    assert row.framed == (False, True, False)
    assert named(["a", "b", "c", "d"]) == "a\nb\nand 2 more"
    assert named(["a", "b", "c"]) == "a\nb\nc"


def test_without_labels_neighbors_have_no_captions() -> None:
    rows = shown_rows({})
    assert (rows[0].captions, rows[0].framed) == (("test 0",), ())
    image_rows(rows, "none is framed", sample=False)


def test_pixel_search_comes_back_as_it_was_written(in_project: Path) -> None:
    options = RetrievalOptions(neighbors=3, near_duplicate=0.95)
    with pytest.raises(UserError, match=r"neighbors.npz is missing; make it first: python src/baseline.py set"):
        pixel_search.read_pixel_search(MANIFEST, options)
    corpus = corpus_of(CORPUS.images, QUERIES.images[:1])
    similar = pixel_search.write_pixel_search(MANIFEST, QUERIES, corpus, options)
    found, read = pixel_search.read_pixel_search(MANIFEST, options)
    assert similar.tolist() == read.tolist() == [True, False]
    assert found["euclidean"].shape == (2, 3)
    assert found["euclidean"][0, 0] == found["cosine"][0, 0] == 4
    paths.pixel_neighbors("set").write_bytes(b"PK broken")
    with pytest.raises(UserError, match=r"damaged"):
        pixel_search.read_pixel_search(MANIFEST, options)


def test_a_data_set_may_have_its_own_threshold(in_project: Path) -> None:
    almost = QUERIES.images.copy()
    almost[:, 0, 0, 0] ^= 0x40
    corpus = corpus_of(almost)
    for general, own, similar in ((0.9, 1.0, [False, False]), (1.0, 0.9, [True, True])):
        options = RetrievalOptions(neighbors=1, near_duplicate=general, near_duplicate_of={"set": own})
        assert pixel_search.write_pixel_search(MANIFEST, QUERIES, corpus, options).tolist() == similar


def test_pixel_search_of_other_images_or_options_is_refused(in_project: Path) -> None:
    options = RetrievalOptions(neighbors=3, near_duplicate=0.95)
    pixel_search.write_pixel_search(MANIFEST, QUERIES, corpus_of(CORPUS.images), options)
    others = replace(MANIFEST, sha256={"test.npz": "abc"})
    for manifest, changed, told in (
        (others, options, "another data/prepared/set/test.npz than is there now"),
        (MANIFEST, RetrievalOptions(neighbors=4, near_duplicate=0.95), r"neighbors 3 \(now: 4\)"),
        (MANIFEST, RetrievalOptions(neighbors=3, near_duplicate=0.9), r"near_duplicate 0.95 \(now: 0.9\)"),
        (
            MANIFEST,
            RetrievalOptions(neighbors=3, near_duplicate=0.95, near_duplicate_of={"set": 1.0}),
            r"near_duplicate 0.95 \(now: 1.0\)",
        ),
    ):
        message = rf"^data/baselines/set/neighbors.npz was measured with {told}; measure again: dvc repro baseline@set$"
        with pytest.raises(UserError, match=message):
            pixel_search.read_pixel_search(manifest, changed)
