"""The tables behind the curves, and the figures drawn from them."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dvc.render.converter.vega import _is_datapoints
from PIL import Image

from autoencoder.charts import palette
from autoencoder.charts.palette import PUBLISHED as PUBLISHED_COLOUR
from autoencoder.charts.vega_lite import as_svg, filled
from autoencoder.config.families import curve_names, families
from autoencoder.config.params import load_params, parse
from autoencoder.config.published import Published, load_published
from autoencoder.config.runs import Run, load_runs, resolve
from autoencoder.drawing import style
from autoencoder.drawing.image_rows import ImageRow, image_rows
from autoencoder.stages.curve import coloured, spread, tables
from autoencoder.stages.curve.answer import answer, knee, needed
from autoencoder.stages.curve.charts import with_sample
from autoencoder.stages.evaluate.learning_curve import learning_curve
from autoencoder.storage import paths, results
from autoencoder.storage.files import read_json, write_json
from autoencoder.storage.prepared import Manifest
from autoencoder.ui.errors import UserError
from tests.conftest import PROJECT, write_params

PCA = [
    {"latent_dim": d, "val_sse": 9.0 / (d + 1), "test_sse": 8.0 / (d + 1), "val_mse": 0.1, "test_mse": 0.1}
    for d in range(200)
]
METRICS: dict[str, dict[str, Any]] = {
    name: {
        "dataset": "photos",
        "model": "cnn",
        "latent_dim": d,
        "val_sse": 5.0,
        "val_mse": 0.5,
        "test_sse": 4.0,
        "test_mse": 0.4,
    }
    for name, d in {"b": 64, "a": 16}.items()
}
CURVES = dict.fromkeys(METRICS, "cnn")
HISTORIES = {
    name: {"epochs": [{"epoch": e, "train_mse": 1.0 / e, "val_mse": 1.1 / e} for e in (1, 2, 3)]} for name in METRICS
}
LEARNING = [record for run, history in HISTORIES.items() for record in learning_curve(run, history, sample=False)]
PUBLISHED = {
    "Someone": parse(Published, {"source": "paper", "points": [{"latent_dim": 64, "test_sse": 3.5}]}, "published")
}
MANIFEST = Manifest("set", "sample", "tests", True, (-1.0, 1.0), {}, image_shape=(3, 8, 8))


def error_curve(
    metrics: dict[str, dict[str, Any]] = METRICS, curves: dict[str, str] = CURVES, **kept: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The table of runs with these metrics; of some the errors of fewer latents are known, too."""
    errors = ("val_sse", "test_sse")
    rows = {
        run: [{"num_latents": row["latent_dim"], **{key: row[key] for key in errors}}] for run, row in metrics.items()
    }
    return tables.error_curve({**rows, **kept}, PCA, curves, {}, {}, num_inputs=10)


def test_error_curve_has_the_runs_in_order_and_pca_around_them() -> None:
    records = error_curve()
    test = [record for record in records if record["series"] == "cnn, test"]
    assert [record["latent_dim"] for record in test] == [16, 64]
    assert [record["sse"] for record in test] == [4.0, 4.0]
    assert [record["mse"] for record in test] == [0.4, 0.4]
    assert [record["sse"] for record in records if record["series"] == "cnn, validation"] == [5.0, 5.0]
    linear = {record["latent_dim"]: record["sse"] for record in records if record["run"] == "pca"}
    assert linear[16] == PCA[16]["test_sse"]
    assert linear[64] == PCA[64]["test_sse"]
    assert min(linear) == 10
    assert max(linear) == 96
    assert list(linear) == sorted(linear)


def test_a_nested_run_is_a_line_with_ticks_below_those_of_runs() -> None:
    kept = [{"num_latents": n, "val_sse": 200 / n, "test_sse": 100 / n} for n in (1, 4, 32)]
    records = error_curve({"b": METRICS["b"]}, {"b": "cnn", "n": "cnn, nested"}, n=kept)
    nested = [record for record in records if record["series"] == "cnn, nested, test"]
    assert [(r["run"], r["latent_dim"], r["sse"], r.get("tick")) for r in nested] == [
        ("n", 1, 100.0, None),
        ("n", 4, 25.0, None),
        ("n", 32, 3.125, True),
    ]
    assert min(record["latent_dim"] for record in records if record["run"] == "pca") == 1


def test_what_others_published_is_drawn_as_points_of_no_run() -> None:
    rows = {"b": [{"num_latents": 64, "val_sse": 5.0, "test_sse": 4.0}]}
    records = tables.error_curve(rows, PCA, {"b": "cnn"}, PUBLISHED, {}, num_inputs=10)
    (theirs,) = (record for record in records if record["run"] is None)
    assert theirs == {
        "series": "Someone",
        "curve": "Someone",
        "split": "test",
        "run": None,
        "latent_dim": 64,
        "sse": 3.5,
        "mse": 0.35,
    }
    drawn = coloured.error_curve(records, {"cnn": ["b"]})
    assert [row["colour"] for row in drawn if row["run"] is None] == [PUBLISHED_COLOUR]


NESTED = [{"num_latents": n, "test_psnr_db": db} for n, db in {1: 10.0, 2: 19.0, 3: 21.0, 8: 26.0, 9: 27.0}.items()]
ALONE = [{"num_latents": 6, "test_psnr_db": 25.5}]
LINEAR = [{"num_latents": n, "test_psnr_db": db} for n, db in {4: 19.9, 5: 20.0, 16: 24.9, 20: 30.0}.items()]


def test_the_answer_is_the_smallest_code_that_reaches_a_quality() -> None:
    curves = {"nested": "cnn, nested", "alone": "cnn"}
    found = answer({"nested": NESTED, "alone": ALONE}, LINEAR, curves)
    assert [found[f"latents_for_{level}_db"] for level in (20, 25, 30, 35)] == [3, 6, None, None]
    assert [found[f"how_for_{level}_db"] for level in (20, 25, 30, 35)] == ["exactly", "at most", None, None]
    assert [found[f"curve_for_{level}_db"] for level in (20, 25, 30, 35)] == ["cnn, nested", "cnn", None, None]
    assert [found[f"pca_latents_for_{level}_db"] for level in (20, 25, 30, 35)] == [5, 20, 20, None]
    assert found["knee_latents"] == 2
    assert answer({}, LINEAR, {})["knee_latents"] is None
    assert answer({"alone": ALONE}, LINEAR, curves)["knee_latents"] is None  # one point has no bend
    rising, flat = ([{**row, "test_psnr_db": 5 + row["test_psnr_db"] / by} for row in NESTED] for by in (17, 17.1))
    assert answer({"nested": rising}, LINEAR, curves)["knee_latents"] == 2  # 1 dB from one number to all
    assert answer({"nested": flat}, LINEAR, curves)["knee_latents"] is None  # nothing was learnt


def test_between_two_runs_of_a_curve_the_number_is_told_about() -> None:
    """Halfway in decibels is halfway on the logarithmic axis: 32 between 16 and 64; of another curve no part."""
    points = {"a": (16, 19.0), "b": (64, 21.0), "c": (8, 1.0)}
    runs = {name: [{"num_latents": number, "test_psnr_db": db}] for name, (number, db) in points.items()}
    found = answer(runs, LINEAR, {"a": "cnn", "b": "cnn", "c": "dense"})
    assert (found["latents_for_20_db"], found["how_for_20_db"]) == (32, "about")
    apart = answer(runs, LINEAR, {"a": "cnn", "b": "cnn, seed 7", "c": "dense"})
    assert (apart["latents_for_20_db"], apart["how_for_20_db"]) == (64, "at most")
    assert needed({1: 30.0}, 20) == (1, "exactly")  # there is no smaller code


def test_the_knee_is_where_two_lines_meet_and_scale_does_not_move_it() -> None:
    bent = {n: 2.0 * n if n <= 10 else 20 + 0.1 * (n - 10) for n in range(1, 101)}
    assert knee(bent) == 10
    assert knee({7 * n: 3 * psnr - 5 for n, psnr in bent.items()}) == 70
    assert knee({1: 5.0, 2: 5.0}) == 1  # nothing rises


def test_a_data_set_without_runs_has_pca_alone() -> None:
    records = error_curve({}, {})
    assert {record["run"] for record in records} == {"pca"}
    assert [row["curve"] for row in coloured.error_curve(records, {}) if "label_at" in row] == ["PCA"]
    assert coloured.out_of_distribution([]) == coloured.retrieval([], {}) == coloured.learning_curves([], {}) == []


def test_dimensions_beyond_the_last_component_of_pca_are_drawn_too() -> None:
    metrics = {"wide": {**METRICS["a"], "latent_dim": 4000}}
    assert [r["latent_dim"] for r in error_curve(metrics, {"wide": "cnn"}) if r["run"] == "pca"] == [199]


def test_out_of_distribution_sets_each_pattern_beside_the_test_error(in_project: Path) -> None:
    for run in METRICS:
        write_json(paths.metrics("photos", f"ood/{run}"), {"noise_mse": 0.3, "single_channel_mse": 0.2})
    records = tables.out_of_distribution(METRICS, CURVES)
    assert [record["latent_dim"] for record in records] == [16] * 3 + [64] * 3
    assert {record["series"]: record["mse"] for record in records} == {"noise": 0.3, "single channel": 0.2, "test": 0.4}
    colours = {row["series"]: row["colour"] for row in coloured.out_of_distribution(records)}
    assert len(set(colours.values())) == 3


def a_run(name: str, **values: Any) -> Run:
    line = {"dataset": "photos", "model": "cifar10_cnn", "latent_dim": 16, "recipe": "tiny", "seed": 1}
    return resolve(load_params(), name, {**line, **values})


def test_runs_are_of_one_curve_where_the_latent_dimension_alone_differs(in_project: Path) -> None:
    alike = {"a": a_run("a"), "b": a_run("b", latent_dim=64)}
    assert curve_names(alike) == {"a": "cifar10_cnn", "b": "cifar10_cnn"}
    several = {
        **alike,
        "seed": a_run("seed", seed=7),
        "options": a_run("options", options={"activation": "relu"}),
        "dense": a_run("dense", model="dense"),
    }
    assert curve_names(several) == {
        "a": "cifar10_cnn",  # as most are: nothing to tell
        "b": "cifar10_cnn",
        "seed": "cifar10_cnn, seed 7",
        "options": "cifar10_cnn, activation: relu",
        "dense": "dense",
    }


def test_runs_of_two_recipes_are_two_curves(in_project: Path) -> None:
    params = load_params()
    params["train"]["longer"] = {**params["train"]["tiny"], "epochs": 9}
    line = {"dataset": "photos", "model": "cifar10_cnn", "latent_dim": 64, "recipe": "longer", "seed": 1}
    runs = {"a": a_run("a"), "long": resolve(params, "long", line)}
    assert curve_names(runs) == {"a": "cifar10_cnn", "long": "cifar10_cnn, recipe longer"}


def test_a_nested_run_is_told_as_one_however_many_there_are(in_project: Path) -> None:
    runs = {name: a_run(name, nested=True, latent_dim=dim) for name, dim in (("n", 16), ("m", 8))}
    names = curve_names({**runs, "plain": a_run("plain")})
    assert names == {"n": "cifar10_cnn, nested", "m": "cifar10_cnn, nested", "plain": "cifar10_cnn"}


def test_what_differs_in_more_than_the_dimension_is_never_joined(in_project: Path) -> None:
    """Neither two networks nor two recipes: a line would say that one becomes the other."""
    metrics = {**METRICS, "c": METRICS["a"], "d": {**METRICS["a"], "latent_dim": 32}}
    curves = {**CURVES, "c": "dense", "d": "cnn, recipe longer"}
    records = error_curve(metrics, curves)
    assert [r["run"] for r in records if r["series"] == "dense, test"] == ["c"]
    assert [r["run"] for r in records if r["series"] == "cnn, test"] == ["a", "b"]
    kin = {"cnn": ["a", "b"], "dense": ["c"], "cnn, recipe longer": ["d"]}
    drawn = coloured.error_curve(records, kin)
    assert len({row["colour"] for row in drawn}) == 4  # PCA is the fourth
    ends = {row["curve"]: row["latent_dim"] for row in drawn if "label_at" in row}
    assert ends == {"cnn": 64, "dense": 16, "cnn, recipe longer": 32, "PCA": 96}


def test_families_are_runs_by_curve_and_rising_dimension(in_project: Path) -> None:
    runs = {"big": a_run("big", latent_dim=64), "other": a_run("other", model="dense"), "small": a_run("small")}
    assert families(runs) == {"cifar10_cnn": ["small", "big"], "dense": ["other"]}


def test_labels_stand_at_the_last_test_error_of_their_line_where_they_have_room() -> None:
    drawn = coloured.error_curve(error_curve(), {"cnn": ["a", "b"]})
    (ours, pca) = (row for row in drawn if "label_at" in row)
    assert (ours["run"], ours["latent_dim"], ours["split"], ours["label_at"]) == ("b", 64, "test", pytest.approx(4.0))
    assert pca["label_at"] == pytest.approx(pca["sse"])


def test_an_error_of_nothing_has_no_place_on_a_logarithm() -> None:
    """PCA of as many components as there are different images gives them back whole."""
    records = [{**row, "sse": 0.0} if row["latent_dim"] > 64 else row for row in error_curve()]
    drawn = coloured.error_curve(records, {"cnn": ["a", "b"]})
    assert {row["curve"]: row["latent_dim"] for row in drawn if "label_at" in row} == {"cnn": 64, "PCA": 64}
    assert "NaN" not in as_svg(filled("error-curve", drawn), "x")
    learnt = [{**row, "mse": 0.0} if row["epoch"] == 3 else row for row in LEARNING]
    labelled = [row["epoch"] for row in coloured.learning_curves(learnt, {"cnn": ["a", "b"]}) if "label_at" in row]
    assert labelled == [2, 2]


def test_learning_curves_are_coloured_by_run_and_labelled_at_their_last_validation_error() -> None:
    drawn = coloured.learning_curves(LEARNING, {"cnn": ["a", "b"]})
    assert {row["run"]: row["colour"] for row in drawn} == palette.run_colours({"cnn": ["a", "b"]})
    labelled = [(row["run"], row["split"], row["epoch"]) for row in drawn if "label_at" in row]
    assert labelled == [("b", "val", 3), ("a", "val", 3)]


def test_retrieval_has_each_run_and_pixels_and_chance_once(in_project: Path) -> None:
    runs = {
        run: replace(next(iter(load_runs().values())), name=run, latent_dim=row["latent_dim"], model="cnn")
        for run, row in METRICS.items()
    }
    for run, row in METRICS.items():
        about = {"run": run, "latent_dim": row["latent_dim"], "metric": "cosine", "queries": "all", "name": "all"}
        of_codes = [{**about, "code": code, "label": "kind", "precision": 0.5} for code in ("latents", "PCA")]
        flat = {**about, "code": "pixels", "label": "kind", "precision": 0.3}
        chance = {"run": run, "latent_dim": row["latent_dim"], "code": "chance", "label": "kind", "precision": 0.1}
        write_json(paths.metrics("photos", f"retrieve/{run}"), [*of_codes, flat, chance])
    records = tables.retrieval(runs, CURVES)
    series = [(record["series"], record["latent_dim"]) for record in records]
    assert series == [
        ("cnn, cosine", 16),
        ("PCA, cosine", 16),
        ("pixels, cosine", 16),
        ("chance", 16),
        ("cnn, cosine", 64),
        ("PCA, cosine", 64),
    ]
    twin = {**runs, "c": replace(runs["a"], name="c")}  # another seed, say
    write_json(paths.metrics("photos", "retrieve/c"), read_json(paths.metrics("photos", "retrieve/a"), "test"))
    assert (
        sum(r["code"] == "latents" and r["latent_dim"] == 16 for r in tables.retrieval(twin, {**CURVES, "c": "cnn"}))
        == 2
    )
    apart = tables.retrieval(twin, {**CURVES, "c": "cnn, seed 7"})
    assert sum(r["series"] == "cnn, seed 7, cosine" for r in apart) == 1
    drawn = coloured.retrieval(records, {"cnn": ["a", "b"]})
    labelled = {row["curve"]: row["latent_dim"] for row in drawn if "label_at" in row}
    assert labelled == {"cnn": 64, "PCA": 64, "pixels": 16, "chance": 16}


def test_learning_curve_has_every_epoch_of_every_run() -> None:
    assert len(LEARNING) == 2 * 2 * 3
    assert LEARNING[0] == {"run": "b", "split": "train", "epoch": 1, "mse": 1.0, "sample": False}


def test_rate_distortion_has_a_colour_for_each_run_and_each_pca() -> None:
    rows = [
        {"series": series, "codec": codec, "run": run, "latent_dim": dim}
        for series, codec, run, dim in (
            ("a", "autoencoder", "a", 16),
            ("b", "autoencoder", "b", 64),
            ("PCA, 16", "PCA", "a", 16),
            ("PCA, 64", "PCA", "b", 64),
            ("JPEG", "JPEG", None, None),
        )
    ]
    assert len({row["colour"] for row in coloured.rate_distortion(rows, {"cnn": ["a", "b"]})}) == 5


def test_the_sample_is_stamped_on_pictures_and_told_to_charts() -> None:
    rows = image_rows([ImageRow("original", np.zeros((1, 3, 8, 8)))], "title", sample=True)
    assert "SAMPLE DATA" in rows.get_suptitle()
    assert with_sample([{"run": "a"}], True) == [{"run": "a", "sample": True}]
    stamped = [as_svg(filled("error-curve", with_sample(drawn_curve(), sample)), "x") for sample in (True, False)]
    assert ["SAMPLE DATA" in svg for svg in stamped] == [True, False]


def test_all_records_of_a_chart_have_the_same_keys_or_dvc_draws_none() -> None:
    kept = [{"num_latents": n, "val_sse": 200 / n, "test_sse": 100 / n} for n in (1, 4, 32)]
    records = error_curve({"b": METRICS["b"]}, {"b": "cnn", "n": "cnn, nested"}, n=kept)
    table = with_sample(coloured.error_curve(records, {"cnn": ["b"], "cnn, nested": ["n"]}), False)
    assert len({tuple(row) for row in table}) == 1
    assert _is_datapoints(table)
    assert sum(row["label_at"] is not None for row in table) == 3


def drawn_curve() -> list[dict[str, Any]]:
    return coloured.error_curve(error_curve(), {"cnn": ["a", "b"]})


def test_saved_figures_are_the_same_bytes_and_not_cropped(tmp_path: Path) -> None:
    images = np.random.default_rng(0).random((5, 3, 8, 8)).astype(np.float32)
    for name in ("a.png", "b.png"):
        rows = [ImageRow("original", images, ("a caption",) * 5), ImageRow("reconstructed", images[:3], ("0.1",) * 3)]
        style.save(
            image_rows(rows, "a title that is as long as those in use are\nand a second line", True),
            tmp_path / name,
        )
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    with Image.open(tmp_path / "a.png") as picture:
        pixels = np.asarray(picture.convert("L"))
    for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]):
        assert edge.min() == 255  # a white margin all around: nothing runs out of the picture


def test_what_was_not_computed_is_named_with_its_command(in_project: Path) -> None:
    runs = load_runs()
    with pytest.raises(
        UserError, match=r"metrics/photos/tiny-8.json is missing; make it first: python src/evaluate.py tiny-8"
    ):
        results.read_metrics({name: {"dataset": run.dataset} for name, run in runs.items()})
    with pytest.raises(UserError, match=r"learning/tiny-8.json is missing; make it first: python src/evaluate.py"):
        results.read_learning("photos", runs)


def test_what_is_published_is_read_by_data_set(in_project: Path) -> None:
    params = load_params()
    points = [{"latent_dim": 4, "test_sse": 2.5}, {"latent_dim": 8, "test_sse": 1.0}]
    params["published"] = {"photos": {"A paper": {"source": "somewhere", "points": points}}}
    write_params(Path(), params)
    assert load_published("photos")["A paper"].test_sse == {4: 2.5, 8: 1.0}
    assert load_published("avatars") == {}
    params["published"]["photos"]["A paper"]["points"][0]["test_sse"] = -1.0
    write_params(Path(), params)
    with pytest.raises(UserError, match=r"published.photos.A paper.points.0.test_sse: .*greater than 0"):
        load_published("photos")
    params["published"]["photos"] = [1]
    write_params(Path(), params)
    with pytest.raises(UserError, match=r"published.photos: must be a mapping"):
        load_published("photos")
    del params["published"]
    write_params(Path(), params)
    assert load_published("photos") == {}


SEEDS = {"num_seeds": 2, "seed_0_test_mse": 0.5, "seed_1_test_mse": 0.3}


def test_the_spread_is_over_the_runs_own_seed_and_the_studys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: errors 4, 5, 3 an image of ten numbers, that deviate by one."""
    params = load_params(PROJECT / "params.yaml")
    line = {**params["runs"]["punks-108"], "epochs": 3}
    study = {key: value for key, value in line.items() if key != "seed"} | {"num_seeds": 2}
    other = {**study, "epochs": 4}
    runs = {"one": line, "longer": {**line, "epochs": 5}}
    write_params(tmp_path, {**params, "runs": runs, "seeds": {"other": other, "again": study}})
    (tmp_path / "src").symlink_to(PROJECT / "src")
    monkeypatch.chdir(tmp_path)
    results.write_seed_outcomes("punks", "again", SEEDS, ["a" * 64, "b" * 64])
    found = spread.spread(load_runs(), {"one": {"test_sse": 4.0}}, num_inputs=10)
    assert found == {
        "one": {"num_seeds": 3, "mean_test_sse": 4.0, "std_test_sse": 1.0, "min_test_sse": 3.0, "max_test_sse": 5.0}
    }


def test_a_seed_that_run_and_study_share_counts_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    params = load_params(PROJECT / "params.yaml")
    line = {**params["runs"]["punks-108"], "seed": 1}
    study = {key: value for key, value in line.items() if key != "seed"} | {"num_seeds": 2}
    write_params(tmp_path, {**params, "runs": {"one": line}, "seeds": {"again": study}})
    (tmp_path / "src").symlink_to(PROJECT / "src")
    monkeypatch.chdir(tmp_path)
    results.write_seed_outcomes("punks", "again", SEEDS, ["a" * 64, "b" * 64])
    found = spread.spread(load_runs(), {"one": {"test_sse": 3.0}}, num_inputs=10)
    assert (found["one"]["num_seeds"], found["one"]["mean_test_sse"]) == (2, 4.0)


def test_the_spread_is_drawn_at_the_runs_test_error() -> None:
    rows = {run: [{"num_latents": 16 * n, "val_sse": 5.0, "test_sse": 4.0}] for n, run in enumerate(("a", "b"), 1)}
    over = {"num_seeds": 3, "mean_test_sse": 4.2, "std_test_sse": 0.2, "min_test_sse": 4.0, "max_test_sse": 4.5}
    records = tables.error_curve(rows, PCA, CURVES, {}, {"a": over}, num_inputs=10)
    assert [(r["run"], r["split"], r["max_test_sse"]) for r in records if "num_seeds" in r] == [("a", "test", 4.5)]
    drawn = coloured.error_curve(records, {"cnn": ["a", "b"]})
    bars = re.findall(
        r'aria-label="[^"]*min_test_sse: ([\d.]+)[^"]*max_test_sse: ([\d.]+)', as_svg(filled("error-curve", drawn), "x")
    )
    assert {(float(low), float(high)) for low, high in bars} == {(4.0, 4.5)}
