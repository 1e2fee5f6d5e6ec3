"""Draw one data set's curves over all its runs, and what the error cannot see -> plots/<dataset>/*.json and *.png.

Error, pictures unlike its own, and image search over latent dimension; loss over epochs; quality over bytes.
"""

from autoencoder.config.provenance import preparation_facts, training_facts
from autoencoder.config.published import load_published
from autoencoder.config.runs import load_runs
from autoencoder.drawing import style
from autoencoder.measures.pca import read_errors, read_quality
from autoencoder.stages.curve import figures, spread, tables
from autoencoder.stages.curve.answer import answer
from autoencoder.stages.curve.families import curve_names
from autoencoder.stages.curve.rate_distortion import rate_distortion
from autoencoder.stages.curve.rate_distortion_figure import draw_rate_distortion
from autoencoder.stages.curve.shifted_and_masked import write_shift
from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.storage.prepared import read_manifest
from autoencoder.storage.results import read_learning, read_metrics, read_result, write_curve
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    manifest = read_manifest(name, preparation_facts(name))
    runs = {run.name: run for run in load_runs().values() if run.dataset == name}
    metrics = read_metrics({run: training_facts(line) for run, line in runs.items()}, manifest)
    curves = curve_names(runs)
    weights = {run: row["weights_sha256"] for run, row in metrics.items()}
    kept = {run: read_result(paths.first_latents(run), run, "evaluate") for run in runs}
    write_json(paths.plots(name) / "answer.json", answer(kept, read_quality(manifest), curves))
    write_json(paths.plots(name) / "spread.json", spreads := spread.spread(runs, metrics, manifest.num_inputs))
    linear, published = read_errors(manifest), load_published(name)
    errors = tables.error_curve(kept, linear, curves, published, spreads, manifest.num_inputs)
    drawn = {
        "error-curve": (errors, figures.draw_error_curve),
        "out-of-distribution": (tables.out_of_distribution(metrics, curves), figures.draw_out_of_distribution),
        "retrieval": (tables.retrieval(runs, curves), figures.draw_retrieval),
        "rate-distortion": (rate_distortion(runs, manifest), draw_rate_distortion),
    }
    for curve, (records, draw) in drawn.items():
        write_curve(paths.plots(name) / f"{curve}.json", tables.with_sample(records, manifest.sample), weights)
        style.save(draw(records, manifest), paths.plots(name) / f"{curve}.png")
    style.save(figures.draw_learning_curves(read_learning(runs), manifest), paths.plots(name) / "learning-curves.png")
    write_shift(manifest)


if __name__ == "__main__":
    run_stage(main, "a data set: a key of `prepare` in params.yaml")
