"""Maps of one run's test latents, PCA and t-SNE -> plots/<run>/map.json and map.npz."""

from autoencoder.config.provenance import preparation_facts, training_facts
from autoencoder.config.runs import load_run
from autoencoder.measures.colourings import colourings
from autoencoder.stages.map.maps import compact, draw_maps
from autoencoder.storage import paths
from autoencoder.storage.latents import read_latents
from autoencoder.storage.prepared import read_manifest
from autoencoder.storage.provenance import check_weights
from autoencoder.storage.results import write_result, write_result_arrays
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    run = load_run(name)
    manifest = read_manifest(run.dataset, preparation_facts(run.dataset))
    check_weights(paths.weights(name), f"train@{name}", training_facts(run), manifest)
    test = read_latents(name, "test")
    maps, measured = draw_maps(test.latents, colourings(test.labels, manifest.labels))
    compacted = {kind: compact(points) for kind, points in maps.items()}
    write_result_arrays(paths.map_points(name), compacted, test.weights_sha256)
    write_result(paths.plots(name) / "map.json", measured, test.weights_sha256)


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
