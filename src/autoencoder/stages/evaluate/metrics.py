"""What is said of a run: one flat JSON object, so that `dvc metrics show` prints one row a run."""

import hashlib
from typing import Any

from autoencoder.inference.trained_run import TrainedRun
from autoencoder.measures.rounding import significant
from autoencoder.stages.evaluate.evaluation import Errors
from autoencoder.storage import paths

Metrics = dict[str, str | int | float | bool | None]


def collect(
    trained: TrainedRun, val: Errors, test: Errors, history: dict[str, Any], pca: list[dict[str, float]]
) -> Metrics:
    """All measurements of a run, flat. Errors are in the data set's value range, which is named beside them.

    `history` is what training wrote, `pca` the baseline's errors by dimension (null in the result beyond its last).
    """
    run, manifest = trained.run, trained.manifest
    baseline = pca[run.latent_dim] if run.latent_dim < len(pca) else {}
    low, high = manifest.value_range
    return {
        "dataset": run.dataset,
        "sample": manifest.sample,
        "model": run.model,
        "latent_dim": run.latent_dim,
        "compression": round(run.latent_dim / manifest.num_inputs, 6),
        "num_parameters": trained.model.num_parameters,
        "num_epochs": history["num_epochs"],
        "best_epoch": history["best_epoch"],
        "value_range": f"[{low:g}, {high:g}]",
        "val_mse": significant(val.mse),
        "val_sse": significant(val.sse),
        "test_mse": significant(test.mse),
        "test_sse": significant(test.sse),
        "test_psnr_db": significant(test.psnr_db),
        "test_ssim": significant(test.ssim),
        "pca_test_mse": baseline.get("test_mse"),
        "pca_test_sse": baseline.get("test_sse"),
        "train_seconds": history["train_seconds"],
        "images_per_second": history["images_per_second"],
        "device": history["device"],
        "precision": history["precision"],
        "seed": history["seed"],
        "weights_sha256": hashlib.sha256(paths.weights(run.name).read_bytes()).hexdigest(),
    }
