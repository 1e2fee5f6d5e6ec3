"""Sender and receiver: a run's encoder with a codec on one side, its decoder with the same codec on the other.

The second tutorial imagines them. Here pictures really go through bytes; so do PCA's coefficients, for comparison.

A codec follows from the weights and the training images alone: the latents it is fitted to are the same bits on any
processor (inference/embeddings.py), so two people with the same weights have the same codec, whoever fitted it.
"""

import hashlib

from autoencoder.codecs.latent_codec import Codec, fit_codec, read_codec, read_digest, write_grids
from autoencoder.config.runs import load_run, load_runs
from autoencoder.storage import paths
from autoencoder.storage.latents import read_latents
from autoencoder.storage.weights import read_weights
from autoencoder.ui.errors import UserError


def fit_run(run: str) -> Codec:
    """A codec for the run's latents, fitted to those of its training images. Raises UserError where any are missing."""
    return fit_codec(read_latents(run, "train").latents, read_weights(run))


def load_codec(run: str) -> Codec:
    """The run's codec: made once for its weights, in seconds, and then kept under their digest.

    Raises UserError where the weights or the latents are missing.
    """
    load_run(run)
    weights = read_weights(run)
    kept = paths.codec(run, hashlib.sha256(weights).hexdigest()[:16])
    if not kept.is_file():
        write_grids(fit_run(run), kept)
    return read_codec(kept, weights, f"rm {kept}; the next use makes it")


def find_run(content: bytes) -> tuple[str, Codec]:
    """The run of params.yaml that wrote these bytes (their header is enough), and its codec.

    A run whose codec cannot be had here is passed over. Raises UserError where no other wrote them, naming those, and
    why, or where params.yaml is wrong.
    """
    digest = read_digest(content)
    passed_over: dict[str, list[str]] = {}  # why -> which
    for name in load_runs():
        try:
            codec = load_codec(name)
        except (UserError, OSError) as error:
            passed_over.setdefault(_why_none(name, error), []).append(name)
            continue
        if codec.digest == digest:
            return name, codec
    which = "; ".join(f"{', '.join(names)} ({why})" for why, names in passed_over.items())
    raise UserError(
        f"no run here has the codec that wrote the file (digest {digest.hex()}): bring the weights it was encoded with "
        "(make weights, at the commit they belong to), then their latents: dvc repro embed"
        + (f". Could not be looked at: {which}" if which else "")
    )


def _why_none(run: str, error: Exception) -> str:
    """Why a run has no codec here. What is the same for many runs is said in the same words, to be told once."""
    if not paths.weights(run).is_file():
        return "not trained here"
    if not (paths.embeddings(run) / "train.npz").is_file():
        return "not embedded here"
    return str(error)
