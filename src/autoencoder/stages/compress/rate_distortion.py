"""Test images through bytes: a run's latents and PCA's coefficients, at every bit depth."""

from collections.abc import Callable

import numpy as np

from autoencoder.codecs.image_codecs import MAX_IMAGES
from autoencoder.codecs.latent_codec import Codec, fit_codec
from autoencoder.config.runs import Run
from autoencoder.inference.decoding import BLOCK, decode_pictures
from autoencoder.inference.embeddings import create_embeddings
from autoencoder.inference.trained_run import TrainedRun
from autoencoder.measures.image_similarity import compare_pictures
from autoencoder.measures.pca import Projection, read_components
from autoencoder.measures.rounding import significant
from autoencoder.storage import paths
from autoencoder.storage.files import Record
from autoencoder.storage.latents import read_latents
from autoencoder.storage.prepared import read_split
from autoencoder.storage.results import PCA
from autoencoder.ui.errors import UserError

Decode = Callable[[np.ndarray], np.ndarray]  # latents (n, d) -> pictures (n, channels, height, width) uint8


def check_latents(trained: TrainedRun, latents: np.ndarray, images: np.ndarray) -> None:
    """Raises UserError where `latents` (n, d) are not what the run makes of `images`: those of earlier weights, say."""
    made = create_embeddings(trained, images[:BLOCK])
    if not np.allclose(latents[:BLOCK], made, rtol=1e-3, atol=1e-3 * float(made.std())):
        raise UserError(
            f"{paths.embeddings(trained.run.name)} holds latents of other weights; "
            f"make them again: python src/embed.py {trained.run.name}"
        )


def measure_run(trained: TrainedRun, codec: Codec) -> list[Record]:
    """Test images through bytes at every bit depth, by the run and by PCA of its dimension (where it has so many).

    Rows of codec, run, latent_dim, bits, bytes_per_image (the mean, headers counted), psnr_db, ssim, num_images. Raises
    UserError where the run's latents or the data set's PCA are missing, or the latents not of these weights.
    """
    run = trained.run
    given = read_split(run.dataset, "test").images[:MAX_IMAGES]
    latents = read_latents(run.name, "test").latents[:MAX_IMAGES]
    check_latents(trained, latents, given)
    pca = read_components(run.dataset)
    rows = measure_codec("autoencoder", codec, latents, lambda restored: decode_pictures(trained, restored), given)
    if run.latent_dim <= len(pca.components):  # fewer would be another dimension's
        rows += measure_linear(run, pca, given)
    return [{"codec": row["codec"], "run": run.name, "latent_dim": run.latent_dim, **row} for row in rows]


def measure_linear(run: Run, pca: Projection, given: np.ndarray) -> list[Record]:
    """The same by PCA of the run's dimension: the pictures `given` (n, ...) uint8 through bytes."""
    fitted = pca.encode(read_split(run.dataset, "train").images, run.latent_dim)
    codec = fit_codec(fitted, pca.mean.tobytes() + pca.components[: run.latent_dim].tobytes())

    def draw_linearly(coefficients: np.ndarray) -> np.ndarray:
        shown: np.ndarray = (pca.decode(coefficients).clip(0, 1) * 255).round().astype(np.uint8)
        return shown.reshape(-1, *given.shape[1:])

    return measure_codec(PCA, codec, pca.encode(given, run.latent_dim), draw_linearly, given)


def measure_codec(name: str, codec: Codec, latents: np.ndarray, decode: Decode, given: np.ndarray) -> list[Record]:
    """Latents (n, d) of the pictures `given` (n, ...) uint8 through bytes, one row a bit depth (see `measure_run`)."""
    rows: list[Record] = []
    for bits in codec.grids:
        sent = [codec.encode(of_picture, bits) for of_picture in latents]
        received = decode(np.stack([codec.decode(content) for content in sent]))
        psnr_db, ssim = compare_pictures(received, given)
        size = sum(map(len, sent)) / len(sent)
        numbers = {"bytes_per_image": size, "psnr_db": psnr_db, "ssim": ssim}
        measured = {key: significant(value) for key, value in numbers.items()}
        rows.append({"codec": name, "bits": bits, **measured, "num_images": len(sent)})
    return rows
