"""The networks, the two tutorials' and ours: their exact sizes and shapes, and what they refuse."""

import os
import platform
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from autoencoder import models
from autoencoder.measures.multiply_adds import count_multiply_adds
from autoencoder.models.base.autoencoder import Autoencoder
from autoencoder.models.base.build import build_model
from autoencoder.models.base.device import device_name, make_deterministic, resolve_device, resolve_precision
from autoencoder.models.cifar10_feedback import Decoder, FeedbackEncoder
from autoencoder.models.picture_cnn import halved_sides
from autoencoder.ui.errors import UserError

CIFAR = {"base_channels": 32, "activation": "gelu", "final_activation": "none"}
SIGNED, UNIT = (-1.0, 1.0), (0.0, 1.0)


def cifar(latent_dim: int, side: int = 32, channels: int = 3, seed: int = 0, **options: object) -> Autoencoder:
    return build_model("cifar10_cnn", {**CIFAR, **options}, (channels, side, side), SIGNED, latent_dim, seed)


def punks(latent_dim: int = 108, side: int = 24, **options: object) -> Autoencoder:
    return build_model("punks_cnn", {"final_activation": "sigmoid", **options}, (3, side, side), UNIT, latent_dim, 0)


def dense(latent_dim: int, **options: object) -> Autoencoder:
    section = {"hidden_units": 16, "final_activation": "none", **options}
    return build_model("dense", section, (3, 6, 5), UNIT, latent_dim, 0)


def feedback(latent_dim: int, side: int = 16, **options: object) -> Autoencoder:
    section = {"base_channels": 6, "glance_channels": 4, "final_activation": "none", **options}
    return build_model("cifar10_feedback", section, (3, side, side), SIGNED, latent_dim, 0)


def picture(latent_dim: int, height: int, width: int, channels: int = 3, base_channels: int = 4) -> Autoencoder:
    section = {"base_channels": base_channels, "final_activation": "none"}
    return build_model("picture_cnn", section, (channels, height, width), SIGNED, latent_dim, 0)


# An example of every network; a new one is to be added here.
NETWORKS = {
    "cifar10_cnn": (cifar(5), (3, 32, 32)),
    "cifar10_feedback": (feedback(5), (3, 16, 16)),
    "punks_cnn": (punks(), (3, 24, 24)),
    "dense": (dense(7), (3, 6, 5)),
    "picture_cnn": (picture(5, 24, 40, channels=1), (1, 24, 40)),
}


def test_every_network_has_an_example() -> None:
    assert NETWORKS.keys() == {path.stem for folder in models.__path__ for path in Path(folder).glob("[!_]*.py")}


@pytest.mark.parametrize("name", NETWORKS)
def test_what_every_network_promises(name: str) -> None:
    """Latents of its dimension, images of their shape, each image on its own, and weights that all learn."""
    model, image_shape = NETWORKS[name]
    images = torch.rand(3, *image_shape, generator=torch.Generator().manual_seed(0))
    latents = model.encoder(images)
    assert latents.shape == (3, model.latent_dim)
    assert model.decoder(latents).shape == images.shape
    assert torch.equal(model(images), model.decoder(latents))
    assert torch.allclose(model(images)[1:2], model(images[1:2]), atol=1e-6)
    model(images).sum().backward()
    assert all(parameter.grad is not None for parameter in model.parameters())


@pytest.mark.parametrize("latent_dim", [1, 64, 128, 256, 384])
def test_cifar10_cnn_has_the_tutorials_parameters(latent_dim: int) -> None:
    assert cifar(latent_dim).num_parameters == 159_779 + 2_049 * latent_dim


def test_punks_cnn_has_the_tutorials_parameters() -> None:
    assert punks().num_parameters == 5_517


@pytest.mark.parametrize(("side", "channels"), [(8, 3), (24, 1), (32, 3), (64, 3)])
def test_cifar10_cnn_takes_any_square_that_divides_by_eight(side: int, channels: int) -> None:
    model = cifar(5, side, channels, base_channels=4)
    images = torch.zeros(2, channels, side, side)
    assert model.encoder(images).shape == (2, 5)
    assert model(images).shape == images.shape


def test_punks_cnn_shapes() -> None:
    model = punks()
    images = torch.rand(2, 3, 24, 24)
    assert model.encoder(images).shape == (2, 108)
    assert model(images).shape == images.shape
    assert model(images).min() > 0
    assert model(images).max() < 1


def test_final_activation_is_applied() -> None:
    model = cifar(4, final_activation="tanh")
    assert model.decoder(100 * torch.ones(1, 4)).abs().max() <= 1


def test_punks_cnn_starts_at_the_brightness_asked_for() -> None:
    """Mid-grey as PyTorch has it, which ends in black for many a seed; with the option, at the pixels' mean."""
    images = torch.zeros(2, 3, 24, 24)
    assert punks()(images).mean().item() == pytest.approx(0.5, abs=0.1)
    assert punks(initial_output=0.11)(images).mean().item() == pytest.approx(0.11, abs=0.03)
    for name in ("none", "tanh"):
        assert punks(initial_output=0.11, final_activation=name)(images).mean().item() == pytest.approx(0.11, abs=0.1)
    # nothing else is drawn otherwise
    plain, bright = punks().state_dict(), punks(initial_output=0.11).state_dict()
    assert [key for key in plain if not torch.equal(plain[key], bright[key])] == ["decoder.3.bias"]


def test_dense_is_linear_at_the_start_and_takes_any_size() -> None:
    model = dense(2)
    images = torch.rand(4, 3, 6, 5)
    assert model.encoder(images).shape == (4, 2)
    assert model(images).shape == images.shape
    with torch.no_grad():
        middle = model((images[:1] + images[1:2]) / 2)
        assert torch.allclose(middle, (model(images[:1]) + model(images[1:2])) / 2, atol=1e-6)
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
        middle = model((images[:1] + images[1:2]) / 2)
        assert not torch.allclose(middle, (model(images[:1]) + model(images[1:2])) / 2, atol=1e-3)


def test_the_correction_with_the_decoders_own_weights_is_a_step_down_the_gradient() -> None:
    """By autograd: half the squared error, with respect to the code of the first glance."""
    model = feedback(5).double()
    encoder, decoder = model.encoder, model.decoder
    assert isinstance(encoder, FeedbackEncoder)
    assert isinstance(decoder, Decoder)
    images = torch.rand(3, 3, 16, 16, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 2 - 1
    assert torch.equal(encoder(images), encoder.glance(images))  # at first nothing is mended
    with torch.no_grad():
        for own, theirs in zip(encoder.correction.convolutions, reversed([*decoder.convolutions]), strict=True):
            assert isinstance(own, nn.Conv2d)
            assert isinstance(own.bias, Tensor)
            own.weight.copy_(theirs.weight)
            own.bias.zero_()
        encoder.correction.linear.weight.copy_(decoder.linear.weight.T)
    code = encoder.glance(images).detach().requires_grad_()
    (0.5 * (images - decoder(code)).square().sum()).backward()
    assert code.grad is not None
    assert torch.allclose(encoder(images), code - code.grad, rtol=1e-10, atol=1e-12)


def test_the_feedback_network_costs_less_than_twice_the_tutorials() -> None:
    sizes = {"base_channels": 32, "glance_channels": 16}
    for latent_dim in (64, 128, 256, 384):
        ours = count_multiply_adds(feedback(latent_dim, side=32, **sizes), (3, 32, 32))
        assert ours < 2 * count_multiply_adds(cifar(latent_dim), (3, 32, 32))


@pytest.mark.parametrize(
    ("build", "part"),
    [
        (lambda: punks(initial_output=1.0), "models.punks_cnn.initial_output: input should be less than 1"),
        (lambda: dense(3, hidden_units=0), "models.dense.hidden_units"),
        (lambda: cifar(8, side=36), "side divides by 8, these are 36 x 36"),
        (lambda: feedback(8, side=36), "side divides by 8, these are 36 x 36"),
        (lambda: punks(64), "fixed latent_dim of 108"),
        (lambda: punks(108, side=26), "24 x 24, these are 26 x 26"),
        (lambda: punks(108, side=8), "24 x 24, these are 8 x 8"),
        (lambda: cifar(8, final_activation="sigmoid"), r"sigmoid reaches \[0, 1\] only, the images lie in \[-1, 1\]"),
        (lambda: cifar(8, final_activation="softmax"), "models.cifar10_cnn.final_activation"),
        (lambda: cifar(8, width=3), "unknown key 'width'"),
        (
            lambda: build_model("vae", {}, (3, 32, 32), SIGNED, 8, 0),
            "no network 'vae'; there is: cifar10_cnn, cifar10_feedback, dense, picture_cnn, punks",
        ),
    ],
)
def test_what_a_network_cannot_have_is_refused(build, part: str) -> None:
    with pytest.raises(UserError, match=part):
        build()


def test_initial_weights_follow_the_seed_alone() -> None:
    first, again, other = cifar(4, seed=1), cifar(4, seed=1), cifar(4, seed=2)
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), again.parameters(), strict=True))
    assert not torch.equal(next(first.parameters()), next(other.parameters()))


def test_building_leaves_the_callers_random_numbers_alone() -> None:
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    cifar(4, seed=99)
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize(
    ("capabilities", "processor", "name"),
    [({"cpu_name": "Chip 9"}, "x86", "Chip 9"), ({}, "x86", "x86"), ({"cpu_name": ""}, "", "machine")],
)
def test_a_processor_is_named_as_well_as_can_be(
    capabilities: dict, processor: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    monkeypatch.setattr(platform, "processor", lambda: processor)
    monkeypatch.setattr(platform, "machine", lambda: "machine")
    assert device_name(torch.device("cpu")) == f"{name}, {torch.get_num_threads()} threads"
    assert device_name(torch.device("mps")) == "mps (machine)"


def test_a_graphics_card_is_named_by_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: f"card of {device}")
    assert device_name(torch.device("cuda:1")) == "card of cuda:1"


@pytest.mark.parametrize(("cuda", "mps", "first"), [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")])
def test_auto_is_the_first_there_is(cuda: bool, mps: bool, first: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    monkeypatch.setattr(torch, "empty", lambda *size, device: tried.append((size, device)))
    assert resolve_device("auto") == torch.device(first)
    assert tried == [((1,), torch.device(first))]  # that it answers is seen, not believed
    assert resolve_device("cpu") == torch.device("cpu")


@pytest.mark.parametrize(
    ("device", "there", "precision"),
    [
        ("cpu", {"avx512_bf16": True, "cpu_name": "AMD EPYC"}, "bf16"),
        ("cpu", {"avx512_bf16": True, "cpu_name": "Intel Xeon"}, "fp32"),
        ("cpu", {"avx512_bf16": True}, "fp32"),
        ("cpu", {"avx512_bf16": False, "cpu_name": "AMD EPYC"}, "fp32"),
        ("cpu", {"amx_bf16": True}, "bf16"),
        ("cpu", {"bf16": True}, "bf16"),
        ("cpu", {"avx2": True, "bf16": False}, "fp32"),
        ("mps", {"bf16": True}, "fp32"),
    ],
)
def test_bf16_is_for_what_multiplies_it(
    device: str, there: dict, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: there)
    assert resolve_precision("auto", torch.device(device)) == precision
    for said in ("fp32", "bf16"):
        assert resolve_precision(said, torch.device(device)) == said


@pytest.mark.parametrize(("supported", "precision"), [(True, "bf16"), (False, "fp32")])
def test_a_card_that_only_emulates_bf16_gets_fp32(
    supported: bool, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_supported(including_emulation: bool = True) -> bool:
        return including_emulation or supported

    monkeypatch.setattr(torch.cuda, "is_bf16_supported", is_supported)
    assert resolve_precision("auto", torch.device("cuda")) == precision


def test_every_library_is_asked_to_repeat_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG", raising=False)
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.benchmark = True
    torch.utils.deterministic.fill_uninitialized_memory = True  # type: ignore[attr-defined]
    torch.use_deterministic_algorithms(False)
    make_deterministic()
    assert torch.are_deterministic_algorithms_enabled()
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"
    assert not torch.backends.cudnn.benchmark
    assert not torch.backends.cudnn.allow_tf32
    assert not torch.backends.cuda.matmul.allow_tf32
    assert not torch.utils.deterministic.fill_uninitialized_memory  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("height", "width", "smallest"),
    [(8, 8, (1, 1)), (32, 32, (4, 4)), (64, 48, (8, 6)), (128, 64, (8, 4)), (72, 136, (3, 5)), (256, 256, (8, 8))],
)
def test_picture_cnn_is_deeper_for_larger_pictures(height: int, width: int, smallest: tuple[int, int]) -> None:
    model = picture(3, height, width, base_channels=2)
    assert model(torch.zeros(2, 3, height, width)).shape == (2, 3, height, width)
    assert halved_sides(height, width)[-1] == smallest
    linear = next(layer for layer in model.encoder.modules() if isinstance(layer, nn.Linear))
    assert linear.in_features == 4 * smallest[0] * smallest[1]


def test_picture_cnn_at_32_is_the_tutorials_network() -> None:
    ours, theirs = (model.state_dict() for model in (picture(7, 32, 32, base_channels=32), cifar(7)))
    assert [*ours] == [*theirs]
    assert all(torch.equal(ours[key], theirs[key]) for key in ours)


@pytest.mark.parametrize(("height", "width"), [(12, 16), (16, 12), (264, 64), (4, 4)])
def test_picture_cnn_refuses_other_sides(height: int, width: int) -> None:
    with pytest.raises(UserError, match=f"sides that divide by 8, of at most 256 pixels, these are {height} x {width}"):
        picture(3, height, width)
