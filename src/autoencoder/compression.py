"""Sender and receiver: a run's encoder with a codec on one side, its decoder with the same codec on the other.

The second tutorial imagines them. Here pictures really go through bytes; so do PCA's coefficients, for comparison.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from autoencoder import paths
from autoencoder.codec import Codec, fit_codec, read_codec, read_digest
from autoencoder.embedding import encode
from autoencoder.errors import UserError
from autoencoder.image_codecs import MAX_IMAGES
from autoencoder.inference import TrainedRun
from autoencoder.latents import read_latents
from autoencoder.pca import Projection, read_components
from autoencoder.pixels import to_bytes
from autoencoder.prepared import read_split
from autoencoder.rounding import significant
from autoencoder.runs import Run, load_run, load_runs
from autoencoder.similarity import compare_pictures

# The decoder always sees this many latents at once, the last ones filled up with zeros: another number would change the
# last digits of its sums, and with them a pixel now and then between a file decoded alone and the same among others.
BLOCK = 16

Row = dict[str, str | int | float]
Decode = Callable[[np.ndarray], np.ndarray]  # latents (n, d) -> pictures (n, channels, height, width) uint8


def grids_path(run: str) -> Path:
    """What sender and receiver share beside the run's weights."""
    return Path("data/codecs") / f"{run}.npz"


def fit_run(run: str) -> Codec:
    """A codec for the run's latents, fitted to those of its training images. Raises UserError where any are missing."""
    return fit_codec(read_latents(run, "train").latents, read_weights(run))


def load_codec(run: str) -> Codec:
    """The run's codec as `compress` wrote it. Raises UserError where it, or the weights, are missing."""
    load_run(run)
    weights = read_weights(run)
    return read_codec(grids_path(run), weights, f"python src/compress.py {run}")


def find_run(content: bytes) -> tuple[str, Codec]:
    """The run of params.yaml that wrote these bytes, and its codec. Raises UserError where none did."""
    digest = read_digest(content)
    for name in load_runs():
        if not (grids_path(name).is_file() and paths.weights(name).is_file()):
            continue  # not trained or not fitted yet: it wrote nothing
        codec = load_codec(name)
        if codec.digest == digest:
            return name, codec
    raise UserError(
        f"the file was encoded by no run that is here with weights and {grids_path('<run>')} (digest {digest.hex()})"
    )


def read_weights(run: str) -> bytes:
    """The file of the run's weights. Raises UserError where it is missing."""
    path = paths.weights(run)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UserError(f"{path} is missing; train it (python src/train.py {run}) or dvc pull") from None


@torch.inference_mode()
def decode_pictures(trained: TrainedRun, latents: np.ndarray) -> np.ndarray:
    """Latents (n, latent_dim) float32 -> pictures (n, channels, height, width) uint8, whatever n is, to the bit."""
    pictures = []
    for start in range(0, len(latents), BLOCK):
        part = torch.from_numpy(latents[start : start + BLOCK])
        block = torch.zeros(BLOCK, part.shape[1])
        block[: len(part)] = part
        shown = to_bytes(trained.model.decoder(block.to(trained.device)), trained.manifest.value_range)
        pictures.append(shown[: len(part)].cpu().numpy())
    return np.concatenate(pictures)


def check_latents(trained: TrainedRun, latents: np.ndarray, images: np.ndarray) -> None:
    """Raises UserError where `latents` (n, d) are not what the run makes of `images`: those of earlier weights, say."""
    made = encode(trained, images[:BLOCK])
    if not np.allclose(latents[:BLOCK], made, rtol=1e-3, atol=1e-3 * float(made.std())):
        raise UserError(
            f"{paths.embeddings(trained.run.name)} holds latents of other weights; "
            f"make them again: python src/embed.py {trained.run.name}"
        )


def measure_run(trained: TrainedRun, codec: Codec) -> list[Row]:
    """Test images through bytes at every bit depth, by the run and by PCA of its dimension (where it has so many).

    Rows of codec, run, latent_dim, bits, bytes_per_image (the mean, headers counted), psnr_db, ssim, num_images. Raises
    UserError where the run's latents or the data set's PCA are missing, or the latents not of these weights.
    """
    run = trained.run
    given = read_split(run.dataset, "test").images[:MAX_IMAGES]
    latents = read_latents(run.name, "test").latents[:MAX_IMAGES]
    check_latents(trained, latents, given)
    pca = read_components(run.dataset)
    rows = measure("autoencoder", codec, latents, lambda restored: decode_pictures(trained, restored), given)
    if run.latent_dim <= len(pca.components):  # fewer would be another dimension's
        rows += measure_linear(run, pca, given)
    return [{"codec": row["codec"], "run": run.name, "latent_dim": run.latent_dim, **row} for row in rows]


def measure_linear(run: Run, pca: Projection, given: np.ndarray) -> list[Row]:
    """The same by PCA of the run's dimension: the pictures `given` (n, ...) uint8 through bytes."""
    fitted = pca.encode(read_split(run.dataset, "train").images, run.latent_dim)
    codec = fit_codec(fitted, pca.mean.tobytes() + pca.components[: run.latent_dim].tobytes())

    def draw_linearly(coefficients: np.ndarray) -> np.ndarray:
        shown: np.ndarray = (pca.decode(coefficients).clip(0, 1) * 255).round().astype(np.uint8)
        return shown.reshape(-1, *given.shape[1:])

    return measure("PCA", codec, pca.encode(given, run.latent_dim), draw_linearly, given)


def measure(name: str, codec: Codec, latents: np.ndarray, decode: Decode, given: np.ndarray) -> list[Row]:
    """Latents (n, d) of the pictures `given` (n, ...) uint8 through bytes, one row a bit depth (see `measure_run`)."""
    rows: list[Row] = []
    for bits in codec.grids:
        sent = [codec.encode(of_picture, bits) for of_picture in latents]
        received = decode(np.stack([codec.decode(content) for content in sent]))
        psnr_db, ssim = compare_pictures(received, given)
        size = sum(map(len, sent)) / len(sent)
        numbers = {"bytes_per_image": size, "psnr_db": psnr_db, "ssim": ssim}
        measured = {key: significant(value) for key, value in numbers.items()}
        rows.append({"codec": name, "bits": bits, **measured, "num_images": len(sent)})
    return rows
