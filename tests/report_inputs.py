"""What the report reads, small and made up: for tests that want a page without training anything."""

import contextlib
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from autoencoder.stages.report.page import Section, figures_of, gather_sections
from autoencoder.stages.report.study import StudyResults, load_study_results
from autoencoder.storage.files import write_json
from autoencoder.storage.results import write_result_arrays
from tests.conftest import tiny_params, write_params

PATTERNS = {"noise_mse": 0.3, "grey_mse": 0.001, "single_channel_mse": 0.02}
GENERATED = {
    "num_images": 16,
    "training_images_swd": 10.0,
    "reconstructions_swd": 50.0,
    "mixture_swd": 60.0,
    "gaussian_swd": 70.0,
    "standard_normal_swd": 900.0,
    "mixture_components": 10,
    "mixture_passes": 10,
    "mixture_fitted": 90,
}
SPREAD = {"num_seeds": 3, "mean_test_sse": 41.5, "std_test_sse": 0.25}
ANSWER = {
    **{f"latents_for_{level}_db": number for level, number in ((20, 7), (25, 16), (30, None), (35, None))},
    **dict(zip((f"how_for_{level}_db" for level in (20, 25, 30, 35)), ("exactly", "about", None, None), strict=True)),
    **{f"pca_latents_for_{level}_db": number for level, number in ((20, 9), (25, 21), (30, 1045), (35, None))},
    "knee_latents": 8,
}
SEEDS = {"dead": {"dataset": "avatars", "model": "punks_cnn", "latent_dim": 108, "recipe": "tiny", "num_seeds": 2}}


def report_params() -> dict[str, Any]:
    """The tiny params with a report; and a second run of `photos`, so that there is something to compare."""
    params = tiny_params()
    params["runs"] = {"tiny-16": {**params["runs"]["tiny-8"], "latent_dim": 16}, **params["runs"]}
    params["report"] = {"study": {"title": "How many <numbers>?"}}
    params["seeds"] = SEEDS
    return params


def run_metrics(line: dict[str, Any], sample: bool = True) -> dict[str, Any]:
    """The metrics of a run with this line in params.yaml: the error falls with the latent dimension."""
    sse = 100.0 / line["latent_dim"]
    return {
        "dataset": line["dataset"],
        "sample": sample,
        "model": line["model"],
        "latent_dim": line["latent_dim"],
        "compression": line["latent_dim"] / 3072,
        "num_parameters": 1000 * line["latent_dim"],
        "multiply_adds": 2000 * line["latent_dim"],
        "num_epochs": 2,
        "best_epoch": 2,
        "value_range": "[-1, 1]",
        "val_mse": sse / 3000,
        "val_sse": 1.1 * sse,
        "test_mse": sse / 3072,
        "test_sse": sse,
        "test_psnr_db": 20.0 + line["latent_dim"] / 10,
        "test_ssim": 0.5,
        "pca_test_mse": 1.25 * sse / 3072,
        "pca_test_sse": 1.25 * sse,
        "train_seconds": 60.0,
        "images_per_second": 1000.4,
        "device": "a device",
        "precision": "fp32",
        "seed": line["seed"],
        "weights_sha256": "ab" * 32,
    }


def write_inputs(folder: Path, sample: bool = True, params: dict[str, Any] | None = None) -> None:
    """params.yaml, and all the metrics and figures that its runs, data sets and studies would have."""
    params = params or report_params()
    write_params(folder, params)
    for run, line in params["runs"].items():
        _write_run(folder, run, line, sample)
    for dataset in params["prepare"]:
        of_dataset = {run: line for run, line in params["runs"].items() if line["dataset"] == dataset}
        _write_dataset(folder, dataset, of_dataset)
    errors = {
        "num_seeds": 2,
        "num_dead": 1,
        "num_black": 1,
        "train_seconds": 30.0,
        "min_test_mse": 0.1,
        "max_test_mse": 0.3,
        "mean_test_mse": 0.2,
    }
    errors |= {"std_test_mse": 0.14, "mean_living_test_mse": 0.1}
    errors |= {"dead_active_share": 0.93, "dead_before_last_activation": -73.6, "living_before_last_activation": -4.3}
    beside = {"black_test_mse": 0.3, "mean_image_test_mse": 0.25, "num_epochs": 2, "seed_0_test_mse": 0.1}
    write_json(
        folder / "metrics/avatars/seeds/dead.json",
        {**SEEDS["dead"], "sample": sample, **errors, **beside, "seed_1_test_mse": 0.3},
    )
    learning = [
        {"study": "dead", "seed": seed, "epoch": epoch, "mse": (1 + seed) * 0.1 / epoch}
        for seed in (0, 1)
        for epoch in (1, 2)
    ]
    write_json(folder / "metrics/avatars/seeds-learning/dead.json", learning)
    for figure in all_figures(folder):
        figure.parent.mkdir(parents=True, exist_ok=True)
        Image.effect_noise((60, 30), 50).convert("RGB").save(figure)


def all_figures(folder: Path) -> list[Path]:
    """The figures that the report of the project in `folder` shows, the working directory being anywhere."""
    return [folder / figure.path for section in sections_of(folder)[1] for figure in figures_of(section.facts)]


def sections_of(folder: Path) -> tuple[StudyResults, list[Section]]:
    """The study in `folder` and its sections."""
    with contextlib.chdir(folder):
        study = load_study_results("study")
        return study, gather_sections(study)


def _write_run(folder: Path, run: str, line: dict[str, Any], sample: bool) -> None:
    metrics = folder / "metrics" / line["dataset"]
    row = run_metrics(line, sample)
    write_json(metrics / f"{run}.json", row)
    learning = [
        {"run": run, "split": split, "epoch": epoch, "mse": factor * row["val_mse"] / epoch}
        for split, factor in (("train", 1.0), ("val", 1.2))
        for epoch in (1, 2)
    ]
    write_json(metrics / f"learning/{run}.json", learning)
    kept = {"num_latents": line["latent_dim"], **{key: row[key] for key in ("val_sse", "test_sse", "test_psnr_db")}}
    half = {"num_latents": line["latent_dim"] // 2, "val_sse": 90.0, "test_sse": 80.0, "test_psnr_db": 15.0}
    write_json(metrics / f"first-latents/{run}.json", [half, kept] if line.get("nested") else [kept])
    write_json(metrics / f"ood/{run}.json", PATTERNS)
    _write_distribution(folder, line["dataset"], run, row)
    write_json(folder / f"plots/{run}/random-latents.json", GENERATED)
    write_json(folder / f"plots/{run}/map.json", {"num_images": 16, "pca_explained": 0.5})
    shown = [
        {"code": code, "metric": metric, "query": 3, "rows": [7, 5]}
        for code in ("latents", "PCA", "pixels")
        for metric in ("euclidean", "cosine")
    ]
    write_json(folder / f"plots/{run}/search.json", shown)
    write_json(metrics / f"compress/{run}.json", [{"run": run, "num_images": 16}])
    about = {"run": run, "latent_dim": line["latent_dim"], "label": "place"}
    found = [
        {**about, "code": code, "metric": metric, "queries": queries, "name": "all", "num_queries": 9, "precision": 0.4}
        for code in ("latents", "PCA")
        for metric in ("euclidean", "cosine")
        for queries in ("all", "without near-duplicates")
    ]
    found += [
        {**found[0], "code": code, "name": name, "precision": precision}
        for code, precision in (("latents", 0.75), ("pixels", 0.5))
        for name in ("china top", "flower <b>")
    ]
    write_json(metrics / f"retrieve/{run}.json", [*found, {**about, "code": "chance", "precision": 0.1}])


def _write_distribution(folder: Path, dataset: str, run: str, row: dict[str, Any]) -> None:
    """Errors of single images, and the pictures that the page shows of them: of random pixels."""
    psnr = row["test_psnr_db"]
    spread = {f"psnr_db_{percent}": psnr - 5 + percent / 10 for percent in (0, 5, 25, 50, 75, 95, 100)}
    groups = [
        {"kind": "group", "label": label, "name": name, "num_images": 8, "sse": 9.0, "psnr_db": psnr + more, **spread}
        for label, name, more in (("", "all", 0), ("place", "china top", 2), ("place", "flower <b>", -2))
    ]
    bins = [{"kind": "bin", "psnr_db": 20 + place, "num_images": count} for place, count in enumerate((3, 0, 5))]
    which = ["easiest", "median", "hardest"]
    shown = [
        {"kind": "shown", "which": name, "index": place, "row": place, "sse": 1.0} for place, name in enumerate(which)
    ]
    write_json(folder / f"metrics/{dataset}/distribution/{run}.json", [*groups, *bins, *shown])
    images = np.random.default_rng(len(run)).integers(0, 256, (3, 11, 3, 32, 32), dtype=np.uint8)
    arrays = dict(zip(("original", "network", "pca"), images, strict=True))
    samples = {"which": np.array(["first"] * 8 + which), "index": np.arange(11), **arrays}
    write_result_arrays(folder / f"plots/{run}/samples.npz", samples, "ab" * 32)


def _write_dataset(folder: Path, dataset: str, runs: dict[str, Any]) -> None:
    counts = {f"num_{split}": 10 for split in ("train", "val", "test")}
    hashes = {f"{split}_sha256": "cd" * 32 for split in ("train", "val", "test")}
    facts = {
        "source": "made up & <small>",
        "num_inputs": 3072,
        "image_shape": "3 x 32 x 32",
        "value_range": "[-1, 1]",
        "near_duplicate_share": 0.25,
        "near_duplicate": 0.9,
    }
    write_json(folder / f"metrics/{dataset}/baseline/dataset.json", {**facts, **counts, **hashes})
    shift = {
        "image_0_shifted_sse": 9.0,
        "image_0_masked_sse": 8.0,
        "image_1_shifted_sse": 3.0,
        "image_1_masked_sse": 4.0,
        **{key: {**facts, **hashes}[key] for key in ("value_range", "train_sha256", "val_sha256")},
    }
    write_json(folder / f"plots/{dataset}/shift.json", shift)
    _write_curves(folder / f"plots/{dataset}", runs)
    write_json(folder / f"plots/{dataset}/answer.json", ANSWER)
    write_json(folder / f"plots/{dataset}/spread.json", dict.fromkeys(list(runs)[:1], SPREAD))
    codecs = [
        {"series": run, "codec": "autoencoder", "run": run, "setting": "4 bits", "bytes_per_image": 9.0} for run in runs
    ]
    codecs.append({"series": "JPEG", "codec": "JPEG", "run": None, "setting": "quality 1", "bytes_per_image": 300.0})
    codecs.append({"series": "PCA, 8", "codec": "PCA", "run": "tiny-8", "setting": "4 bits", "bytes_per_image": 8.0})
    rows = [
        {**row, "psnr_db": 20.0 + place, "ssim": 0.5, "colour": f"#00000{place}"} for place, row in enumerate(codecs)
    ]
    write_json(folder / f"plots/{dataset}/rate-distortion.json", rows)


def _write_curves(plots: Path, runs: dict[str, Any]) -> None:
    """What `curve` writes of a data set for charts."""
    blue, grey = {"colour": "#0072b2"}, {"colour": "#808080"}
    pca = [
        {"series": "PCA, test", "curve": "PCA", "split": "test", "run": "pca", "latent_dim": at, "sse": 50.0 / at}
        for at in (8, 16)
    ]
    ours = [
        {
            "series": "cnn, test",
            "curve": "cnn",
            "split": "test",
            "run": run,
            "tick": True,
            "latent_dim": line["latent_dim"],
            "sse": 100 / line["latent_dim"],
            **blue,
        }
        for run, line in runs.items()
    ]
    write_json(plots / "error-curve.json", [*({**row, **grey} for row in pca), *ours])
    write_json(plots / "pca-quality.json", [{}, {"num_latents": 8, "test_psnr_db": 19.5}])
    about = [{"curve": "cnn", "run": run, "latent_dim": line["latent_dim"], **blue} for run, line in runs.items()]
    patterns = [{**row, "series": "noise", "mse": 0.3} for row in about]
    write_json(plots / "out-of-distribution.json", patterns)
    found = {"label": "place", "queries": "all", "name": "all", "metric": "cosine", "code": "latents", "precision": 0.4}
    write_json(plots / "retrieval.json", [{**row, "series": "cnn, cosine", **found} for row in about])
    epochs = [{**row, "split": "val", "epoch": epoch, "mse": 1 / epoch} for row in about for epoch in (1, 2)]
    write_json(plots / "learning-curves.json", epochs)
