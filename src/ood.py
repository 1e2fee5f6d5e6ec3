"""One run on pictures unlike its data set's -> metrics/<dataset>/ood/<run>.json."""

from autoencoder.inference.patterns import make_patterns, reconstruct_patterns
from autoencoder.inference.trained_run import load_trained
from autoencoder.measures.rounding import significant
from autoencoder.storage import paths
from autoencoder.storage.results import write_result
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    trained = load_trained(name)
    errors = reconstruct_patterns(trained, make_patterns(trained.manifest.image_shape)).mean_mse()
    rounded = {key: significant(mse) for key, mse in errors.items()}
    write_result(paths.metrics(trained.run.dataset, f"ood/{name}"), rounded, trained.weights_sha256)


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
