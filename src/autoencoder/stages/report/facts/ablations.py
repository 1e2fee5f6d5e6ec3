"""What was tried on the way, and what it bought."""

from typing import Any

from autoencoder.config.ablations import Ablation, Trial, load_ablations
from autoencoder.stages.report.parts import Table
from autoencoder.stages.report.study import StudyResults
from autoencoder.stages.report.wording import MISSING, number


def gather(study: StudyResults) -> dict[str, Any] | None:
    """The trials of docs/ablations.yaml on data sets of the study; nothing where there are none.

    A folder of one's own is none of them, whatever it is called.
    """
    shown = {dataset.name for dataset in study.datasets if dataset.kind != "image_folder"}
    groups = [tabulate(group) for group in load_ablations().values() if group.dataset in shown]
    return {"groups": groups, "by_seeds": by_seeds(study)} if groups else None


def by_seeds(study: StudyResults) -> list[float] | None:
    """The least and the most that a run's test error differs by from seed to seed, as a share; None without seeds."""
    rows = [row for dataset in study.with_runs for row in study.spread(dataset).values()]
    shares = sorted(row["std_test_sse"] / row["mean_test_sse"] for row in rows)
    return [shares[0], shares[-1]] if shares else None


def tabulate(group: Ablation) -> Table:
    """Trials, one a row, each beside the first at its latent dimension. Columns that no trial fills are left out."""
    kept = sorted({k for trial in group.trials if isinstance(trial.val_sse, dict) for k in trial.val_sse})
    columns = {
        "numbers": [_whole(trial.latent_dim) for trial in group.trials],
        "what": [trial.what for trial in group.trials],
        "epochs": [_whole(trial.epochs) for trial in group.trials],
        "minutes": [_whole(trial.minutes) for trial in group.trials],
        "multiply-adds": [MISSING if t.multiply_adds is None else f"{t.multiply_adds:.2f} x" for t in group.trials],
        "val SSE": [f"{t.val_sse:#.4g}" if isinstance(t.val_sse, float) else MISSING for t in group.trials],
        "beside the first": [_beside(trial, group) for trial in group.trials],
        **{f"{k} kept": [_kept(trial, k) for trial in group.trials] for k in kept},
    }
    filled = {head: cells for head, cells in columns.items() if set(cells) != {MISSING}}
    num_text = list(filled).index("what") + 1
    return Table.of_columns(group.about, filled, num_text)


def _beside(trial: Trial, group: Ablation) -> str:
    """What the trial's error is more (+) or less (-) than that of the first trial at its latent dimension."""
    first = next(other for other in group.trials if other.latent_dim == trial.latent_dim)
    if trial is first or isinstance(trial.val_sse, dict) or isinstance(first.val_sse, dict):
        return MISSING
    return f"{100 * (trial.val_sse / first.val_sse - 1):+.1f} %"


def _kept(trial: Trial, num_latents: int) -> str:
    sse = trial.val_sse.get(num_latents) if isinstance(trial.val_sse, dict) else None
    return MISSING if sse is None else f"{sse:.1f}"


def _whole(value: float | None) -> str:
    return MISSING if value is None else number(round(value))
