"""The README's results, made from the committed metrics: no number in it is typed by hand.

Run as `python -m autoencoder.tools.readme`: rewrites the part of README.md between the two markers, and the tables of
docs/ablations.md and docs/goals.md between theirs.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from autoencoder.config.ablations import load_ablations
from autoencoder.config.params import get_section, load_params
from autoencoder.config.provenance import training_facts
from autoencoder.config.published import Published, load_published
from autoencoder.config.runs import load_runs
from autoencoder.stages.report.facts.ablations import tabulate
from autoencoder.stages.report.facts.answer import needed
from autoencoder.stages.report.facts.compression import lead_over_pca
from autoencoder.stages.report.parts import Table
from autoencoder.stages.report.wording import device, over_seeds, signed_percent, told_lead
from autoencoder.storage import paths
from autoencoder.storage.files import Record, read_json, write_atomically
from autoencoder.storage.results import PCA, read_curve, read_metrics, read_result, read_seed_outcomes
from autoencoder.tools import goals
from autoencoder.ui.command_line import run_or_explain

README = Path("README.md")
ABLATIONS = Path("docs/ablations.md")
HEAD = "run|latent_dim|of the input|test SSE|over seeds|PCA test SSE|val SSE|test MSE|PSNR|SSIM|trained"


def results(
    metrics: Mapping[str, Record],
    spreads: Mapping[str, Record],
    leads: Mapping[str, tuple[float, float]],
    answers: Mapping[str, Record],
    published: Mapping[str, Mapping[str, Published]],
) -> str:
    """How many latents each quality needs; the table of runs, with what their errors are over several seeds (`spread`);
    under it what is published (by data set), and each data set's lead over PCA in bytes, in dB
    (`compression.lead_over_pca`).
    """
    told = "; ".join(f"{dataset} {told_lead(lead)}" for dataset, lead in leads.items())
    where = "The best run's PSNR beside the best PCA of as many bytes, at the sizes that both were measured at"
    parts = [
        needed_table(answers),
        table(metrics, spreads),
        *(_published(name, studies, metrics) for name, studies in published.items() if studies),
        *([f"{where}: {told}."] if told else []),
    ]
    return "\n\n".join(parts)


def needed_table(answers: Mapping[str, Record]) -> str:
    """How many latents for a mean PSNR over the test images, as Markdown."""
    return markdown(needed(answers))


def markdown(made: Table) -> str:
    """A table of the report as Markdown, without its caption."""
    rule = ["---" if place < made.num_text else "--:" for place in range(len(made.head))]
    return _lines(made.head, rule, *made.rows)


def _lines(*rows: Sequence[str]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def _published(dataset: str, studies: Mapping[str, Published], metrics: Mapping[str, Record]) -> str:
    """The lowest published error at each dimension, and whose it is; how far from it the best run is."""
    best: dict[int, tuple[float, str]] = {}
    for study in studies.values():
        for latent_dim, sse in study.test_sse.items():
            best[latent_dim] = min(best.get(latent_dim, (sse, study.source)), (sse, study.source))
    points = "; ".join(f"{sse:.4g} at {latent_dim}" for latent_dim, (sse, _) in sorted(best.items()))
    sources = " and ".join(sorted({source for _, source in best.values()}))
    ours: dict[str, dict[int, float]] = {}
    for row in metrics.values():
        if row["dataset"] == dataset:
            of_model = ours.setdefault(row["model"], {})
            of_model[row["latent_dim"]] = min(of_model.get(row["latent_dim"], math.inf), row["test_sse"])
    beside = "; ".join(filter(None, (_beside(model, sse, best) for model, sse in ours.items())))
    told = f" Beside it the best run of that size here, by network: {beside}." if beside else ""
    return f"The lowest published test SSE of {dataset}: {points} ({sources}).{told}"


def _beside(model: str, ours: Mapping[int, float], best: Mapping[int, tuple[float, str]]) -> str:
    """How far a network's errors are from the best published ones, at the dimensions that have both."""
    apart = [f"{signed_percent(ours[at] / sse - 1)} at {at}" for at, (sse, _) in sorted(best.items()) if at in ours]
    return f"`{model}` {', '.join(apart)}" if apart else ""


def leads_over_pca(datasets: Iterable[str]) -> dict[str, tuple[float, float]]:
    """The lead of each data set that has one. Raises UserError where its curves are not of the present weights."""
    tables = {name: read_curve(name, "rate-distortion") for name in datasets}
    return {name: lead for name, rows in tables.items() if (lead := lead_over_pca(rows))}


def read_found(datasets: Iterable[str], what: str) -> dict[str, Record]:
    """What `curve` found of each data set, its `answer` or its `spread`. Raises UserError where it is missing."""
    return {name: read_json(paths.plots(name) / f"{what}.json", f"python src/curve.py {name}") for name in datasets}


def table(metrics: Mapping[str, Record], spreads: Mapping[str, Record]) -> str:
    """The results as Markdown, one row a run, and a line that says on what hardware. What the errors are over several
    seeds has a column where any run has them.
    """
    rows = tuple(_row(run, row, spreads.get(run)) for run, row in metrics.items())
    columns = [place for place, head in enumerate(HEAD.split("|")) if spreads or head != "over seeds"]
    head, *shown = ([cells[place] for place in columns] for cells in (HEAD.split("|"), *rows))
    rule = ["--:"] * (len(head) - 2)
    devices = sorted({device(row["device"]) for row in metrics.values()})
    return f"{_lines(head, ['---', *rule, '---'], *shown)}\n\nTrained on: {'; '.join(devices)}."


def _row(run: str, row: Record, spread: Record | None) -> tuple[str, ...]:
    return (
        f"`{run}`",
        f"{row['latent_dim']}",
        f"{100 * row['compression']:#.3g} %",
        f"**{row['test_sse']:#.4g}**",
        over_seeds(spread) if spread else "",
        "" if row["pca_test_sse"] is None else f"{row['pca_test_sse']:#.4g}",
        f"{row['val_sse']:#.4g}",
        f"{row['test_mse']:#.3g}",
        f"{row['test_psnr_db']:.1f} dB",
        f"{row['test_ssim']:.3f}",
        f"{row['num_epochs']} epochs, {row['train_seconds'] / 60:.1f} min",
    )


def replace(text: str, name: str, made: str) -> str:
    """`text` with what stands between the two markers of `name` replaced by `made`."""
    begin, end = f"<!-- {name}: made by `make readme` -->", f"<!-- end of {name} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    assert pattern.search(text), f"the page has lost its markers {begin} and {end}"
    return pattern.sub(lambda _: f"{begin}\n{made}\n{end}", text)


def replace_ablations(text: str) -> str:
    """The page of what was tried, with the tables of docs/ablations.yaml."""
    for name, group in load_ablations().items():
        text = replace(text, name, f"{group.about}.\n\n{markdown(tabulate(group))}")
    return text


def replace_goals(text: str) -> str:
    """The page of goals, with what results say of them."""
    runs, dataset = load_runs(), "cifar10"
    nested = next(name for name, run in runs.items() if run.nested and run.dataset == dataset)
    results = goals.Results(
        runs=runs,
        metrics=read_metrics({name: training_facts(run) for name, run in runs.items()}),
        seeds={
            name: read_seed_outcomes(line["dataset"], name)
            for name, line in get_section(load_params(), "seeds").items()
        },
        first_latents=read_result(paths.first_latents(dataset, nested), nested, "evaluate"),
        pca_sse={row["latent_dim"]: row["sse"] for row in read_curve(dataset, "error-curve") if row["curve"] == PCA},
        published=load_published(dataset),
        benchmarks=goals.read_benchmarks(),
    )
    return replace(text, "goals", markdown(goals.goals(results)))


def main() -> None:
    """Rewrite the README's results from metrics/ and plots/, the tables of what was tried, and that of the goals."""
    runs = load_runs()
    metrics = read_metrics({name: training_facts(run) for name, run in runs.items()})
    datasets = list(dict.fromkeys(run.dataset for run in runs.values()))
    published = {name: load_published(name) for name in datasets}
    spreads = {run: row for of_runs in read_found(datasets, "spread").values() for run, row in of_runs.items()}
    made = results(metrics, spreads, leads_over_pca(datasets), read_found(datasets, "answer"), published)
    write_atomically(README, replace(README.read_text(), "results", made).encode())
    write_atomically(ABLATIONS, replace_ablations(ABLATIONS.read_text()).encode())
    write_atomically(goals.PAGE, replace_goals(goals.PAGE.read_text()).encode())


if __name__ == "__main__":
    run_or_explain(main, "readme")
