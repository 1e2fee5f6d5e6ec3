"""Draw one data set's curves over all its runs: error over latent dimension, and learning curves."""

from autoencoder import cli, curves, paths
from autoencoder.figures import lines, style
from autoencoder.files import write_json
from autoencoder.pca import read_errors
from autoencoder.prepared import read_manifest
from autoencoder.runs import load_runs


def main(name: str) -> None:
    manifest = read_manifest(name)
    runs = {run.name: run for run in load_runs().values() if run.dataset == name}
    folder = paths.plots(name)
    metrics = curves.read_metrics(runs)
    errors = curves.error_curve(metrics, read_errors(name))
    write_json(folder / "error-curve.json", curves.stamped(errors, manifest.sample))
    style.save(lines.error_curve(errors, manifest), folder / "error-curve.png")
    unlike = curves.out_of_distribution(metrics)
    write_json(folder / "out-of-distribution.json", curves.stamped(unlike, manifest.sample))
    style.save(lines.out_of_distribution(unlike, manifest), folder / "out-of-distribution.png")
    learning = curves.read_learning(runs)
    write_json(folder / "learning-curves.json", curves.stamped(learning, manifest.sample))
    style.save(lines.learning_curves(learning, manifest), folder / "learning-curves.png")


if __name__ == "__main__":
    cli.stage(main, "a data set: a key of `prepare` in params.yaml")
