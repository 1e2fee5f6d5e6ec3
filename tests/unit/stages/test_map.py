"""Maps of latents: coordinates, what is measured on them, and the figure."""

from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from sklearn.decomposition import PCA

from autoencoder.drawing import style
from autoencoder.measures.colourings import Colouring, colourings
from autoencoder.stages.map import maps
from autoencoder.stages.map.maps import compact, draw_maps, neighbor_map, principal_components, same_label
from autoencoder.stages.plot import map_figure as figures


def clusters(number: int, latent_dim: int) -> tuple[np.ndarray, np.ndarray]:
    """Three heaps of points far from each other, and which heap each is of."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 3, number)
    centres = 20 * rng.standard_normal((3, latent_dim))
    return (centres[codes] + rng.standard_normal((number, latent_dim))).astype(np.float32), codes


def test_labels_with_few_names_are_shown_and_no_others() -> None:
    names = {"type": ["a", "b"], "count": ["0", "1"], "only": ["x"], "many": [str(n) for n in range(17)], "worn": ["h"]}
    labels = {name: np.zeros(3, dtype=np.int64) for name in names} | {"worn": np.zeros((3, 1), dtype=np.uint8)}
    assert [shown.label for shown in colourings(labels, names)] == ["type"]


def test_the_first_map_holds_the_leading_components() -> None:
    latents, _ = clusters(60, 5)
    points, explained = principal_components(latents)
    pca = PCA(2).fit(latents)
    assert explained == pytest.approx(pca.explained_variance_ratio_.sum(), rel=1e-4)
    assert np.allclose(np.abs(points), np.abs(pca.transform(latents)), atol=1e-3)
    measured = {"pca_explained": explained, "tsne_perplexity": 19.67}
    assert figures.map_titles(measured, 5) == {
        "pca": f"PCA: {explained:.0%} of the variance",
        "tsne": "t-SNE: perplexity 19.7",
    }


def test_points_are_kept_in_two_bytes_a_coordinate_at_one_scale() -> None:
    points = np.array([[-1.0, 3.0], [3.0, 4.0], [1.0, 3.5]], np.float32)
    assert compact(points).tolist() == [[0, 0], [65535, 16384], [32768, 8192]]
    assert compact(points).dtype == np.uint16
    assert compact(np.ones((3, 2), np.float32)).tolist() == [[0, 0]] * 3


@pytest.mark.parametrize("latent_dim", [1, 2])
def test_two_numbers_and_one_are_shown_themselves(latent_dim: int) -> None:
    latents, _ = clusters(30, latent_dim)
    points, explained = principal_components(latents)
    assert np.array_equal(points[:, :latent_dim], latents)
    assert points.shape == (30, 2)
    assert explained == 1
    assert "PCA" not in figures.map_titles({"pca_explained": 1, "tsne_perplexity": 9}, latent_dim)["pca"]


def test_heaps_stay_apart_on_both_maps_and_the_measures_say_so() -> None:
    latents, codes = clusters(150, 60)  # more numbers than t-SNE is given
    drawn, measured = draw_maps(latents, [Colouring("heap", codes, ["a", "b", "c"])])
    assert measured["num_images"] == 150
    assert measured["tsne_same_label"] == measured["pca_same_label"] == measured["latents_same_label"] == 1
    assert measured["chance_same_label"] == pytest.approx(np.square(np.bincount(codes) / 150).sum(), rel=1e-4)
    assert 0.5 < measured["pca_trustworthiness"] <= 1
    assert 0.5 < measured["tsne_trustworthiness"] <= 1
    assert np.array_equal(draw_maps(latents, [])[0]["tsne"], drawn["tsne"])


def test_the_label_that_blind_choice_gets_right_least_often_is_counted() -> None:
    """Of punks nearly all are human: how many of the neighbors are says nothing."""
    latents, codes = clusters(60, 3)
    nearly_all = np.zeros(60, dtype=np.int64)
    nearly_all[0] = 1
    shown = [Colouring("type", nearly_all, ["human", "alien"]), Colouring("heap", codes, ["a", "b", "c"])]
    _, measured = draw_maps(latents, shown)
    assert measured["label"] == "heap"
    assert measured["chance_same_label"] < 0.5
    assert draw_maps(latents, shown[:1])[1]["label"] == "type"
    assert "label" not in draw_maps(latents, [])[1]


def test_the_nearest_do_not_count_an_image_itself() -> None:
    points = np.arange(20, dtype=np.float32)[:, None] // 10 * 100 + np.arange(20)[:, None] % 10
    alone = np.zeros(20, dtype=np.int64)
    alone[0] = 1
    # The first has none of its own; nine others of its heap have it among their ten, and eleven of the rest none.
    assert same_label(points, alone) < 1
    assert same_label(points, np.zeros(20, dtype=np.int64)) == 1
    assert same_label(points, np.arange(20)) == 0


@pytest.mark.parametrize("number", [1, 2, 3, 4, 16])
@pytest.mark.parametrize("latent_dim", [1, 2, 8, 64])
def test_a_handful_of_images_is_no_error(number: int, latent_dim: int) -> None:
    latents, codes = clusters(number, latent_dim)
    drawn, measured = draw_maps(latents, [Colouring("heap", codes, ["a", "b", "c"])])
    for points in drawn.values():
        assert points.shape == (number, 2)
        assert np.isfinite(points).all()
    assert all(np.isfinite(value) for key, value in measured.items() if key != "label")
    assert ("tsne_same_label" in measured) == (number == 16)


def test_latents_that_are_all_the_same_are_no_error() -> None:
    same = np.tile(np.arange(4, dtype=np.float32), (20, 1))
    points, divergence = neighbor_map(same)
    assert not points.any()
    assert divergence == 0
    points, explained = principal_components(same)
    assert not points.any()
    assert explained == 1


def test_three_images_are_enough_to_arrange() -> None:
    assert neighbor_map(np.eye(3, dtype=np.float32))[0].any()


def test_tsne_takes_few_dimensions_and_enough_neighbors(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    class Recorder:
        kl_divergence_ = 0.5

        def __init__(self, _components: int, **options: Any) -> None:
            asked.update(options)

        def fit_transform(self, latents: np.ndarray) -> np.ndarray:
            asked["shape"] = latents.shape
            return latents[:, :2]

    monkeypatch.setattr(maps, "TSNE", Recorder)
    neighbor_map(clusters(200, 80)[0])
    assert (asked["shape"], asked["perplexity"], asked["init"]) == ((200, 50), 30, "pca")
    neighbor_map(clusters(16, 80)[0])
    assert (asked["shape"], asked["perplexity"]) == ((16, 16), 5)


def figure_of(codes: np.ndarray, names: list[str], label: str = "skin_tone") -> Any:
    points = np.random.default_rng(0).standard_normal((len(codes), 2)).astype(np.float32)
    panels = {"PCA": points, "t-SNE": points}
    return figures.label_maps(panels, [Colouring(label, codes, names)] * 2, "title", sample=True)


def test_a_row_a_label_with_a_legend_that_counts() -> None:
    figure = figure_of(np.array([0] * 1200 + [2] * 3), ["light", "dark", "none"])
    assert len(figure.axes) == 2 * 3
    legend = figure.axes[2].get_legend()
    assert legend.get_title().get_text() == "skin tone"
    assert [text.get_text() for text in legend.get_texts()] == ["light  1,200", "dark  0", "none  3"]
    assert "SAMPLE DATA" in figure.get_suptitle()


def test_rare_labels_are_drawn_last_and_larger_in_the_colour_of_the_legend() -> None:
    codes = np.array([1] * 3 + [0] * 1200 + [2] * 20)
    scatter = figure_of(codes, ["human", "alien", "zombie"]).axes[0].collections[0]
    areas, colours = scatter.get_sizes(), [to_hex(colour) for colour in scatter.get_facecolors()]
    assert areas[-1] > areas[-4] > areas[0]
    assert [colours[0], colours[-4], colours[-1]] == [figures.palette(3)[which] for which in (0, 2, 1)]
    assert colours[-3:] == [figures.palette(3)[1]] * 3


def test_labels_of_one_size_do_not_hide_each_other() -> None:
    scatter = figure_of(np.repeat([0, 1], 500), ["a", "b"]).axes[0].collections[0]
    last = [to_hex(colour) for colour in scatter.get_facecolors()[-100:]]
    assert 20 < last.count(figures.palette(2)[0]) < 80


@pytest.mark.parametrize("number", [2, 10, 16])
def test_colours_differ(number: int) -> None:
    assert len(set(figures.palette(number))) == number


def test_without_labels_there_is_one_row_without_colours(tmp_path: Any) -> None:
    points = np.zeros((5, 2), dtype=np.float32)
    figure = figures.label_maps({"PCA": points, "t-SNE": points}, [], "title", sample=False)
    assert len(figure.axes) == 3
    assert figure.axes[2].get_legend() is None
    style.save(figure, tmp_path / "map.png")
    assert (tmp_path / "map.png").stat().st_size > 0
