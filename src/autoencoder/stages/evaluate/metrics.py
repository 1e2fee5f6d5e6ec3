"""What is said of a run: one flat JSON object, so that `dvc metrics show` prints one row a run."""

from typing import Any

from autoencoder.inference.trained_run import TrainedRun
from autoencoder.measures.multiply_adds import count_multiply_adds
from autoencoder.measures.rounding import significant
from autoencoder.stages.evaluate.evaluation import Errors

Metrics = dict[str, str | int | float | bool | None]


def collect(
    trained: TrainedRun, val: Errors, test: Errors, history: dict[str, Any], pca: list[dict[str, float]]
) -> Metrics:
    """All measurements of a run, flat, errors first; these are in the data set's value range, which is named, too.

    `history` is what training wrote, `pca` the baseline's errors by dimension (null in the result beyond its last).
    """
    run, manifest = trained.run, trained.manifest
    baseline = pca[run.latent_dim] if run.latent_dim < len(pca) else {}
    low, high = manifest.value_range
    return {
        "latent_dim": run.latent_dim,
        "test_sse": significant(test.sse),
        "pca_test_sse": baseline.get("test_sse"),
        "val_sse": significant(val.sse),
        "test_psnr_db": significant(test.psnr_db),
        "test_ssim": significant(test.ssim),
        "test_mse": significant(test.mse),
        "pca_test_mse": baseline.get("test_mse"),
        "val_mse": significant(val.mse),
        "num_parameters": trained.model.num_parameters,
        "multiply_adds": count_multiply_adds(trained.model, manifest.image_shape),
        "compression": round(run.latent_dim / manifest.num_inputs, 6),
        "num_epochs": history["num_epochs"],
        "best_epoch": history["best_epoch"],
        "train_seconds": history["train_seconds"],
        "images_per_second": history["images_per_second"],
        "dataset": run.dataset,
        "value_range": f"[{low:g}, {high:g}]",
        "sample": manifest.sample,
        "model": run.model,
        "nested": run.nested,
        "seed": history["seed"],
        "precision": history["precision"],
        "device": history["device"],
        "weights_sha256": trained.weights_sha256,
    }
