"""Test images through bytes: a run's latents and PCA's coefficients, at every bit depth."""

from collections.abc import Callable

import numpy as np

from autoencoder.codecs.image_codecs import measured_rows
from autoencoder.codecs.latent_codec import Codec, fit_codec
from autoencoder.config.runs import Run
from autoencoder.inference.decoding import as_bytes, decode_pictures
from autoencoder.inference.trained_run import TrainedRun
from autoencoder.measures.image_similarity import compare_pictures
from autoencoder.measures.kept_pca import kept_pca
from autoencoder.measures.pca import Projection, most_components
from autoencoder.measures.rounding import significant
from autoencoder.storage.files import Record
from autoencoder.storage.latents import read_latents
from autoencoder.storage.prepared import Manifest, read_split
from autoencoder.storage.results import PCA

Decode = Callable[[np.ndarray], np.ndarray]  # latents (n, d) -> pictures (n, channels, height, width) uint8


def measure_run(trained: TrainedRun, codec: Codec) -> list[Record]:
    """Test images through bytes at every bit depth, by the run and by PCA of its dimension (where it has so many).

    Rows of codec, run, latent_dim, bits, bytes_per_image (the mean, headers counted), psnr_db, ssim, num_images. Raises
    UserError where the run's latents are missing, or not of these weights.
    """
    run = trained.run
    test = read_split(run.dataset, "test").images
    part = measured_rows(test)
    given, latents = test[part], read_latents(run.name, "test").latents[part]
    rows = measure_codec("autoencoder", codec, latents, lambda restored: decode_pictures(trained, restored), given)
    if run.latent_dim <= most_components(trained.manifest.num_inputs):
        rows += measure_linear(run, trained.manifest, given)
    return [{"codec": row["codec"], "run": run.name, "latent_dim": run.latent_dim, **row} for row in rows]


def measure_linear(run: Run, manifest: Manifest, given: np.ndarray) -> list[Record]:
    """The same by PCA of the run's dimension: the pictures `given` (n, ...) uint8 through bytes."""
    train = read_split(run.dataset, "train").images
    pca = kept_pca(manifest, train)
    codec = fit_codec(pca.encode(train, run.latent_dim), linear_decoder(pca))

    def draw_linearly(coefficients: np.ndarray) -> np.ndarray:
        return as_bytes(pca.decode(coefficients).clip(0, 1)).reshape(-1, *given.shape[1:])

    return measure_codec(PCA, codec, pca.encode(given, run.latent_dim), draw_linearly, given)


def linear_decoder(pca: Projection) -> bytes:
    """What the receiver of PCA's coefficients draws pictures with."""
    return b"".join(np.ascontiguousarray(numbers).data for numbers in (pca.mean, pca.components))


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
