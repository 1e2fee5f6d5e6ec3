"""Make one run a codec -> data/codecs/<run>.npz; send its test images through bytes -> metrics/compress/<run>.json."""

from autoencoder.codecs.latent_codec import write_grids
from autoencoder.codecs.run_codec import fit_run
from autoencoder.inference.trained_run import load_trained
from autoencoder.stages.compress.rate_distortion import measure_run
from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    trained = load_trained(name)
    codec = fit_run(name)
    rows = measure_run(trained, codec)
    write_grids(codec, paths.codec(name))
    write_json(paths.metrics(f"compress/{name}"), rows)


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
