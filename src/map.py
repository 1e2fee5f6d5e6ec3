"""Maps of one run's test latents, PCA and t-SNE -> plots/<run>/map.json and .png."""

from autoencoder.config.runs import load_run
from autoencoder.drawing import style
from autoencoder.stages.map import figure as figures
from autoencoder.stages.map.maps import colourings, draw_maps
from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.storage.latents import read_latents
from autoencoder.storage.prepared import read_manifest
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    run = load_run(name)
    manifest = read_manifest(run.dataset)
    test = read_latents(name, "test")
    shown = colourings(test.labels, manifest.labels)
    maps, measured = draw_maps(test.latents, shown)
    write_json(paths.plots(name) / "map.json", measured)
    title = f"{name}: {len(test.latents):,} test images, {run.latent_dim} numbers each, on a plane"
    style.save(figures.label_maps(maps, shown, title, manifest.sample), paths.plots(name) / "map.png")


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
