"""Send one run's test images through bytes -> metrics/<dataset>/compress/<run>.json."""

from autoencoder.codecs.run_codec import fit_run
from autoencoder.inference.trained_run import load_trained
from autoencoder.stages.compress.rate_distortion import measure_run
from autoencoder.storage import paths
from autoencoder.storage.results import write_result
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    trained = load_trained(name)
    path = paths.metrics(trained.run.dataset, f"compress/{name}")
    write_result(path, measure_run(trained, fit_run(name)), trained.weights_sha256)


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
