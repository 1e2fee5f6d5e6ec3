"""Every training of params.yaml, as far as its network: what only that can judge is told before the first one starts.

Trainings run side by side, the longest first: a mistake in the last would else be told when the others are done.
"""

from autoencoder.config.params import get_section, load_params
from autoencoder.config.runs import Run, load_runs
from autoencoder.config.seed_studies import load_seed_study
from autoencoder.models.base.build import build_run
from autoencoder.models.base.device import resolve_device
from autoencoder.storage.prepared import read_manifest
from autoencoder.training.trainer import steps_per_epoch


def check() -> None:
    """Raises UserError for the first run or seed study of ./params.yaml that cannot be trained on its prepared data:
    a device that is not there, an option, a shape or a latent dimension its network cannot have, too large a batch.
    """
    studies = [load_seed_study(name)[0] for name in get_section(load_params(), "seeds")]
    for run in [*load_runs().values(), *studies]:
        _check(run)


def _check(run: Run) -> None:
    manifest = read_manifest(run.dataset)
    resolve_device(run.device)
    build_run(run, manifest.image_shape, manifest.value_range)
    steps_per_epoch(run, manifest.counts["train"])
