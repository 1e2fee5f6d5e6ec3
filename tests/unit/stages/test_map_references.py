"""What is measured on maps against definitions written out, and the maps against scikit-learn used directly."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from autoencoder.measures.colourings import Colouring, colourings
from autoencoder.measures.rounding import significant
from autoencoder.stages.map import maps
from autoencoder.stages.map.maps import compact, draw_maps, neighbor_map, perplexity, principal_components, same_label

RNG = np.random.default_rng(8)
CODES = RNG.choice(3, 70, p=[0.5, 0.3, 0.2])
LATENTS = (RNG.normal(0, 2, (3, 6))[CODES] + RNG.standard_normal((70, 6))).astype(np.float32)
SHOWN = [Colouring("kind", CODES, ["a", "b", "c"]), Colouring("other", np.zeros(70, dtype=np.int64), ["x", "y"])]


def ranks(points: np.ndarray) -> np.ndarray:
    """ranks[i, j]: 1 where j is the nearest of i, 2 the next; 0 for itself."""
    distances = np.linalg.norm(points[:, None].astype(np.float64) - points[None], axis=2)
    np.fill_diagonal(distances, -1)
    order = distances.argsort(axis=1)
    ranked: np.ndarray = np.empty_like(order)
    for row, nearest in enumerate(order):
        ranked[row, nearest] = np.arange(len(points))
    return ranked


def trust(latents: np.ndarray, points: np.ndarray, k: int) -> float:
    """Venna and Kaski: what are neighbors on the map alone, by how far they really are."""
    n = len(latents)
    there, shown = ranks(latents), ranks(points)
    penalty = sum(there[i, j] - k for i in range(n) for j in range(n) if 0 < shown[i, j] <= k and there[i, j] > k)
    return float(1 - 2 / (n * k * (2 * n - 3 * k - 1)) * penalty)


def share_of_own(points: np.ndarray, codes: np.ndarray) -> float:
    shown = ranks(points)
    own = [codes[i] == codes[j] for i in range(len(points)) for j in range(len(points)) if 0 < shown[i, j] <= 10]
    return float(np.mean(own))


def test_every_measure_by_its_definition() -> None:
    drawn, measured = draw_maps(LATENTS, SHOWN)
    assert list(drawn) == ["pca", "tsne"]
    pca, tsne = drawn["pca"], drawn["tsne"]
    expected = {
        "num_images": 70,
        "tsne_perplexity": 23,
        "pca_explained": PCA(svd_solver="full").fit(LATENTS.astype(np.float64)).explained_variance_ratio_[:2].sum(),
        "pca_trustworthiness": trust(LATENTS, pca, 10),
        "tsne_trustworthiness": trust(LATENTS, tsne, 10),
        "pca_same_label": share_of_own(pca, CODES),
        "tsne_same_label": share_of_own(tsne, CODES),
        "latents_same_label": share_of_own(LATENTS, CODES),
        "chance_same_label": float(np.square(np.bincount(CODES) / 70).sum()),
    }
    digits = dict.fromkeys(("tsne_trustworthiness", "tsne_same_label"), 2)  # the third may be another elsewhere
    written = {name: significant(value, digits.get(name, 4)) for name, value in expected.items()}
    assert {name: measured[name] for name in expected} == written
    assert measured.keys() - expected.keys() == {"tsne_kl", "label"}
    assert measured["label"] == "kind"


def test_tsne_is_scikit_learns_with_the_settings_that_are_told() -> None:
    reference = TSNE(2, perplexity=23, init="pca", max_iter=750, random_state=0)
    points = reference.fit_transform(LATENTS.astype(np.float64))
    of_map, divergence = neighbor_map(LATENTS)
    assert np.array_equal(of_map, points)
    assert divergence == float(reference.kl_divergence_)
    assert draw_maps(LATENTS, [])[1]["tsne_kl"] == significant(divergence, 2)


def test_of_many_numbers_tsne_sees_the_fifty_leading_components(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}

    class Recorder:
        kl_divergence_ = 0.25

        def __init__(self, components: int, **options: object) -> None:
            asked.update(options, components=components)

        def fit_transform(self, latents: np.ndarray) -> np.ndarray:
            asked["latents"] = latents
            return latents[:, :2]

    monkeypatch.setattr(maps, "TSNE", Recorder)
    wide = RNG.standard_normal((120, 51)).astype(np.float32)
    _, divergence = neighbor_map(wide)
    expected = PCA(50, svd_solver="full").fit_transform(wide.astype(np.float64))
    assert np.abs(np.asarray(asked.pop("latents"))) == pytest.approx(np.abs(expected), abs=1e-3)
    assert divergence == 0.25
    assert asked == {"components": 2, "perplexity": 30, "init": "pca", "max_iter": 750, "random_state": 0}
    neighbor_map(wide[:, :50])
    assert np.array_equal(np.asarray(asked["latents"]), wide[:, :50])  # fifty are not reduced
    neighbor_map(wide[:, :1])
    assert str(asked["init"]) == "random"  # one number has no two components to begin with
    neighbor_map(wide[:, :2])
    assert str(asked["init"]) == "pca"


@pytest.mark.parametrize(("number", "expected"), [(3, 2 / 3), (4, 1), (91, 30), (92, 30)])
def test_perplexity_is_thirty_or_a_third_of_the_others(number: int, expected: float) -> None:
    assert perplexity(number) == pytest.approx(expected)


def test_points_are_kept_to_a_65535th_of_the_larger_extent() -> None:
    points = np.array([[-3.0, 10.0], [7.0, 11.0], [2.0, 10.5]], dtype=np.float32)
    assert compact(points).tolist() == [[0, 0], [65535, 6554], [32768, 3277]]
    assert compact(points).dtype.str == "<u2"
    assert compact(points[:1]).tolist() == [[0, 0]]


def test_the_principal_components_in_double() -> None:
    of_map, explained = principal_components(LATENTS)
    centred = LATENTS.astype(np.float64) - LATENTS.mean(axis=0, dtype=np.float64)
    _, singular, directions = np.linalg.svd(centred, full_matrices=False)
    assert explained == pytest.approx((singular[:2] ** 2).sum() / (singular**2).sum(), rel=1e-5)
    assert np.abs(of_map) == pytest.approx(np.abs(centred @ directions[:2].T), abs=1e-3)
    assert of_map.dtype == np.float32


def test_a_single_number_lies_on_a_line() -> None:
    of_map, explained = principal_components(LATENTS[:, :1])
    assert np.array_equal(of_map, np.stack([LATENTS[:, 0], np.zeros(70)], axis=1))
    assert explained == 1.0
    assert np.array_equal(principal_components(LATENTS[:, :2])[0], LATENTS[:, :2])


def test_trust_is_measured_on_a_seeded_part_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "MAX_TRUSTED", 40)
    drawn, measured = draw_maps(LATENTS, [])
    part = np.sort(np.random.default_rng(0).permutation(70)[:40])
    assert measured["pca_trustworthiness"] == pytest.approx(trust(LATENTS[part], drawn["pca"][part], 10), rel=1e-4)
    assert "pca_same_label" not in measured


@pytest.mark.parametrize(("number", "neighbors"), [(3, 1), (5, 2), (20, 9), (21, 10), (22, 10)])
def test_of_few_images_fewer_neighbors_are_asked_for(number: int, neighbors: int) -> None:
    drawn, measured = draw_maps(LATENTS[:number], [])
    expected = trust(LATENTS[:number], drawn["pca"], neighbors)
    assert measured["pca_trustworthiness"] == pytest.approx(expected, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(("number", "counted"), [(10, False), (11, True)])
def test_ten_neighbors_need_eleven_images(number: int, counted: bool) -> None:
    shown = [Colouring("kind", CODES[:number], ["a", "b", "c"])]
    measured = draw_maps(LATENTS[:number], shown)[1]
    assert ("pca_same_label" in measured) == ("chance_same_label" in measured) == counted


def test_the_nearest_ten_without_the_image_itself() -> None:
    assert same_label(LATENTS, CODES) == pytest.approx(share_of_own(LATENTS, CODES))


def test_which_labels_colour_a_map() -> None:
    names = {"kind": ["a", "b"], "many": [str(n) for n in range(16)], "more": [str(n) for n in range(17)], "one": ["x"]}
    names |= {"count": ["1", "2"], "worn": ["hat", "pipe"]}
    labels = {name: RNG.integers(0, len(of_label), 5) for name, of_label in names.items()}
    labels["worn"] = np.zeros((5, 2), dtype=np.uint8)
    shown = colourings(labels, names)
    assert [colouring.label for colouring in shown] == ["kind", "many"]
    assert shown[1].names == names["many"]
    assert np.array_equal(shown[1].codes, labels["many"])
