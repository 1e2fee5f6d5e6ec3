"""Rate and distortion of everything that codes pictures, as one long table a data set."""

from collections.abc import Mapping
from itertools import chain

from autoencoder.codecs.image_codecs import read_table
from autoencoder.config.runs import Run
from autoencoder.storage import paths
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import Manifest
from autoencoder.storage.results import PCA, read_result

AUTOENCODER = "autoencoder"  # the codec in a run's rows, beside PCA


def rate_distortion(runs: Mapping[str, Run], manifest: Manifest) -> list[Record]:
    """Records of {series, codec, run, latent_dim, setting, bytes_per_image, psnr_db, ssim}, few bytes first in each.

    The runs come first, by latent dimension; then PCA, once for each dimension; then JPEG and WebP (run and latent_dim
    null). Raises UserError where a run was not compressed or the data set has no baseline (of its present images).
    """
    tables = [read_result(paths.metrics(manifest.name, f"compress/{name}"), name, "compress") for name in runs]
    rows = sorted(chain(*tables), key=lambda row: row["latent_dim"])  # stable: bit depths stay in their order
    autoencoders = [_record(row["run"], row) for row in rows if row["codec"] == AUTOENCODER]
    first = {row["latent_dim"]: row["run"] for row in reversed(rows)}  # runs of one dimension have one PCA
    linear = [
        _record(f"PCA, {row['latent_dim']}", row)
        for row in rows
        if row["codec"] == PCA and row["run"] == first[row["latent_dim"]]
    ]
    return autoencoders + linear + [_record(row["codec"], row) for row in read_table(manifest)]


def _record(series: object, row: Mapping[str, object]) -> Record:
    setting = f"{row['bits']} bits" if "bits" in row else f"quality {row['quality']}"
    identity = {"series": series, "codec": row["codec"], "run": row.get("run"), "latent_dim": row.get("latent_dim")}
    return {**identity, "setting": setting, **{key: row[key] for key in ("bytes_per_image", "psnr_db", "ssim")}}
