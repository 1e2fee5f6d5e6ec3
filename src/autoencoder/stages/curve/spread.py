"""How much of a run's error is luck: the test error over its own seed and those of the study that repeats it."""

import statistics
from collections.abc import Mapping

from autoencoder.config.runs import Run
from autoencoder.config.seed_studies import repeats
from autoencoder.measures.rounding import significant
from autoencoder.storage.files import Record
from autoencoder.storage.results import read_seed_outcomes


def spread(runs: Mapping[str, Run], metrics: Mapping[str, Record], num_inputs: int) -> dict[str, Record]:
    """{num_seeds, mean_test_sse, std_test_sse, min_test_sse, max_test_sse} of each run that a study repeats.

    metrics: of the runs. std is that of a sample (n - 1), 0 of a single seed. Raises UserError where a study was not
    measured, or with other weights than its present ones.
    """
    return {run: _over_seeds(runs[run], metrics[run], study, num_inputs) for run, study in repeats(runs).items()}


def _over_seeds(run: Run, metrics: Record, study: str, num_inputs: int) -> Record:
    outcomes = read_seed_outcomes(run.dataset, study)
    by_seed = {seed: outcomes[f"seed_{seed}_test_mse"] * num_inputs for seed in range(outcomes["num_seeds"])}
    by_seed[run.seed] = metrics["test_sse"]  # where the study has that seed, too, it is the same training
    errors = [*by_seed.values()]
    facts = {
        "mean": statistics.fmean(errors),
        "std": statistics.stdev(errors) if len(errors) > 1 else 0.0,
        "min": min(errors),
        "max": max(errors),
    }
    return {"num_seeds": len(errors), **{f"{key}_test_sse": significant(value) for key, value in facts.items()}}
