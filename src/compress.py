"""Make one run a codec -> data/codecs/<run>.npz; send its test images through bytes -> metrics/compress/<run>.json."""

from autoencoder import cli, paths
from autoencoder.codec import write_grids
from autoencoder.compression import fit_run, grids_path, measure_run
from autoencoder.files import write_json
from autoencoder.inference import load_trained


def main(name: str) -> None:
    trained = load_trained(name)
    codec = fit_run(name)
    rows = measure_run(trained, codec)
    write_grids(codec, grids_path(name))
    write_json(paths.metrics(f"compress/{name}"), rows)


if __name__ == "__main__":
    cli.stage(main, "a run of params.yaml")
