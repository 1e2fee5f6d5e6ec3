"""What the report reads: params.yaml, metrics and the places of figures. No weights, no data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from pydantic import Field

from autoencoder.charts.palette import run_colours
from autoencoder.config.families import families
from autoencoder.config.params import ParamsSection, get_section, load_params, parse
from autoencoder.config.provenance import training_facts
from autoencoder.config.runs import Run, load_runs
from autoencoder.config.seed_studies import load_seed_study
from autoencoder.stages.report.atlas import Atlas
from autoencoder.storage import paths
from autoencoder.storage.files import Record, read_json
from autoencoder.storage.provenance import check_weights
from autoencoder.storage.results import (
    read_curve,
    read_learning,
    read_metrics,
    read_result,
    read_seed_outcomes,
    read_seeds_learning,
)
from autoencoder.ui.errors import UserError

SHOWN_FROM = ("value_range", "train_sha256", "val_sha256")  # of a data set, what shift.json was made from


class ReportOptions(ParamsSection):
    """One entry of `report` in params.yaml."""

    title: str = Field(min_length=1)


@dataclass(frozen=True)
class DataSet:
    """A data set and its runs, by rising latent dimension."""

    name: str
    kind: str
    runs: tuple[Run, ...]

    @property
    def names(self) -> list[str]:
        """Its runs' names."""
        return [run.name for run in self.runs]

    @property
    def nested(self) -> tuple[Run, ...]:
        """The runs whose first latents decode alone."""
        return tuple(run for run in self.runs if run.nested)

    @property
    def networks(self) -> tuple[Run, ...]:
        """Of each network the run with fewest latents: the others differ in the width of one layer."""
        first = {run.model: run for run in reversed(self.runs)}
        return tuple(run for run in self.runs if run in first.values())

    @property
    def families(self) -> list[list[Run]]:
        """Its runs that differ in nothing but the latent dimension, by rising dimension: what shows a trend."""
        runs = {run.name: run for run in self.runs}
        return [[runs[name] for name in of_curve] for of_curve in families(runs).values()]


@dataclass(frozen=True)
class StudyResults:
    """The whole study, as far as params.yaml names it; numbers are read when a section asks for them."""

    options: ReportOptions
    params: Mapping[str, Any]
    datasets: tuple[DataSet, ...]
    atlases: dict[str, Atlas] = field(default_factory=dict)  # by data set: what the page shows of its pictures

    def colours(self, dataset: DataSet) -> dict[str, str]:
        """The colour of each run of a data set, the same in every chart."""
        return run_colours(families({run.name: run for run in load_runs().values() if run.dataset == dataset.name}))

    def atlas(self, dataset: DataSet) -> Atlas:
        """The data set's small pictures, those of all sections."""
        if dataset.name not in self.atlases:
            shape = self.facts(dataset)["image_shape"]
            height, width = (int(side) for side in shape.split(" x ")[1:])
            self.atlases[dataset.name] = Atlas(f"atlas-{dataset.name}", max(height, width))
        return self.atlases[dataset.name]

    def pca_psnr(self, dataset: DataSet, latent_dim: int) -> tuple[float, bool] | None:
        """The mean PSNR (dB) of PCA of so many components over the test images, and whether it was measured: between
        two numbers that were it is told on a straight line over the logarithm. None beyond them.
        """
        path = paths.pca_quality(dataset.name)
        rows = read_json(path, f"python src/baseline.py {dataset.name}")
        measured = {int(row["num_latents"]): float(row["test_psnr_db"]) for row in rows if row.get("num_latents")}
        if latent_dim in measured:
            return measured[latent_dim], True
        if not measured or not min(measured) < latent_dim < max(measured):
            return None
        numbers = sorted(measured)
        between = np.interp(np.log(latent_dim), np.log(numbers), [measured[number] for number in numbers])
        return float(between), False

    @property
    def with_runs(self) -> tuple[DataSet, ...]:
        """The data sets that have runs."""
        return tuple(dataset for dataset in self.datasets if dataset.runs)

    @property
    def of_own_pictures(self) -> bool:
        """Whether it is of folders alone: then nothing is to be said of the tutorials and their data."""
        return bool(self.datasets) and all(dataset.kind == "image_folder" for dataset in self.datasets)

    def facts(self, dataset: DataSet) -> Record:
        """A data set in numbers (`stages.baseline.dataset_summary`). Raises UserError where they are missing."""
        return dict(read_json(paths.dataset_summary(dataset.name), f"python src/baseline.py {dataset.name}"))

    def metrics(self, run: Run) -> Record:
        """A run's measurements. Raises UserError where it was not evaluated, or not with what params.yaml says."""
        return read_metrics({run.name: training_facts(run)})[run.name]

    def metrics_of_runs(self, dataset: DataSet) -> list[Record]:
        """The measurements of a data set's runs, in order, each with its `run`."""
        return [{"run": run.name, **self.metrics(run)} for run in dataset.runs]

    def best(self, dataset: DataSet) -> Run:
        """The run with the least test error."""
        return min(dataset.runs, key=lambda run: float(self.metrics(run)["test_sse"]))

    def pictured(self, dataset: DataSet) -> list[Run]:
        """The runs whose pictures the page shows: all, the best first, which is what is seen before one chooses."""
        best = self.best(dataset)
        return [best, *(run for run in dataset.runs if run != best)]

    def ends(self, dataset: DataSet) -> list[Run]:
        """Of the best of each latent dimension the one with fewest and the one with most: where a picture more says
        little.
        """
        best = self.best_of_each(dataset)
        return best[:1] + best[1:][-1:]

    def best_of_each(self, dataset: DataSet) -> list[Run]:
        """Of each latent dimension the run with the least test error, by rising dimension."""
        by_error = sorted(dataset.runs, key=lambda run: float(self.metrics(run)["test_sse"]), reverse=True)
        best = {run.latent_dim: run for run in by_error}  # the last of each stays
        return [best[latent_dim] for latent_dim in sorted(best)]

    def read(self, stage: str, name: str, folder: str = "") -> Any:
        """What a stage wrote of a run: metrics/<dataset>/<folder, else stage>/<name>.json. Raises UserError
        where it did not, or of weights that are not those of params.yaml.
        """
        self._check_weights(name)
        path = paths.metrics(self.params["runs"][name]["dataset"], f"{folder or stage}/{name}")
        return read_result(path, name, stage)

    def beside(self, owner: str, picture: str, stage: str) -> Any:
        """The numbers of a run's or data set's picture, plots/<owner>/<picture>.json: a record, or records.

        Raises UserError, naming what makes them, where they are missing, or measured with a run's earlier weights.
        """
        if owner in self.params["runs"]:
            self._check_weights(owner)
            return read_result(paths.plots(owner) / f"{picture}.json", owner, stage)
        return read_json(paths.plots(owner) / f"{picture}.json", f"python src/{stage}.py {owner}")

    def answers(self) -> dict[str, Record]:
        """How many latents each data set with runs needs for a given quality (`stages.curve.answer`)."""
        return {dataset.name: self.beside(dataset.name, "answer", "curve") for dataset in self.with_runs}

    def spread(self, dataset: DataSet) -> Record:
        """Of each run that a seed study repeats the error over the seeds (`stages.curve.spread`)."""
        spread: Record = self.beside(dataset.name, "spread", "curve")
        return spread

    def seed_outcomes(self, name: str) -> Record:
        """What became of a study's seeds. Raises UserError where it was not measured, or of weights that are not those
        of params.yaml.
        """
        for run in load_seed_study(name):
            check_weights(paths.seed_weights(name, run.seed), f"train_seeds@{name}", training_facts(run))
        return read_seed_outcomes(load_seed_study(name)[0].dataset, name)

    def seeds_learning(self, name: str) -> list[Record]:
        """The learning curves of a study's seeds. Raises UserError as `seed_outcomes` does."""
        return read_seeds_learning(load_seed_study(name)[0].dataset, name)

    def shift(self, dataset: DataSet) -> Record:
        """The numbers of a data set's shift.png. Raises UserError where they are of other images than dataset.json."""
        errors: Record = self.beside(dataset.name, "shift", "curve")
        facts = self.facts(dataset)
        if any(errors.pop(key, None) != facts[key] for key in SHOWN_FROM):
            path, told = paths.plots(dataset.name) / "shift.json", paths.dataset_summary(dataset.name)
            again = f"dvc repro baseline@{dataset.name} curve@{dataset.name}"
            raise UserError(f"{path} is not of the images and the value range that {told} tells of: {again}")
        return errors

    def plotted(self, dataset: DataSet, name: str) -> list[Record]:
        """The records behind a data set's curve, plots/<dataset>/<name>.json. Raises UserError where it is missing, or
        tells of other weights than the present ones.
        """
        return read_curve(dataset.name, name)

    def learning(self, run: Run) -> list[Record]:
        """A run's learning curve. Raises UserError where it was not evaluated, or not with what params.yaml says."""
        self._check_weights(run.name)
        return read_learning(run.dataset, [run.name])

    def _check_weights(self, name: str) -> None:
        run = next(run for dataset in self.datasets for run in dataset.runs if run.name == name)
        check_weights(paths.weights(name), f"train@{name}", training_facts(run))

    def names(self, section: str) -> list[str]:
        """The entries of a section of params.yaml; none where the study has no such section."""
        return list(self.params.get(section) or {})

    @cached_property
    def sample(self) -> bool:
        """Whether any number here comes from the built-in sample."""
        return any(row["sample"] for dataset in self.with_runs for row in self.metrics_of_runs(dataset))


def load_study_results(name: str) -> StudyResults:
    """The study as params.yaml has it, with the options `report.<name>`. Raises UserError where they are wrong."""
    params = load_params()
    options = parse(ReportOptions, get_section(params, "report", name), f"report.{name}")
    runs = sorted(load_runs().values(), key=lambda run: run.latent_dim)
    datasets = tuple(
        DataSet(dataset, str(section["kind"]), tuple(run for run in runs if run.dataset == dataset))
        for dataset, section in get_section(params, "prepare").items()
    )
    return StudyResults(options, params, datasets)
