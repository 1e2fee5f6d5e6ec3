"""Weights on disk: safetensors, free of pickled code, written whole or not at all."""

from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn

from autoencoder.storage import paths
from autoencoder.storage.files import write_atomically
from autoencoder.ui.errors import UserError


def save_weights(weights: dict[str, Tensor], path: Path) -> None:
    """Write weights as safetensors, contiguous and on the CPU: equal weights give equal bytes."""
    write_atomically(path, save({name: value.detach().cpu().contiguous() for name, value in weights.items()}))


def load_weights(model: nn.Module, path: Path) -> None:
    """Fill `model` with the weights at `path`. Raises UserError where they are missing, broken, or do not fit it."""
    try:
        weights = load_file(path)
    except FileNotFoundError:
        raise UserError(
            f"{path} is missing; train it (python src/train.py {path.parent.name}) or: make weights"
        ) from None
    except SafetensorError as error:
        raise UserError(f"{path} is not a whole safetensors file ({error}); make weights, or train again") from None
    expected = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    found = {name: tuple(value.shape) for name, value in weights.items()}
    for name in sorted({*expected, *found}):
        if expected.get(name) != found.get(name):
            raise UserError(
                f"{path} does not fit params.yaml: {name} is {found.get(name, 'missing')} in the file and "
                f"{expected.get(name, 'missing')} in the model; train again: dvc repro train@{path.parent.name}"
            )
    model.load_state_dict(weights)


def read_weights(run: str) -> bytes:
    """The file of the run's weights. Raises UserError where it is missing."""
    path = paths.weights(run)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UserError(f"{path} is missing; train it (python src/train.py {run}) or: make weights") from None
