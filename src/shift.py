"""What MSE cannot see, on one data set's first images -> plots/<dataset>/shift.json and .png."""

from autoencoder import cli, paths
from autoencoder.figures import pictures, style
from autoencoder.files import write_json
from autoencoder.perturbations import compare, first_images, squared_errors
from autoencoder.pixels import to_range
from autoencoder.prepared import read_manifest


def main(name: str) -> None:
    manifest = read_manifest(name)
    images = to_range(first_images(name), manifest.value_range)
    errors = squared_errors(images)
    write_json(paths.plots(name) / "shift.json", errors)
    title = f"{name}: a pixel of shift, or half of it gone?\nsquared error of the picture below each"
    figure = pictures.image_rows(compare(images, errors, manifest.value_range), title, manifest.sample)
    style.save(figure, paths.plots(name) / "shift.png")


if __name__ == "__main__":
    cli.stage(main, "a data set: a key of `prepare` in params.yaml")
