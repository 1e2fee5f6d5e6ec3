"""What to make of a folder of one's own pictures, in words, from what was measured -> plots/<dataset>/advice.json; and
which of them are the same or nearly so -> plots/<dataset>/duplicates.json.
"""

from itertools import chain

from autoencoder.config.advice import load_advice_options
from autoencoder.config.provenance import preparation_facts, training_facts
from autoencoder.config.retrieval import load_retrieval_options
from autoencoder.config.runs import load_runs
from autoencoder.stages.advise import advice
from autoencoder.stages.advise.duplicates import near_duplicate_pairs
from autoencoder.stages.advise.labels import count_labels
from autoencoder.storage import paths
from autoencoder.storage.files import read_json, write_json
from autoencoder.storage.prepared import SPLITS, read_about, read_manifest, read_split
from autoencoder.storage.results import read_metrics, read_result
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    manifest, about, options = read_manifest(name, preparation_facts(name)), read_about(name), load_advice_options(name)
    splits = {split: read_split(name, split) for split in SPLITS}
    runs = {run.name: run for run in load_runs().values() if run.dataset == name}
    metrics = read_metrics({run: training_facts(line) for run, line in runs.items()}, manifest)
    best = min(metrics, key=lambda run: float(metrics[run]["test_sse"]))
    errors = read_result(paths.distribution(name, best), best, "evaluate")
    answer = read_json(paths.plots(name) / "answer.json", f"python src/curve.py {name}")
    kept = [read_result(paths.first_latents(name, run), run, "evaluate") for run, line in runs.items() if line.nested]
    pairs = near_duplicate_pairs(splits, load_retrieval_options().threshold(name))
    table = manifest.made_from.get(f"prepare.{name}.labels")
    told = chain(
        advice.how_sure(manifest.counts),
        advice.quality(answer, [*metrics.values()], manifest),
        advice.knee(answer),
        advice.against_pca([*metrics.values()], [*chain(*kept)], manifest.counts["train"], answer),
        advice.hardest(best, [row for row in errors if row["kind"] == "shown"], about["names"]),
        advice.duplicates(pairs, about["names"], options.examples, str(paths.duplicates(name))),
        advice.classes([row for row in errors if row["kind"] == "group"], count_labels(splits, manifest), table),
        advice.files(about, manifest),
        advice.brightness(splits.values()),
    )
    write_json(paths.advice(name), list(told))
    write_json(paths.duplicates(name), [pair.named(about["names"]) for pair in pairs])


if __name__ == "__main__":
    run_stage(main, "a data set: a key of `advise` in params.yaml")
