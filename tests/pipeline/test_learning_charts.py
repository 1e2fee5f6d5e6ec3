"""The learning curves of `dvc plots`: straight from what `evaluate` writes, so that an experiment's chart shows it."""

import subprocess
from pathlib import Path

from autoencoder.stages.evaluate.learning_curve import learning_curve
from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.tools import workspace
from tests.charts import charts


def write_curves(folder: Path, errors: dict[str, list[float]], sample: bool = False) -> None:
    for run, mse in errors.items():
        history = {"epochs": [{"epoch": e + 1, "train_mse": value, "val_mse": value} for e, value in enumerate(mse)]}
        write_json(folder / paths.learning("photos", run), learning_curve(run, history, sample))


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_an_experiment_changes_the_chart_of_its_run_and_shows_both_revisions(project: Path) -> None:
    """As after `dvc exp run -S runs.tiny-8.recipe=longer train@tiny-8 evaluate@tiny-8`."""
    workspace.name_curves(project)
    (project / ".dvc/config.local").unlink()  # it has DVC do without git
    write_curves(project, {"tiny-8": [0.5, 0.25], "other": [0.1, 0.05]})
    git(project, "init", "--quiet")
    git(project, "add", "--all", "--force", ".")
    git(project, "commit", "--quiet", "--message", "before")
    write_curves(project, {"tiny-8": [0.5, 0.25, 0.125]})
    shown = charts(project, "diff", "HEAD")
    curves = {
        revision: [
            point["mse"]
            for point in shown["metrics/photos/learning/tiny-8.json"]
            if (point["rev"], point["split"]) == (revision, "val")
        ]
        for revision in ("HEAD", "workspace")
    }
    assert curves["HEAD"] == [0.5, 0.25]
    assert curves["workspace"] == [0.5, 0.25, 0.125]


def test_every_run_has_a_chart_of_its_own_and_the_sample_is_told(project: Path) -> None:
    workspace.name_curves(project)
    write_curves(project, {"tiny-8": [0.5, 0.25], "mine": [0.1, 0.05]})
    write_curves(project, {"tiny-8": [0.5, 0.25]}, sample=True)
    shown = charts(project, "show")
    assert shown.keys() == {"metrics/photos/learning/mine.json", "metrics/photos/learning/tiny-8.json"}
    assert {title: {point["sample"] for point in points} for title, points in shown.items()} == {
        "metrics/photos/learning/mine.json": {False},
        "metrics/photos/learning/tiny-8.json": {True},
    }
