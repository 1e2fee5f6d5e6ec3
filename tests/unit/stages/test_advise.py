"""What a person is told of their own pictures: near-duplicates, and the words that follow from the numbers."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from autoencoder.config.advice import load_advice_options
from autoencoder.data import image_folder
from autoencoder.stages.advise import advice
from autoencoder.stages.advise.duplicates import Pair, near_duplicate_pairs
from autoencoder.stages.advise.labels import count_labels
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import SPLITS, Manifest, Split
from autoencoder.ui.errors import UserError
from tests.conftest import write_params

NAMES = ["a.png", "b.png", "c.png", "d.png"]


def manifest(channels: int = 3, height: int = 16, width: int = 16, **labels: list[str]) -> Manifest:
    return Manifest("mine", "image_folder", "", False, (-1.0, 1.0), labels, (channels, height, width))


def texts(lines: Any) -> dict[str, str]:
    return {line["topic"]: line["text"] for line in lines}


def split(images: np.ndarray, *index: int) -> Split:
    return Split(images, np.array(index), {"folder": np.zeros(len(index), dtype=np.int64)})


def test_near_duplicates_are_found_once_wherever_they_are() -> None:
    images = np.random.default_rng(0).integers(0, 200, (6, 3, 8, 8), dtype=np.uint8)
    images[3] = images[0]  # the same
    images[5] = images[1] // 2 + 20  # darker
    splits = {
        "train": split(images[[0, 1]], 0, 1),
        "val": split(images[[2]], 2),
        "test": split(images[[3, 4, 5]], 3, 4, 5),
    }
    same, darker = near_duplicate_pairs(splits, 0.9)
    assert (same.first, same.second, same.splits, same.leaks) == (0, 3, ("train", "test"), True)
    assert (darker.first, darker.second) == (1, 5)
    assert same.correlation == pytest.approx(1)
    assert 0.99 < darker.correlation < 1
    assert [pair.first for pair in near_duplicate_pairs(splits, 1.0)] == [0]


def test_pictures_without_contrast_and_three_of_the_same_kind() -> None:
    images = np.full((4, 1, 8, 8), 9, dtype=np.uint8)
    images[1:] = np.arange(64, dtype=np.uint8).reshape(8, 8)
    splits = {"train": split(images[:2], 0, 1), "val": split(images[2:3], 2), "test": split(images[3:], 3)}
    pairs = near_duplicate_pairs(splits, 0.9)
    assert all(0 not in (pair.first, pair.second) for pair in pairs)
    assert {number for pair in pairs for number in (pair.first, pair.second)} == {1, 2, 3}
    images[1] = images[0]  # what has no contrast can be the same all the same
    pairs = near_duplicate_pairs({**splits, "train": split(images[:2], 0, 1)}, 0.9)
    assert (0, 1) in {(pair.first, pair.second) for pair in pairs if pair.is_same}


def two_and_two(change: int) -> dict[str, Split]:
    """Four pictures alike, two to train on and two to test with; the latter by a change less alike the former."""
    images = np.random.default_rng(0).integers(50, 200, (5, 3, 8, 8), dtype=np.uint8)
    images[1:4] = images[0]
    images[1:4, 0, 0, 0] += np.array([1, change, change + 1], dtype=np.uint8)
    return {"train": split(images[:2], 0, 1), "val": split(images[4:], 4), "test": split(images[2:4], 2, 3)}


@pytest.mark.parametrize("change", [0, 40])
def test_a_leak_is_found_though_each_has_a_nearer_one_on_its_side(change: int) -> None:
    """0: equal ones on either side; 40: the two tested with are nearest to each other, and so are the others."""
    pairs = near_duplicate_pairs(two_and_two(change), 0.9)
    assert {number for pair in pairs if pair.leaks for number in (pair.first, pair.second)} >= {2, 3}


def test_objects_in_the_middle_of_one_ground_are_not_alike() -> None:
    images = np.full((12, 3, 32, 32), 255, dtype=np.uint8)
    for number, image in enumerate(images):
        image[:, 8 - number // 4 : 24 + number // 4, 8 - number % 4 : 24 + number % 4] = 40
    images[11] = images[10] + np.random.default_rng(0).integers(-3, 4, images[10].shape).clip(-3, 0).astype(np.uint8)
    splits = {
        name: split(images[rows], *rows)
        for name, rows in zip(SPLITS, ([*range(6)], [6, 7], [*range(8, 12)]), strict=True)
    }
    assert [(pair.first, pair.second, pair.is_same) for pair in near_duplicate_pairs(splits, 0.9)] == [(10, 11, False)]


@pytest.mark.parametrize(
    ("splits", "leaks"),
    [(("train", "test"), True), (("test", "val"), True), (("test", "test"), False), (("train", "val"), False)],
)
def test_a_pair_leaks_where_one_of_it_is_tested_with(splits: tuple[str, str], leaks: bool) -> None:
    assert Pair(0, 1, 1.0, splits).leaks is leaks


def test_duplicates_are_named_and_leaks_told() -> None:
    alike = Pair(2, 3, 0.95, ("train", "train"))
    pairs = [Pair(0, 1, 1.0, ("train", "test"), is_same=True), alike, alike]
    told = texts(advice.duplicates(pairs, NAMES, 1, "there.json"))
    assert told["Near-duplicates"] == (
        "1 pair of pictures is the same: a.png and b.png. "
        "2 pairs of pictures are alike pixel by pixel, as what was saved twice is, and smooth grounds may be, too: "
        "c.png and d.png and 1 other, all in there.json."
    )
    assert told["A split that leaks"].startswith("Of 1 pair one picture is tested with and the other is not")
    assert "c.png" not in told["A split that leaks"]
    assert texts(advice.duplicates([alike], NAMES, 5, "there.json")).keys() == {"Near-duplicates"}
    none = "No two pictures are the same, or nearly so."
    assert texts(advice.duplicates([], NAMES, 5, "there.json")) == {"Near-duplicates": none}
    many = texts(advice.duplicates([], [""] * 6000, 5, "there.json"))["Near-duplicates"]
    assert many == f"{none} What is alike was looked for of 5,000 of 6,000 pictures, drawn at random."


def test_few_pictures_say_little() -> None:
    told = texts(advice.how_sure({"train": 7, "val": 2, "test": 3}))["Few pictures"]
    assert told.startswith("12 pictures are few: all figures here are of 3 test pictures")
    assert not texts(advice.how_sure({"train": 27, "val": 3, "test": 10}))


def answer(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"knee_latents": 30}
    for level, (ours, how, pca) in {25: (14, "exactly", 20), 30: (60, "about", 1900), 35: (None, None, None)}.items():
        found |= {f"latents_for_{level}_db": ours, f"how_for_{level}_db": how, f"pca_latents_for_{level}_db": pca}
    return found | changes


def told_of_quality(found: Record, side: int, num_train: int, best_epoch: int) -> str:
    """Of pictures of three colours, `side` pixels wide and high, by runs of 16 and 256 numbers."""
    about = replace(manifest(height=side, width=side), counts={"train": num_train})
    return texts(advice.quality(found, [metric(256, 1.0, best_epoch), metric(16, 2.0)], about))["Numbers a picture"]


def test_numbers_for_a_quality_are_told_as_they_are_known() -> None:
    told = told_of_quality(answer(), 32, 5000, 10)
    assert "25 dB 14 (PCA: 20), 30 dB about 60 (PCA: 1,900) and 35 dB more than 256 (PCA: out of reach)." in told
    assert told.endswith("For 35 dB try a larger dimension (DIMS=512), or more epochs.")
    assert told_of_quality(answer(), 32, 5000, 5).endswith("For 35 dB try a larger dimension (DIMS=512).")
    for best_epoch, help_ in ((10, "epochs"), (5, "pictures")):  # as many numbers as a picture has are no code
        assert told_of_quality(answer(), 13, 5000, best_epoch).endswith(f"For 35 dB try more {help_}.")
    reached = answer(latents_for_35_db=200, how_for_35_db="at most")
    assert told_of_quality(reached, 32, 5000, 10).endswith("35 dB at most 200 (PCA: out of reach).")


@pytest.mark.parametrize(("num_train", "told"), [(1025, "out of reach"), (1026, "more than 1,024")])
def test_pca_is_out_of_reach_where_all_of_it_was_measured(num_train: int, told: str) -> None:
    """Of large pictures the first 1,024 components are; so many pictures and one span no more."""
    assert f"35 dB more than 256 (PCA: {told})." in told_of_quality(answer(), 64, num_train, 10)


def test_the_knee_is_told_where_there_is_one() -> None:
    assert texts(advice.knee(answer()))["Where to stop"].startswith("Beyond 30 numbers")
    assert texts(advice.knee(answer(knee_latents=None)))["Where to stop"].startswith("No knee was found")


def metric(dim: int, sse: float, best_epoch: int = 10) -> Record:
    errors = {"latent_dim": dim, "test_sse": sse, "pca_test_sse": 2.0}
    return {**errors, "best_epoch": best_epoch, "num_epochs": 10, "nested": False}


def test_a_nested_run_counts_where_it_leaves_less() -> None:
    metrics = [metric(64, 3.0), metric(16, 3.0), metric(128, 1.0), metric(256, 1.0) | {"nested": True}]
    kept = [{"num_latents": k, "test_sse": sse} for k, sse in ((8, 0.1), (16, 1.9), (64, 2.5), (128, 5.0))]
    told = texts(advice.against_pca(metrics, kept, 405, answer()))["Network or PCA"]
    assert told.startswith("The network leaves less error than PCA at 16 and 128 numbers, and more at 64.")


@pytest.mark.parametrize(("num_train", "few"), [(405, True), (50_000, False)])
def test_more_epochs_are_advised_while_the_error_falls(num_train: int, few: bool) -> None:
    for best_epoch, falls in ((9, True), (8, False)):
        told = texts(advice.against_pca([metric(16, 3.0, best_epoch)], [], num_train, answer()))["Network or PCA"]
        assert (("then more epochs." if few else "More epochs may help.") in told) is falls
        assert ("More epochs would not: the validation error was lowest long before the last one." in told) is not falls
    assert advice.still_falls(metric(16, 3.0, 9))


def test_pictures_that_are_nearly_black_are_told() -> None:
    def splits(brightest: int) -> list[Split]:
        return [Split(np.full((2, 1, 8, 8), value, np.uint8), np.arange(2), {}) for value in (3, brightest, 0)]

    assert texts(advice.brightness(splits(15)))["Dark"].startswith("No value of any picture is above 15 of 255.")
    assert not [*advice.brightness(splits(64))]


@pytest.mark.parametrize(
    ("errors", "begins", "says_few"),
    [
        ({16: 1.0, 64: 1.0}, "The network leaves less error than PCA at 16 and 64 numbers.", False),
        ({16: 3.0, 64: 3.0}, "PCA leaves less error than the network at 16 and 64 numbers: use PCA.", True),
        ({16: 1.0, 64: 3.0}, "The network leaves less error than PCA at 16 numbers, and more at 64.", True),
        ({16: 2.0}, "PCA leaves less error", True),  # as much is no reason to train
    ],
)
def test_whether_a_network_beats_pca_is_told(errors: dict[int, float], begins: str, says_few: bool) -> None:
    metrics = [metric(dim, sse) for dim, sse in errors.items()]
    agreeing = answer(latents_for_30_db=None, pca_latents_for_30_db=None)
    told = texts(advice.against_pca(metrics, [], 405, agreeing))["Network or PCA"]
    assert "PSNR" not in told
    assert told.startswith(begins)
    assert ("405 training images are few" in told) is says_few
    assert "are few" not in texts(advice.against_pca(metrics, [], 50_000, agreeing))["Network or PCA"]
    fewer = answer(latents_for_25_db=None, pca_latents_for_30_db=50)  # 20 by PCA for 25 dB
    told = texts(advice.against_pca(metrics, [], 405, fewer))["Network or PCA"]
    network_ahead = begins.endswith("16 and 64 numbers.")
    assert ("For a mean PSNR of 25 dB and 30 dB PCA needs fewer numbers all the same" in told) is network_ahead


def test_nothing_is_said_of_pca_where_it_was_not_measured() -> None:
    assert not texts(advice.against_pca([metric(5, 1.0) | {"pca_test_sse": None}], [], 10, answer()))


def test_the_worst_come_first() -> None:
    shown = [
        {"which": which, "index": place} for place, which in enumerate(("easiest", "median", "hardest", "hardest"))
    ]
    assert texts(advice.hardest("mine-64", shown, NAMES)) == {
        "Worst reconstructed": "By mine-64, of the test pictures: d.png and c.png."
    }


def test_classes_are_told_with_the_worst_and_the_small() -> None:
    groups = [{"label": "folder", "name": name, "psnr_db": psnr} for name, psnr in {"cats": 20.0, "dogs": 25.0}.items()]
    told = texts(advice.classes(groups, {"folder": {"cats": 4, "dogs": 90}}))["Classes"]
    assert told == (
        "2 sub-folders are taken as labels. cats comes back worst (20.0 dB), dogs best (25.0 dB). "
        "Fewer than 10 pictures have cats."
    )
    loose = texts(advice.classes([], {"folder": {image_folder.LOOSE: 90}}))["Classes"]
    assert loose.startswith("There are none: up to 256 sub-folders of two pictures or more, or a CSV")
    for label in ("place", "folder"):  # a column may be called so
        told = texts(advice.classes([], {label: {"a": 50, "b": 50}}, "labels.csv"))["Classes"]
        assert told.startswith(f"2 values of {label} are taken as labels.")


@pytest.mark.parametrize("table", [None, "labels.csv"])
def test_one_label_for_all_is_told(table: str | None) -> None:
    told = texts(advice.classes([], {"folder": {"cats": 90}}, table))["Classes"]
    assert told == "All pictures have the one label cats, which tells nothing."


def about(**changes: Any) -> dict[str, Any]:
    sizes = {"16 x 16": 4}
    return {"names": NAMES, "unreadable": [], "num_grey": 0, "num_transparent": 0, "sizes": sizes} | changes


def test_files_that_fit_need_no_words() -> None:
    assert not texts(advice.files(about(), manifest()))
    assert not texts(advice.files(about(sizes={"32 x 16": 4}), manifest(height=8)))  # larger, of the same shape


@pytest.mark.parametrize(
    ("changes", "channels", "topic", "text"),
    [
        ({"num_grey": 4}, 3, "Grey", "No picture has a colour"),
        ({"num_grey": 1}, 3, "Grey", "1 of 4 pictures are grey among others in colour."),
        ({"num_grey": 4}, 1, "Grey", "No picture has a colour: they are taken as grey, a third of the numbers."),
        ({"num_grey": 3}, 1, "Grey", "1 of 4 pictures have colours, which are lost."),
        ({"num_transparent": 2}, 3, "Transparency", "2 of 4 pictures are transparent in part: laid over black."),
        (
            {"unreadable": ["a.jpg (no image)"]},
            3,
            "Unreadable",
            "1 file could not be read; data/prepared/mine/pictures.json",
        ),
        (
            {"sizes": {"16 x 16": 3, "32 x 32": 1}},
            3,
            "Mixed sizes",
            "The pictures have 2 sizes, and are all made 16 x 16 (height x width).",
        ),
        ({"sizes": {"16 x 16": 3, "32 x 16": 1}}, 3, "Cut", "1 of 4 pictures are of another shape"),
        ({"sizes": {"16 x 16": 3, "8 x 8": 1}}, 3, "Enlarged", "1 of 4 pictures are smaller than 16 x 16 (height x"),
    ],
)
def test_what_files_lose_is_told(changes: dict[str, Any], channels: int, topic: str, text: str) -> None:
    assert texts(advice.files(about(**changes), manifest(channels)))[topic].startswith(text)


def test_labels_are_counted_over_all_splits() -> None:
    codes = np.array([0, 1, 1])
    one = Split(np.zeros((3, 1, 8, 8), np.uint8), np.arange(3), {"folder": codes})
    assert count_labels({"train": one, "test": one}, manifest(folder=["a", "b", "c"])) == {
        "folder": {"a": 2, "b": 4, "c": 0}
    }


def test_advice_is_of_a_data_set(in_project: Path) -> None:
    params = yaml.safe_load((in_project / "params.yaml").read_text())
    write_params(in_project, {**params, "advise": {"photos": {"examples": 5}, "nothing": {"examples": 5}}})
    assert load_advice_options("photos").examples == 5
    with pytest.raises(UserError, match="no 'nothing' in prepare"):
        load_advice_options("nothing")
    write_params(in_project, {**params, "advise": {"photos": {"examples": 0}}})
    with pytest.raises(UserError, match=r"advise.photos.examples"):
        load_advice_options("photos")
