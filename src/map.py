"""Maps of one run's test latents, PCA and t-SNE -> plots/<run>/map.json and map.npz."""

from autoencoder.config.runs import load_run
from autoencoder.measures.colourings import colourings
from autoencoder.stages.map.maps import compact, draw_maps
from autoencoder.storage import paths
from autoencoder.storage.arrays import write_arrays
from autoencoder.storage.latents import read_latents
from autoencoder.storage.prepared import read_manifest
from autoencoder.storage.results import write_result
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    test = read_latents(name, "test")
    maps, measured = draw_maps(test.latents, colourings(test.labels, read_manifest(load_run(name).dataset).labels))
    write_arrays(paths.map_points(name), {kind: compact(points) for kind, points in maps.items()})
    write_result(paths.plots(name) / "map.json", measured, test.weights_sha256)


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
