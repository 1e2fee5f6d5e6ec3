"""What a study of one's own pictures is made with where nobody says: chosen from what is in the folder, and told."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from autoencoder.config.recipes import MAX_EPOCHS as MOST_EPOCHS
from autoencoder.data.names import readable
from autoencoder.models.picture_cnn import DIVISOR, MAX_SIDE
from autoencoder.tools.folder_survey import Survey
from autoencoder.ui.errors import UserError

DIMS = (16, 64, 256)
LARGEST_CHOSEN = 64  # pixels a side: four times the work of 32, and faces and places are recognised
SQUARE = 1.15  # sides that differ by no more are made a square
STEPS = 3000  # gradient steps: with fewer, few images are not learnt
MIN_EPOCHS, MAX_EPOCHS = 20, 400
# Up to so many training images, the batch: small ones, so that few images give many steps an epoch.
BATCH_SIZES = ((500, 16), (5_000, 32), (20_000, 64))
LARGEST_BATCH = 128
# Up to so many training images, how far they are moved in training, pixels: few are soon learnt by heart otherwise.
SHIFTS = ((5_000, 6), (20_000, 3))
LEAST_SHIFT = 1
SHIFTED_PART = 5  # by no more than a fifth of a side
SMALLEST_BATCH = 2  # a nested network learns from parts of a batch
SMALLEST_EPOCH = 4  # batches, however few images there are
TEST_FRACTION, VAL_FRACTION = 0.25, 0.1
VALUE_RANGE = (-1.0, 1.0)
MODEL, RECIPE = "picture_cnn", "own"
SMALLEST_NESTED = 4  # latents: below, every single dimension is soon trained
NEAR_DUPLICATE = 0.95  # a correlation: objects on one ground, each in the middle, often reach 0.9
NUM_TOLD = 5  # pictures named in a piece of advice


@dataclass(frozen=True)
class Choice:
    """height, width: pixels. channels: 3, or 1 for grey."""

    height: int
    width: int
    channels: int
    is_own_size: bool  # chosen, not asked for
    num_train: int
    batch_size: int
    epochs: int
    are_own_epochs: bool = True

    @property
    def num_inputs(self) -> int:
        """Numbers in one image."""
        return self.channels * self.height * self.width

    @property
    def shift_pixels(self) -> int:
        """How far images are moved in training."""
        most = next((shift for most, shift in SHIFTS if self.num_train <= most), LEAST_SHIFT)
        return max(LEAST_SHIFT, min(most, min(self.height, self.width) // SHIFTED_PART))


class Training(NamedTuple):
    """How so many pictures are trained on."""

    num_train: int
    batch_size: int
    epochs: int


def training_of(num_images: int) -> Training:
    """Batches and epochs for a folder of so many pictures."""
    num_rest = num_images - round(num_images * TEST_FRACTION)
    num_train = num_rest - round(num_rest * VAL_FRACTION)
    batch_size = next((batch for most, batch in BATCH_SIZES if num_train <= most), LARGEST_BATCH)
    batch_size = min(batch_size, max(SMALLEST_BATCH, num_train // SMALLEST_EPOCH))
    enough = math.ceil(STEPS / (num_train // batch_size))
    return Training(num_train, batch_size, min(MAX_EPOCHS, max(MIN_EPOCHS, enough)))


def choose(found: Survey, size: str | None = None, epochs: int | None = None) -> Choice:
    """The sizes of images, batches and training for a folder. size: `64` or `64x96` (height x width), where it is asked
    for. Raises UserError where it cannot be had.
    """
    height, width = parse_size(size) if size else fitting_size(found.width, found.height)
    training = training_of(found.num_images)
    return Choice(
        height,
        width,
        1 if found.is_grey else 3,
        not size,
        training.num_train,
        training.batch_size,
        epochs or training.epochs,
        not epochs,
    )


def fitting_size(width: int, height: int) -> tuple[int, int]:
    """Height and width for pictures of about these sides: no larger than they are, sides that divide by 8, the longer
    one at most 64; a square where theirs hardly differ.
    """
    if max(width, height) <= SQUARE * min(width, height):
        width = height = min(width, height)
    scale = min(1.0, LARGEST_CHOSEN / max(width, height))
    above, across = (max(DIVISOR, int(side * scale) // DIVISOR * DIVISOR) for side in (height, width))
    return above, across


def parse_size(size: str) -> tuple[int, int]:
    """`64` or `64x96` as height and width. Raises UserError where it is neither, or no sides that a network takes."""
    try:
        sides = [int(side) for side in size.lower().split("x")]
    except ValueError:
        sides = []
    if len(sides) not in (1, 2) or not all(DIVISOR <= side <= MAX_SIDE and side % DIVISOR == 0 for side in sides):
        raise UserError(
            f"SIZE={size}: must be a side or height x width (SIZE=64, SIZE=64x96), each divided by {DIVISOR}, "
            f"at most {MAX_SIDE}"
        )
    return sides[0], sides[-1]


def parse_epochs(epochs: str) -> int | None:
    """A number of epochs, None where none is given. Raises UserError for what is none."""
    if not epochs:
        return None
    try:
        number = int(epochs)
    except ValueError:
        number = 0
    if not 1 <= number <= MOST_EPOCHS:
        raise UserError(f"EPOCHS={epochs}: must be a number from 1 to {MOST_EPOCHS:,} (EPOCHS=100)")
    return number


def parse_dims(dims: str, num_inputs: int) -> list[int]:
    """`16,64` as latent dimensions, rising. Raises UserError for what is none."""
    try:
        found = sorted({int(dim) for dim in dims.split(",")})
    except ValueError:
        found = []
    if not found or found[0] < 1 or found[-1] > num_inputs:
        raise UserError(f"DIMS={dims}: must be numbers from 1 to {num_inputs:,}, those of an image (DIMS=16,64,256)")
    return found


def default_dims(num_inputs: int) -> list[int]:
    """Those that leave something out of an image of so many numbers."""
    return [dim for dim in DIMS if dim < num_inputs]


def tell(found: Survey, choice: Choice, dims: Sequence[int]) -> str:
    """What was chosen, and why, in one line."""
    reason = f"at most {LARGEST_CHOSEN} a side, which divides by {DIVISOR}" if choice.is_own_size else "as asked for"
    colours = "grey" if choice.channels == 1 else "in colour"
    why = "none of those looked at has a colour" if choice.channels == 1 else "as they are"
    steps = choice.epochs * (choice.num_train // choice.batch_size)
    asked = "" if choice.are_own_epochs else " (as asked for)"
    moved = f"; half of the batches moved by up to {choice.shift_pixels} pixels, lest few pictures be learnt by heart"
    moved = moved if choice.shift_pixels > LEAST_SHIFT else ""
    few = f", fewer than the {STEPS:,} that a network needs" if steps < STEPS else ""
    return (
        f"{found.num_images:,} pictures, about {found.height} x {found.width} (height x width): taken as "
        f"{choice.height} x {choice.width} ({reason}), {colours} ({why}); "
        f"{choice.num_train:,} to train on, so batches of {choice.batch_size} and "
        f"{choice.epochs} epochs{asked}, {steps:,} gradient steps{few}{moved}; {MODEL} without a last activation, so "
        f"values in [{VALUE_RANGE[0]:g}, {VALUE_RANGE[1]:g}]; labels: {tell_labels(found.labels)}; "
        f"{listed(dims)} numbers a picture, PCA beside"
    )


def tell_labels(labels: str | None) -> str:
    """Where labels come from."""
    return readable(labels) if labels else "the sub-folders, if any"


def make_params(name: str, source: str, choice: Choice, dims: Sequence[int], labels: str | None) -> dict[str, Any]:
    """The params.yaml of a study of the pictures in the folder `source`."""
    return {
        "runs": runs(name, dims),
        "device": "auto",
        "tensorboard": {"reconstructions_every": 10},
        "prepare": {
            name: {
                "kind": "image_folder",
                "source": source,
                "image_size": [choice.height, choice.width],
                "channels": choice.channels,
                **({"labels": labels} if labels else {}),
                "value_range": [*VALUE_RANGE],
                "split_seed": 42,
                "test_fraction": TEST_FRACTION,
                "val_fraction": VAL_FRACTION,
            }
        },
        "models": {MODEL: {"base_channels": 32, "final_activation": "none"}},
        "train": {RECIPE: _recipe(choice)},
        "seeds": {},
        "plot": {"columns": 5, "rows": 2},
        "retrieve": {"neighbors": 8, "near_duplicate": NEAR_DUPLICATE},
        "advise": {name: {"examples": NUM_TOLD}},
        "report": {"study": {"title": f"How many numbers does a picture of {name} need?"}},
        "explore": {"study": {"title": f"{name}: an explorer", "num_images": 1000}},
        "diagram": {"hourglass": {"layers": [8, 4, 2, 4, 8]}},
        "published": {},
    }


def runs(name: str, dims: Sequence[int]) -> dict[str, dict[str, Any]]:
    """A run for each latent dimension, and a nested one of the largest, which tells of every smaller number."""
    lines = {f"{name}-{dim}": run(name, dim) for dim in dims}
    if dims[-1] >= SMALLEST_NESTED:
        lines[f"{name}-nested"] = nested_run(name, dims[-1])
    return lines


def nested_run(name: str, latent_dim: int) -> dict[str, Any]:
    """The section of a nested run."""
    return {**run(name, latent_dim), "nested": True}


def run(name: str, latent_dim: int) -> dict[str, Any]:
    """The section of a run in params.yaml."""
    return {"dataset": name, "model": MODEL, "latent_dim": latent_dim, "recipe": RECIPE, "seed": 42}


def _recipe(choice: Choice) -> dict[str, Any]:
    return {
        "epochs": choice.epochs,
        "batch_size": choice.batch_size,
        "drop_last": True,
        "horizontal_flips": False,  # pictures may have letters in them
        "shift_pixels": choice.shift_pixels,
        "optimizer": "muon",
        "learning_rate": 0.02,
        "momentum": 0.95,
        "linear_every": 2,
        "weight_decay": 0.02,
        "bias_learning_rate": 3.0e-3,
        "schedule": "linear",
        "warmup_fraction": 0.05,
        "precision": "auto",
        "channels_last": True,
        "threads": 1,
    }


def listed(dims: Sequence[int]) -> str:
    """`16`, `16 and 64`, `4, 16 and 64`."""
    *first, last = map(str, dims)
    return f"{', '.join(first)} and {last}" if first else last
