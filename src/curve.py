"""Draw one data set's curves over all its runs, and what the error cannot see -> plots/<dataset>/*.json and *.png.

Error, pictures unlike its own, and image search over latent dimension; loss over epochs; quality over bytes.
"""

from autoencoder.config.families import curve_names, families
from autoencoder.config.provenance import preparation_facts, training_facts
from autoencoder.config.published import load_published
from autoencoder.config.runs import load_runs
from autoencoder.measures.pca import read_errors, read_quality
from autoencoder.stages.curve import coloured, spread, tables
from autoencoder.stages.curve.answer import answer
from autoencoder.stages.curve.charts import write_charts
from autoencoder.stages.curve.rate_distortion import rate_distortion
from autoencoder.stages.curve.shifted_and_masked import write_shift
from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.storage.prepared import read_manifest
from autoencoder.storage.results import read_learning, read_metrics, read_result
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    manifest = read_manifest(name, preparation_facts(name))
    runs = {run.name: run for run in load_runs().values() if run.dataset == name}
    metrics = read_metrics({run: training_facts(line) for run, line in runs.items()}, manifest)
    curves = curve_names(runs)
    kept = {run: read_result(paths.first_latents(name, run), run, "evaluate") for run in runs}
    write_json(paths.plots(name) / "answer.json", answer(kept, read_quality(manifest), curves))
    write_json(paths.plots(name) / "spread.json", spreads := spread.spread(runs, metrics, manifest.num_inputs))
    linear, published = read_errors(manifest), load_published(name)
    errors = tables.error_curve(kept, linear, curves, published, spreads, manifest.num_inputs)
    kin = families(runs)
    charts = {
        "error-curve": coloured.error_curve(errors, kin),
        "out-of-distribution": coloured.out_of_distribution(tables.out_of_distribution(metrics, curves)),
        "retrieval": coloured.retrieval(tables.retrieval(runs, curves), kin),
        "rate-distortion": coloured.rate_distortion(rate_distortion(runs, manifest), kin),
        "learning-curves": coloured.learning_curves(read_learning(name, runs), kin),
    }
    write_charts(charts, manifest, {run: row["weights_sha256"] for run, row in metrics.items()})
    write_shift(manifest)


if __name__ == "__main__":
    run_stage(main, "a data set: a key of `prepare` in params.yaml")
