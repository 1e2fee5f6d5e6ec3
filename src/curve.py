"""Draw one data set's curves over all its runs -> plots/<dataset>/*.json, and a figure of each.

Error, pictures unlike its own, and image search over the latent dimension; loss over epochs; quality over bytes.
"""

from autoencoder import cli, curves, paths
from autoencoder.figures import compression, lines, style
from autoencoder.files import write_json
from autoencoder.pca import read_errors
from autoencoder.prepared import read_manifest
from autoencoder.rates import rate_distortion
from autoencoder.runs import load_runs


def main(name: str) -> None:
    manifest = read_manifest(name)
    runs = {run.name: run for run in load_runs().values() if run.dataset == name}
    metrics = curves.read_metrics(runs)
    drawn = {
        "error-curve": (curves.error_curve(metrics, read_errors(name)), lines.error_curve),
        "out-of-distribution": (curves.out_of_distribution(metrics), lines.out_of_distribution),
        "learning-curves": (curves.read_learning(runs), lines.learning_curves),
        "retrieval": (curves.retrieval(runs), lines.retrieval),
        "rate-distortion": (rate_distortion(runs, name), compression.rate_distortion),
    }
    for curve, (records, draw) in drawn.items():
        write_json(paths.plots(name) / f"{curve}.json", curves.stamped(records, manifest.sample))
        style.save(draw(records, manifest), paths.plots(name) / f"{curve}.png")


if __name__ == "__main__":
    cli.stage(main, "a data set: a key of `prepare` in params.yaml")
