"""Optimizers against PyTorch's own, and Muon's matrices against the singular value decomposition."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from autoencoder.config.recipes import MuonRecipe
from autoencoder.training.optimizers import Muon, exactly, make_optimizer, newton_schulz
from tests.recipes import recipe

STEPS = 4
SHAPES = [(20, 30), (30, 20), (5, 200), (1, 9)]


def in_bf16(matrix: Tensor) -> Tensor:
    return newton_schulz(matrix, torch.bfloat16)


def in_float64(matrix: Tensor) -> Tensor:
    return newton_schulz(matrix, torch.float64)


def loss(model: nn.Module, step: int) -> Tensor:
    given = torch.randn(16, 6, 8, 8, generator=torch.Generator().manual_seed(step))
    value: Tensor = model(given).square().mean() + model(given.flip(0)).mean()
    return value


LAYERS: dict[str, Callable[[], nn.Conv2d | nn.ConvTranspose2d | nn.Linear]] = {
    "convolution": lambda: nn.Conv2d(6, 5, 3, padding=1),
    "transposed convolution": lambda: nn.ConvTranspose2d(6, 5, 3, padding=1),
    "transposed, tall": lambda: nn.ConvTranspose2d(6, 2, 1),  # more inputs than each paints
    "linear": lambda: nn.Linear(8, 7),
    "tall": lambda: nn.Linear(8, 50),
}


@pytest.mark.parametrize("weight_decay", [0.0, 0.9])
@pytest.mark.parametrize("name", LAYERS)
def test_a_weight_moves_as_pytorchs_muon_moves_its_matrix(name: str, weight_decay: float) -> None:
    """PyTorch's takes matrices alone, so it is given each gradient as a matrix. Both multiply in bf16."""
    torch.manual_seed(0)
    layer = LAYERS[name]()
    start = layer.weight.detach().flatten(1).clone()
    assert layer.bias is not None
    twin, bias = nn.Parameter(start.clone()), nn.Parameter(layer.bias.detach().clone())
    rates: dict[str, Any] = {"learning_rate": 0.02, "bias_learning_rate": 0.01, "weight_decay": weight_decay}
    said = recipe("muon", momentum=0.9, **rates)
    assert isinstance(said, MuonRecipe)
    ours = Muon(layer, said, in_bf16)
    theirs = torch.optim.Muon([twin], lr=0.02, momentum=0.9, nesterov=True, weight_decay=weight_decay)
    adam = torch.optim.Adam([bias], lr=0.01, betas=(0.9, 0.99))
    for step in range(STEPS):
        layer.zero_grad()
        loss(layer, step).backward()
        assert layer.weight.grad is not None
        assert layer.bias.grad is not None
        twin.grad = layer.weight.grad.flatten(1).clone()
        bias.grad = layer.bias.grad.clone()
        for optimizer in (ours, theirs, adam):
            optimizer.step()
        moved = layer.weight.detach().flatten(1) - start
        expected = twin.detach() - start
        assert (moved - expected).norm() < 0.02 * expected.norm()
        assert torch.allclose(layer.bias, bias, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("shape", SHAPES)
def test_singular_values_come_near_one_and_singular_vectors_stay(shape: tuple[int, int]) -> None:
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    left, _, right = torch.linalg.svd(matrix, full_matrices=False)
    made = left.T @ in_float64(matrix) @ right.T
    values = made.diagonal()
    assert (values > 0.6).all()
    assert (values < 1.3).all()
    assert (made - values.diag()).abs().max() < 1e-8


@pytest.mark.parametrize("shape", SHAPES)
def test_or_become_one_exactly(shape: tuple[int, int]) -> None:
    """In fp32, against the singular value decomposition in double precision, where they lie a hundredfold apart."""
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    left, values, right = torch.linalg.svd(matrix, full_matrices=False)
    stretched = left * values.new_tensor([100.0 ** (-i / len(values)) for i in range(len(values))]) @ right
    assert torch.allclose(exactly(3000 * stretched.float()).double(), left @ right, atol=2e-3)


def test_a_direction_without_gradient_gets_no_step() -> None:
    """A matrix of rank 2 among five, and one of nothing: what is left of rounding must not become a step."""
    factors = torch.randn(2, 5, 6, generator=torch.Generator().manual_seed(0))
    low_rank = factors[0, :, :2] @ factors[1, :2]
    assert torch.linalg.svdvals(exactly(low_rank)).round(decimals=2).tolist() == [1, 1, 0, 0, 0]
    for orthogonalize in (exactly, in_bf16):
        assert not orthogonalize(torch.zeros(3, 4)).any()


def test_on_a_cpu_steps_are_exact_elsewhere_products_of_the_training_s_precision() -> None:
    torch.manual_seed(0)
    ends = {}
    layer = nn.Conv2d(6, 5, 3)
    for device, precision in (("cpu", "fp32"), ("cpu", "bf16"), ("meta", "fp32"), ("meta", "bf16")):
        muon = make_optimizer(layer.to(device), recipe("muon"), precision)
        assert isinstance(muon, Muon)
        ends[device, precision] = muon._orthogonalize
    assert ends["cpu", "fp32"] is ends["cpu", "bf16"] is exactly
    matrix = torch.randn(5, 7)
    assert torch.equal(ends["meta", "fp32"](matrix), newton_schulz(matrix, torch.float32))
    assert torch.equal(ends["meta", "bf16"](matrix), in_bf16(matrix))
    assert not torch.equal(in_bf16(matrix), newton_schulz(matrix, torch.float32))


def test_adam_is_pytorchs_with_the_recipes_rates() -> None:
    model = nn.Linear(3, 2)
    optimizer = make_optimizer(model, recipe("adam", learning_rate=0.5, beta2=0.7), "fp32")
    assert isinstance(optimizer, torch.optim.Adam)
    (group,) = optimizer.param_groups
    assert (group["lr"], group["betas"]) == (0.5, (0.9, 0.7))
    assert [*group["params"]] == [*model.parameters()]


def test_every_parameter_is_moved_once() -> None:
    class Own(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.Parameter(torch.ones(4, 3))
            self.inner = nn.Sequential(nn.ConvTranspose2d(2, 3, 3), nn.BatchNorm2d(3), nn.Conv2d(3, 1, 1, bias=False))

    model = Own()
    names = {parameter: name for name, parameter in model.named_parameters()}
    kernels, tables, rest = make_optimizer(model, recipe("muon"), "fp32").param_groups
    assert [names[parameter] for parameter in kernels["params"]] == ["inner.0.weight", "inner.2.weight"]
    assert [names[parameter] for parameter in tables["params"]] == ["table"]
    assert [names[parameter] for parameter in rest["params"]] == ["inner.0.bias", "inner.1.weight", "inner.1.bias"]
    assert isinstance(
        make_optimizer(nn.Linear(2, 2, bias=False), recipe("muon"), "fp32"), Muon
    )  # without a group of biases


def test_linear_layers_may_move_in_every_second_step_twice_as_far() -> None:
    """Their momentum sees every gradient all the same. Convolutions and biases move in each step."""
    torch.manual_seed(0)
    layers = {"kernel": nn.Conv2d(6, 5, 3), "linear": nn.Linear(20, 3)}
    model = nn.ModuleDict(layers)
    twin = deepcopy(model)
    seldom = make_optimizer(model, recipe("muon", linear_every=2), "fp32")
    always = make_optimizer(twin, recipe("muon"), "fp32")
    for step in (1, 2):
        start = {name: value.clone() for name, value in twin.state_dict().items()}
        before = {name: value.clone() for name, value in model.state_dict().items()}
        for parameter, other in zip(model.parameters(), twin.parameters(), strict=True):
            parameter.grad = other.grad = torch.randn_like(parameter)
        seldom.step()
        always.step()
        for name, value in model.state_dict().items():
            times = {1: 0, 2: 2}[step] if name == "linear.weight" else 1
            moved = twin.state_dict()[name] - start[name]
            assert torch.allclose(value - before[name], times * moved, atol=1e-6), name


def test_a_state_goes_on_where_it_was() -> None:
    def run(stop_after: int | None) -> Tensor:
        torch.manual_seed(0)
        model = nn.Conv2d(6, 5, 3)
        optimizer = make_optimizer(model, recipe("muon"), "fp32")
        for step in range(STEPS):
            if step == stop_after:
                state = optimizer.state_dict()
                optimizer = make_optimizer(model, recipe("muon"), "fp32")
                optimizer.load_state_dict(state)
            model.zero_grad()
            loss(model, step).backward()
            optimizer.step()
        return torch.cat([parameter.detach().flatten() for parameter in model.parameters()])

    assert torch.equal(run(None), run(2))


def test_what_has_no_gradient_stays() -> None:
    model = nn.Linear(3, 2)
    before = [parameter.detach().clone() for parameter in model.parameters()]
    make_optimizer(model, recipe("muon"), "fp32").step()
    assert all(torch.equal(one, other) for one, other in zip(before, model.parameters(), strict=True))


def test_weights_that_move_seldom_decay_as_much_at_once() -> None:
    """Without a gradient nothing but the decay is left; biases have none."""
    model = nn.Sequential(nn.Conv2d(2, 3, 3), nn.Flatten(), nn.Linear(3, 2))
    muon = make_optimizer(model, recipe("muon", learning_rate=0.1, weight_decay=0.5, linear_every=2), "fp32")
    before = [parameter.detach().clone() for parameter in model.parameters()]
    shares = []
    for _ in range(2):
        for parameter in model.parameters():
            parameter.grad = torch.zeros_like(parameter)
        muon.step()
        now = [parameter.detach() for parameter in model.parameters()]
        shares.append([(left / right).mean().item() for left, right in zip(now, before, strict=True)])
    assert shares[0] == pytest.approx([0.95, 1, 1, 1])
    assert shares[1] == pytest.approx([0.95**2, 1, 0.9, 1])
