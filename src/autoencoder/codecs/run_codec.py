"""Sender and receiver: a run's encoder with a codec on one side, its decoder with the same codec on the other.

The second tutorial imagines them. Here pictures really go through bytes; so do PCA's coefficients, for comparison.
"""

from autoencoder.codecs.latent_codec import Codec, fit_codec, read_codec, read_digest
from autoencoder.config.runs import load_run, load_runs
from autoencoder.storage import paths
from autoencoder.storage.latents import read_latents
from autoencoder.storage.weights import read_weights
from autoencoder.ui.errors import UserError


def fit_run(run: str) -> Codec:
    """A codec for the run's latents, fitted to those of its training images. Raises UserError where any are missing."""
    return fit_codec(read_latents(run, "train").latents, read_weights(run))


def load_codec(run: str) -> Codec:
    """The run's codec as `compress` wrote it. Raises UserError where it, or the weights, are missing."""
    load_run(run)
    weights = read_weights(run)
    return read_codec(paths.codec(run), weights, f"python src/compress.py {run}")


def find_run(content: bytes) -> tuple[str, Codec]:
    """The run of params.yaml that wrote these bytes, and its codec. Raises UserError where none did."""
    digest = read_digest(content)
    for name in load_runs():
        if not (paths.codec(name).is_file() and paths.weights(name).is_file()):
            continue  # not trained or not fitted yet: it wrote nothing
        codec = load_codec(name)
        if codec.digest == digest:
            return name, codec
    raise UserError(
        f"the file was encoded by no run that is here with weights and {paths.codec('<run>')} (digest {digest.hex()})"
    )
