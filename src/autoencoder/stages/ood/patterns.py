"""Pictures unlike any in a data set: noise, and patterns drawn by hand. Source: CIFAR-10 tutorial."""

import torch
from torch import Tensor

from autoencoder.drawing.image_rows import ImageRow
from autoencoder.inference.trained_run import TrainedRun
from autoencoder.measures.rounding import significant
from autoencoder.models.base.autoencoder import ImageShape
from autoencoder.models.base.value_range import to_unit

NUM_NOISE = 2
NOISE_SEED = 0


def make_patterns(image_shape: ImageShape) -> dict[str, Tensor]:
    """Each pattern by its name, (n, channels, height, width) float in [-1, 1]; n is 1, and 2 for the noise.

    noise: uniform, seeded. grey: the middle of the range everywhere. single_channel: the first channel full, the
    others in the middle. checkerboard: upper left full, lower right empty, the rest in the middle. colours: the
    first channel rises downwards, the second to the right. For pictures of fewer channels the first ones count.
    """
    channels, height, width = image_shape
    noise = torch.rand(NUM_NOISE, *image_shape, generator=torch.Generator().manual_seed(NOISE_SEED)) * 2 - 1
    grey, single_channel, checkerboard, colours = torch.zeros(4, 1, *image_shape)
    single_channel[:, 0] = 1
    checkerboard[:, :, : height // 2, : width // 2] = 1
    checkerboard[:, :, height // 2 :, width // 2 :] = -1
    rising = torch.meshgrid(torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij")
    for channel, values in zip(range(channels), rising, strict=False):
        colours[:, channel] = values
    return {
        "noise": noise,
        "grey": grey,
        "single_channel": single_channel,
        "checkerboard": checkerboard,
        "colours": colours,
    }


@torch.inference_mode()
def reconstruct_patterns(trained: TrainedRun, patterns: dict[str, Tensor]) -> tuple[list[ImageRow], dict[str, float]]:
    """Rows of a figure (patterns over reconstructions), and the MSE of each pattern in the data set's value range.

    patterns: as `make_patterns` returns them; -1 and 1 become the low and the high end of the range.
    """
    low, high = trained.manifest.value_range
    originals = torch.cat(list(patterns.values())).to(trained.device) * (high - low) / 2 + (high + low) / 2
    reconstructions = trained.model(originals)
    each = (reconstructions - originals).square().flatten(1).mean(1).cpu()
    names = [name for name, images in patterns.items() for _ in images]
    errors = {f"{name}_mse": significant(each[[other == name for other in names]].mean().item()) for name in patterns}
    shown = [to_unit(images, (low, high)).cpu().numpy() for images in (originals, reconstructions)]
    captions = tuple(f"{mse:.2g}" for mse in each.tolist())
    titles = tuple(name.replace("_", " ") for name in names)
    return [ImageRow("original", shown[0], titles), ImageRow("reconstructed", shown[1], captions)], errors
