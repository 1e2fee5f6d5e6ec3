"""What mean squared error cannot see: a picture moved by one pixel, and a picture with half of it gone.

Source: CIFAR-10 tutorial, `compare_imgs`. To the eye the first is almost the original and the second is not; the
squared error says the opposite for many a picture.
"""

import numpy as np
import torch
from torch import Tensor

from autoencoder.drawing import style
from autoencoder.drawing.image_rows import ImageRow, image_rows
from autoencoder.drawing.style import value_range as value_range_text
from autoencoder.models.base.value_range import ValueRange, to_range, to_unit
from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.storage.prepared import Manifest, read_split

NUM_IMAGES = 2
SPLITS = ("train", "val")  # where this project has the training images of the source


def first_source_images(dataset: str) -> Tensor:
    """The first two images of the data set's source, (2, channels, height, width) uint8, as the tutorial takes them.

    They are training images of the source; this project's split may have put them into its validation set.
    """
    splits = [read_split(dataset, name) for name in SPLITS]
    images = np.concatenate([split.images for split in splits])
    order = np.argsort(np.concatenate([split.index for split in splits]), kind="stable")
    return torch.from_numpy(images[order[:NUM_IMAGES]])


def shift_by_one(image: Tensor) -> Tensor:
    """The picture moved one pixel down and one to the right; the free row and column get each channel's mean.

    image: (channels, height, width) float in any range -> the same.
    """
    mean = image.mean(dim=(1, 2), keepdim=True)
    moved = image.roll(shifts=(1, 1), dims=(1, 2))
    moved[:, :1, :] = mean
    moved[:, :, :1] = mean
    return moved


def mask_upper_half(image: Tensor) -> Tensor:
    """The picture with its upper half replaced by each channel's mean. image: (channels, height, width) -> the same."""
    masked = image.clone()
    masked[:, : image.shape[1] // 2, :] = image.mean(dim=(1, 2), keepdim=True)
    return masked


PERTURBATIONS = {"shifted": shift_by_one, "masked": mask_upper_half}


def squared_errors(images: Tensor) -> dict[str, float]:
    """The squared error, summed over the picture, of each perturbation of each image, flat: image_0_shifted_sse, ..."""
    return {
        f"image_{number}_{name}_sse": round((perturb(image) - image).square().sum().item(), 2)
        for number, image in enumerate(images)
        for name, perturb in PERTURBATIONS.items()
    }


def compare_imgs(dataset: str, value_range: ValueRange) -> tuple[list[ImageRow], dict[str, float]]:
    """The rows of the figure for a data set's first two images, and their squared errors (the tutorial's function)."""
    images = to_range(first_source_images(dataset), value_range)
    errors = squared_errors(images)
    return perturbation_rows(images, errors, value_range), errors


def shown_from(manifest: Manifest) -> dict[str, str]:
    """What decides the pictures and their errors, by its names in dataset.json: what shift.json has it under, too."""
    hashes = {f"{split}_sha256": manifest.sha256[f"{split}.npz"] for split in SPLITS}
    return {"value_range": value_range_text(manifest), **hashes}


def perturbation_rows(images: Tensor, errors: dict[str, float], value_range: ValueRange) -> list[ImageRow]:
    """Rows of a figure: the originals, and each perturbation of them with its error (from `squared_errors`)."""
    rows = [ImageRow("original", to_unit(images, value_range).numpy())]
    for name, perturb in PERTURBATIONS.items():
        perturbed = torch.stack([perturb(image) for image in images])
        captions = tuple(f"{errors[f'image_{number}_{name}_sse']:.2f}" for number in range(len(images)))
        rows.append(ImageRow(name, to_unit(perturbed, value_range).numpy(), captions))
    return rows


def write_shift(manifest: Manifest) -> None:
    """The comparison as a picture, and its errors with what they were made from: plots/<dataset>/shift.{png,json}."""
    name = manifest.name
    rows, errors = compare_imgs(name, manifest.value_range)
    title = f"{name}: a pixel of shift, or half of it gone?\nsquared error of the picture below each"
    write_json(paths.plots(name) / "shift.json", {**errors, **shown_from(manifest)})
    style.save(image_rows(rows, title, manifest.sample), paths.plots(name) / "shift.png")
