"""Pictures made by hand: against the tutorial's own code, and through a network."""

from pathlib import Path

import pytest
import torch

from autoencoder.inference.patterns import make_patterns, reconstruct_patterns
from autoencoder.inference.trained_run import load_trained
from autoencoder.stages.curve.shifted_and_masked import (
    first_source_images,
    mask_upper_half,
    perturbation_rows,
    shift_by_one,
    squared_errors,
)
from tests.conftest import write_initial_weights


def pictures() -> torch.Tensor:
    return torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_shift_and_mask_are_those_of_the_tutorial() -> None:
    image = pictures()[0]
    mean = image.mean(dim=[1, 2], keepdims=True)  # type: ignore[call-overload]
    shifted = torch.roll(torch.roll(image, shifts=1, dims=1), shifts=1, dims=2)
    shifted[:, :1, :] = mean
    shifted[:, :, :1] = mean
    masked = image.clone()
    masked[:, : masked.shape[1] // 2, :] = mean
    before = image.clone()
    assert torch.equal(shift_by_one(image), shifted)
    assert torch.equal(mask_upper_half(image), masked)
    assert torch.equal(image, before)


def test_squared_errors_are_summed_over_each_picture() -> None:
    images = pictures()
    errors = squared_errors(images)
    assert set(errors) == {f"image_{n}_{name}_sse" for n in (0, 1) for name in ("shifted", "masked")}
    expected = torch.nn.functional.mse_loss(mask_upper_half(images[1]), images[1], reduction="sum").item()
    assert errors["image_1_masked_sse"] == pytest.approx(expected, abs=0.01)
    rows = perturbation_rows(images, errors, (-1.0, 1.0))
    assert [row.label for row in rows] == ["original", "shifted", "masked"]
    assert rows[2].captions[1] == f"{expected:.2f}"


def test_the_first_images_are_the_sources_wherever_the_split_put_them(small_photos: Path) -> None:
    from autoencoder.storage.prepared import Split, read_manifest, read_split, write_prepared

    splits = {name: read_split("photos", name) for name in ("train", "val", "test")}
    train, val = splits["train"], splits["val"]
    splits["train"] = Split(train.images, train.index + 1, train.labels)  # number 0 is in val, number 1 first in train
    write_prepared(Path("data/prepared/photos"), splits, read_manifest("photos"))
    images = first_source_images("photos")
    assert images.dtype == torch.uint8
    assert torch.equal(images[0], torch.from_numpy(val.images[0]))
    assert torch.equal(images[1], torch.from_numpy(train.images[0]))


def test_patterns_are_those_of_the_tutorial() -> None:
    patterns = make_patterns((3, 32, 32))
    plain = torch.zeros(4, 3, 32, 32)
    plain[1, 0] = 1
    plain[2, :, :16, :16] = 1
    plain[2, :, 16:, 16:] = -1
    xx, yy = torch.meshgrid(torch.linspace(-1, 1, 32), torch.linspace(-1, 1, 32), indexing="ij")
    plain[3, 0], plain[3, 1] = xx, yy
    drawn = torch.cat([patterns[name] for name in ("grey", "single_channel", "checkerboard", "colours")])
    assert torch.equal(drawn, plain)
    noise = patterns["noise"]
    assert noise.shape == (2, 3, 32, 32)
    assert noise.min() >= -1
    assert noise.max() <= 1
    assert noise.mean().abs() < 0.05
    assert noise.var().item() == pytest.approx(1 / 3, abs=0.02)
    assert torch.equal(noise, make_patterns((3, 32, 32))["noise"])


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 24, 24)])
def test_patterns_fit_any_shape(shape: tuple[int, int, int]) -> None:
    assert all(images.shape[1:] == shape for images in make_patterns(shape).values())


def test_patterns_through_a_network_are_in_its_range(small_photos: Path) -> None:
    write_initial_weights("tiny-8")
    trained = load_trained("tiny-8")
    patterns = make_patterns((3, 32, 32))
    shown = reconstruct_patterns(trained, patterns)
    assert shown.names == ["noise", "noise", "grey", "single_channel", "checkerboard", "colours"]
    assert shown.originals.shape == shown.reconstructions.shape == (6, 3, 32, 32)
    errors = [(trained.model(images.double()) - images).square().mean().item() for images in patterns.values()]
    assert list(shown.mean_mse()) == [f"{name}_mse" for name in patterns]
    assert list(shown.mean_mse().values()) == pytest.approx(errors, rel=1e-9)
    unit = type(trained)(
        trained.run,
        type(trained.manifest)(**{**trained.manifest.__dict__, "value_range": (0.0, 1.0)}),
        trained.model,
        trained.device,
    )
    again = reconstruct_patterns(unit, patterns)
    assert again.originals == pytest.approx(shown.originals)  # the same pictures, in the other range
