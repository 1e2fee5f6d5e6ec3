"""What labels say of images: which of them tell images apart, and what an image shows."""

from autoencoder.measures.corpus import Corpus
from autoencoder.storage.prepared import Manifest, Split


def told_labels(manifest: Manifest) -> list[str]:
    """The labels that tell images apart: those of more than one name. (A folder without sub-folders has one of one.)"""
    return [label for label, names in manifest.labels.items() if len(names) > 1]


def caption(split: Split | Corpus, row: int, manifest: Manifest) -> str:
    """What an image shows, by the first of its labels that is a code."""
    for label in told_labels(manifest):
        if split.labels[label].ndim == 1:
            code: int = split.labels[label][row]
            return manifest.labels[label][code]
    return ""
