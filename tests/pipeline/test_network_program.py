"""A network in plain JavaScript draws what PyTorch draws: every architecture, in a real browser."""

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from autoencoder.config.params import load_params
from autoencoder.models.base.build import build_model
from autoencoder.stages.explore.network_program import UnknownOperationError, describe
from autoencoder.stages.explore.page import TEMPLATES
from tests.browser import needs_chromium
from tests.conftest import PROJECT

pytestmark = needs_chromium

OPTIONS = load_params(PROJECT / "params.yaml")["models"]
OPTIONS["picture_cnn"] = {"base_channels": 8, "final_activation": "none"}
CASES = {
    "cifar10_cnn": ((3, 32, 32), 16),
    "cifar10_feedback": ((3, 16, 16), 9),
    "punks_cnn": ((3, 24, 24), 108),
    "dense": ((3, 6, 5), 4),
    "picture_cnn": ((1, 72, 136), 7),  # of sides that do not halve evenly all the way
}


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    page = browser.new_page()
    page.add_script_tag(content=(TEMPLATES / "network.js").read_text() + "\nwindow.Network = Network;")
    yield page
    page.close()


def in_browser(page: Any, network: nn.Module, given: Tensor, half: bool = False) -> np.ndarray:
    """What network.js makes of one input; its weights as float32, or as halves, which is how a page has them."""
    program = describe(network, tuple(given.shape))
    weights: Any = (
        base64.b64encode(program.weights.astype("<f2").tobytes()).decode() if half else program.weights.tolist()
    )
    made = page.evaluate(
        """([steps, weights, half, shape, given]) => Array.from(Network.load(
             {steps, weights: half ? Network.halves(weights) : Float32Array.from(weights)}, shape)(given))""",
        [program.steps, weights, half, list(given.shape), given.flatten().tolist()],
    )
    return np.array(made)


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_encoder_and_decoder_are_pytorchs(page: Any, name: str, nested: bool) -> None:
    shape, latent_dim = CASES[name]
    model = build_model(name, OPTIONS[name], shape, (0.0, 1.0), latent_dim, seed=0, nested=nested)
    generator = torch.Generator().manual_seed(1)
    for parameter in model.parameters():  # some begin at 0: what they are multiplied with would not be seen
        parameter.data += 0.05 * torch.randn(parameter.shape, generator=generator)
    image = torch.rand(shape, generator=generator)
    with torch.inference_mode():
        latents = model.eval().double().encoder(image[None].double())[0]
        drawn = model.decoder(latents[None])[0]
    for network, given, expected in ((model.encoder, image, latents), (model.decoder, latents, drawn)):
        for half, tolerance in ((False, 1e-5), (True, 5e-3)):
            model.double()
            found = in_browser(page, model.float() and network, given.float(), half)
            assert np.abs(found - expected.flatten().numpy()).max() < tolerance * float(expected.abs().max())


def test_halves_are_numpys(page: Any) -> None:
    bits = np.arange(65_536, dtype="<u2")
    found = page.evaluate(
        "(text) => Array.from(Network.halves(text), (v) => (Number.isFinite(v) ? v : String(v)))",
        base64.b64encode(bits.tobytes()).decode(),
    )
    assert np.array_equal(np.array([float(value) for value in found]), bits.view("<f2").astype(float), equal_nan=True)


def test_a_weight_that_two_parts_share_is_there_once() -> None:
    layer = nn.Linear(4, 4)
    program = describe(nn.Sequential(layer, nn.ReLU(), layer), (4,))
    assert len(program.weights) == 20
    assert [step["op"] for step in program.steps] == ["linear", "relu", "linear"]


@pytest.mark.parametrize("network", [nn.Softmax(1), nn.Conv2d(4, 4, 3, groups=2), nn.Conv2d(4, 4, 3, dilation=2)])
def test_what_the_page_cannot_do_is_told(network: nn.Module) -> None:
    with pytest.raises(UnknownOperationError):
        describe(network, (4, 8, 8))


class Looping(nn.Module):
    def forward(self, given: Tensor) -> Tensor:
        while given.sum() > 1:
            given = given / 2
        return given


def test_what_cannot_be_traced_is_told() -> None:
    with pytest.raises(UnknownOperationError, match="Looping cannot be traced"):
        describe(Looping(), (4,))
