"""Where everything lies: each path a pure function of a data set's or a run's name, relative to the project's root."""

import os
from pathlib import Path

PARAMS = Path("params.yaml")
SCRIPTS = Path("src")


def prepared(dataset: str) -> Path:
    """The folder of a prepared data set: {train,val,test}.npz and manifest.json."""
    return Path("data/prepared") / dataset


def embeddings(run: str) -> Path:
    """The folder of a run's latents: {train,val,test}.npz."""
    return Path("data/embeddings") / run


def weights(run: str) -> Path:
    """A run's trained weights."""
    return Path("models") / run / "weights.safetensors"


def history(run: str) -> Path:
    """A run's per-epoch history, with the device it was trained on and the time it took."""
    return Path("models") / run / "history.json"


def metrics(run: str) -> Path:
    """A run's measurements, one flat JSON object."""
    return Path("metrics") / f"{run}.json"


def plots(name: str) -> Path:
    """The folder of the figures, and the data behind them, of a run or a data set."""
    return Path("plots") / name


def downloads(dataset: str) -> Path:
    """The folder that holds a data set's downloaded files, unchanged. Shared by all DVC experiments."""
    return _home() / "data/raw" / dataset


def resume(name: str) -> Path:
    """A file of training state that survives a kill. Outside every DVC output, since DVC deletes those first."""
    return _home() / ".resume" / name


def lock(run: str) -> Path:
    """The lock held while a run trains in this workspace."""
    return Path(".resume") / f"{run}.lock"


def tensorboard(run: str) -> Path:
    """The folder of a run's TensorBoard logs (they hold wall-clock times, so DVC does not track them)."""
    return _home() / "tensorboard" / run


def _home() -> Path:
    """The real root of the project: `dvc exp run --temp` and `--queue` work in a copy and name it in DVC_ROOT."""
    return Path(os.environ.get("DVC_ROOT", "."))
