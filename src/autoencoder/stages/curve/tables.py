"""The data behind the curves: long tables, one record a point, for `dvc plots show` and for the figures alike."""

from collections.abc import Mapping, Sequence

from autoencoder.config.published import Published
from autoencoder.config.runs import Run
from autoencoder.measures.rounding import significant
from autoencoder.storage import paths
from autoencoder.storage.files import Record
from autoencoder.storage.results import PCA, read_result

# How far beyond the runs' dimensions the PCA line is drawn, as a factor on either side.
MARGIN = 1.5
SPLIT_NAMES = {"val": "validation", "test": "test"}


def error_curve(
    first_latents: Mapping[str, Sequence[Record]],
    pca: list[dict[str, float]],
    curves: Mapping[str, str],
    published: Mapping[str, Published],
    spreads: Mapping[str, Record],
    num_inputs: int,
) -> list[Record]:
    """Error over latent dimension: {series, curve, split, run, latent_dim, sse, mse} of the runs (val, test), of PCA
    (test) and of what is published (test; its run is null). Where all latents of a run are kept it has a `tick`, too,
    and in the test split, where the run was trained from several seeds, what `spread.spread` says of them (spreads).

    first_latents: rows of each run by how many of its latents are kept; a run that is not nested has one. Runs of one
    curve (`families.curve_names`) are a series in each split, in the order of their dimensions.
    """
    rows = sorted(
        ((run, row) for run, of_run in first_latents.items() for row in of_run), key=lambda item: item[1]["num_latents"]
    )
    records = [
        {
            "series": f"{curves[run]}, {name}",
            "curve": curves[run],
            "split": split,
            "run": run,
            "latent_dim": row["num_latents"],
            "sse": row[f"{split}_sse"],
            "mse": significant(row[f"{split}_sse"] / num_inputs),
            **({"tick": True} if row is first_latents[run][-1] else {}),
            **(spreads.get(run, {}) if row is first_latents[run][-1] and split == "test" else {}),
        }
        for split, name in SPLIT_NAMES.items()
        for run, row in rows
    ]
    records += [
        {
            "series": name,
            "curve": name,
            "split": "test",
            "run": None,
            "latent_dim": latent_dim,
            "sse": sse,
            "mse": significant(sse / num_inputs),
        }
        for name, study in published.items()
        for latent_dim, sse in sorted(study.test_sse.items())
    ]
    dims = [row["num_latents"] for _, row in rows] or [1, len(pca) - 1]
    last = min(len(pca) - 1, int(max(dims) * MARGIN))
    first = min(last, max(1, int(min(dims) / MARGIN)))
    return records + [
        {
            "series": f"{PCA}, {SPLIT_NAMES['test']}",
            "curve": PCA,
            "split": "test",
            "run": "pca",
            "latent_dim": d,
            "sse": pca[d]["test_sse"],
            "mse": pca[d]["test_mse"],
        }
        for d in _log_spaced(first, last, dims)
    ]


def out_of_distribution(metrics: Mapping[str, Record], curves: Mapping[str, str]) -> list[Record]:
    """Error over latent dimension of each pattern, and of the test set: {series, curve, run, latent_dim, mse}.

    Raises UserError where a run was not tried on the patterns.
    """
    records = []
    for run, row in _by_dimension(metrics):
        errors = read_result(paths.metrics(row["dataset"], f"ood/{run}"), run, "ood")
        for name, mse in {**errors, "test_mse": row["test_mse"]}.items():
            series = name.removesuffix("_mse").replace("_", " ")
            about = {"series": series, "curve": curves[run], "run": run}
            records.append({**about, "latent_dim": row["latent_dim"], "mse": mse})
    return records


def retrieval(runs: Mapping[str, Run], curves: Mapping[str, str]) -> list[Record]:
    """Precision of image search over latent dimension: what `retrieve` wrote of all `runs`, one after the other.

    Records {series, curve, code, metric, label, queries, name, run, latent_dim, precision} (see `tabulate`); what
    does not depend on the run (PCA of its dimension, pixels, chance) is there once. Raises UserError where a run was
    not searched.
    """
    records, seen = [], set()
    for run in sorted(runs.values(), key=lambda run: run.latent_dim):
        for row in read_result(paths.metrics(run.dataset, f"retrieve/{run.name}"), run.name, "retrieve"):
            code = curves[run.name] if row["code"] == "latents" else row["code"]
            about = {"series": ", ".join([code, row["metric"]]) if "metric" in row else code, "curve": code}
            facts = {"metric": "any", "queries": "all", "name": "all", **row}
            owner = {"latents": run.name, PCA: run.latent_dim}.get(
                row["code"]
            )  # pixels and chance are the same for all
            key = (code, owner, facts["metric"], row["label"], facts["queries"], facts["name"])
            if key not in seen:
                seen.add(key)
                records.append({**about, **facts})
    return records


def _by_dimension(metrics: Mapping[str, Record]) -> list[tuple[str, Record]]:
    return sorted(metrics.items(), key=lambda item: item[1]["latent_dim"])


def _log_spaced(first: int, last: int, always: list[int], count: int = 60) -> list[int]:
    """About `count` whole numbers from `first` to `last`, even on a log axis, and those of `always` within."""
    ratio = (last / first) ** (1 / count) if last > first else 1.0
    spaced = {round(first * ratio**step) for step in range(count + 1)}
    return sorted(spaced | {last} | {d for d in always if d <= last})
