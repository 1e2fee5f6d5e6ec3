"""A run's learning curve, as a table."""

from autoencoder.measures.rounding import significant
from autoencoder.storage.files import Record


def learning_curve(run: str, history: Record, sample: bool) -> list[Record]:
    """Loss over a run's epochs: {run, split, epoch, mse, sample}, train as seen during the epoch and val after it."""
    return [
        {
            "run": run,
            "split": split,
            "epoch": int(record["epoch"]),
            "mse": significant(record[f"{split}_mse"]),
            "sample": sample,
        }
        for split in ("train", "val")
        for record in history["epochs"]
    ]
