"""CIFAR-10: the official archive, its pickled batches opened by an unpickler that admits nothing else.

Source: Alex Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
"""

import io
from pickle import Unpickler, UnpicklingError
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from autoencoder.data.download import fetch, read_members, read_source
from autoencoder.data.kind import KindParams, Loaded
from autoencoder.storage.prepared import Split
from autoencoder.ui.errors import UserError

ARCHIVE = "cifar-10-python.tar.gz"
MAX_BATCH_BYTES = 32 << 20  # the largest has 31,035,999


class Params(KindParams):
    """`prepare.<name>` in params.yaml where kind is cifar10."""

    split_seed: int = Field(ge=0, le=2**32 - 1)
    num_val: int = Field(ge=1, le=49_999)


def load(name: str, params: Params) -> Loaded:
    """Download, verify, split: 50,000 - num_val train, num_val val, 10,000 test images of 3 x 32 x 32."""
    import torch  # here, so that params are checked without it: it takes seconds

    source = read_source(params.source, ARCHIVE)
    facts = source["files"][ARCHIVE]
    if not isinstance(facts.get("members"), dict):
        raise UserError(f"{params.source} says no members of {ARCHIVE}; write it as data/sources/cifar10.json")
    members = read_members(fetch(name, ARCHIVE, facts), facts["members"], MAX_BATCH_BYTES)
    meta = unpickle(members["batches.meta"])
    images, labels = _join([unpickle(members[f"data_batch_{number}"]) for number in range(1, 6)])
    test_images, test_labels = _join([unpickle(members["test_batch"])])
    # What torch.utils.data.random_split does: published figures are measured on this very split.
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(params.split_seed)).numpy()
    num_train = len(images) - params.num_val
    splits = {
        key: Split(images[rows], rows, {"class": labels[rows]})
        for key, rows in {"train": order[:num_train], "val": order[num_train:]}.items()
    }
    splits["test"] = Split(test_images, np.arange(len(test_images)), {"class": test_labels})
    names = [label.decode() for label in meta[b"label_names"]]
    return Loaded(splits, {"class": names}, source["description"])


def unpickle(content: bytes) -> dict[bytes, Any]:
    """Open a batch: dictionaries, lists, bytes and NumPy arrays, nothing else. Raises UserError for anything more."""
    try:
        batch: dict[bytes, Any] = _BatchUnpickler(io.BytesIO(content), encoding="bytes").load()
    except UnpicklingError as error:
        raise UserError(f"{ARCHIVE}: {error}") from None
    return batch


class _BatchUnpickler(Unpickler):
    """The batches name three things of NumPy; any other name could run code."""

    _ADMITTED: ClassVar = {
        ("numpy.core.multiarray", "_reconstruct"): np._core.multiarray._reconstruct,  # type: ignore[attr-defined]
        ("numpy", "ndarray"): np.ndarray,
        ("numpy", "dtype"): np.dtype,
    }

    def find_class(self, module: str, name: str) -> Any:
        try:
            return self._ADMITTED[module, name]
        except KeyError:
            raise UnpicklingError(f"a batch asks for {module}.{name}, which no batch of CIFAR-10 holds") from None


def _join(batches: list[dict[bytes, Any]]) -> tuple[np.ndarray, np.ndarray]:
    images = np.concatenate([batch[b"data"] for batch in batches]).reshape(-1, 3, 32, 32)
    labels = np.concatenate([batch[b"labels"] for batch in batches]).astype(np.int64)
    return images, labels
