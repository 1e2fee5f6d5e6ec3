"""The optimizers that a recipe can name.

Sources: Adam, Kingma and Ba 2015; Muon, Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks".
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.conv import _ConvTransposeNd
from torch.optim import Adam, Optimizer

from autoencoder.config.recipes import AdamRecipe, MuonRecipe, Recipe

BETA1 = 0.9
BIAS_BETAS = (0.9, 0.99)
EPSILON = 1e-8
# Five steps of x -> ax + bx^3 + cx^5, which bring any singular value in (0, 1] near 1 (Jordan et al.).
NEWTON_SCHULZ = ((3.4445, -4.7750, 2.0315),) * 5


def make_optimizer(model: nn.Module, recipe: Recipe, precision: str) -> Optimizer:
    """What the recipe names, for the model's parameters, which lie on their device already."""
    if isinstance(recipe, MuonRecipe):
        return Muon(model, recipe, torch.bfloat16 if precision == "bf16" else torch.float32)
    assert isinstance(recipe, AdamRecipe)
    fused = next(model.parameters()).device.type in ("cpu", "cuda")
    return Adam(model.parameters(), lr=recipe.learning_rate, betas=(BETA1, recipe.beta2), fused=fused)


class Muon(Optimizer):
    """Steps of one length in every direction for weights, Adam's for biases.

    A weight's step is its momentum with all singular values made 1, so that directions in which gradients are small
    are learnt as fast as those in which they are large. A convolution's weight counts as the matrix of its outputs by
    all the rest. dtype: what matrices are multiplied in; the steps are no more exact than that.
    """

    def __init__(self, model: nn.Module, recipe: MuonRecipe, dtype: torch.dtype) -> None:
        weights, transposed, biases = split_parameters(model)
        common = {"lr": recipe.learning_rate, "momentum": recipe.momentum}
        groups = [
            {"params": weights, "outputs": 0, **common},
            {"params": transposed, "outputs": 1, **common},
            {"params": biases, "lr": recipe.bias_learning_rate},
        ]
        super().__init__([group for group in groups if group["params"]], {})
        self._dtype = dtype

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """One step along the parameters' gradients."""
        assert closure is None
        for group in self.param_groups:
            move = self._move_weight if "momentum" in group else self._move_bias
            for parameter in group["params"]:
                if parameter.grad is not None:
                    move(parameter, parameter.grad, group)

    def _move_weight(self, weight: Tensor, gradient: Tensor, group: dict[str, Any]) -> None:
        state, decay = self.state[weight], group["momentum"]
        if not state:
            state["momentum"] = torch.zeros_like(weight)
        momentum = state["momentum"].lerp_(gradient, 1 - decay)
        ahead = gradient.lerp(momentum, decay)  # Nesterov's
        by_output = ahead.movedim(group["outputs"], 0)
        matrix = by_output.flatten(1)
        step = orthogonalize(matrix.to(self._dtype)).to(weight.dtype) * max(1, matrix.shape[0] / matrix.shape[1]) ** 0.5
        weight.sub_(step.view_as(by_output).movedim(0, group["outputs"]), alpha=group["lr"])

    def _move_bias(self, bias: Tensor, gradient: Tensor, group: dict[str, Any]) -> None:
        state, (beta1, beta2) = self.state[bias], BIAS_BETAS
        if not state:
            state |= {"step": torch.zeros(()), "mean": torch.zeros_like(bias), "square": torch.zeros_like(bias)}
        state["step"] += 1
        mean = state["mean"].lerp_(gradient, 1 - beta1) / (1 - beta1 ** state["step"])
        square = state["square"].lerp_(gradient.square(), 1 - beta2) / (1 - beta2 ** state["step"])
        bias.sub_(mean / (square.sqrt() + EPSILON), alpha=group["lr"])


def split_parameters(model: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter], list[nn.Parameter]]:
    """Weights whose first side is the outputs, those whose second is (of transposed convolutions), and the rest."""
    weights, transposed, rest = list[nn.Parameter](), list[nn.Parameter](), list[nn.Parameter]()
    for module in model.modules():
        for parameter in module.parameters(recurse=False):
            if parameter.ndim < 2:
                rest.append(parameter)
            else:
                (transposed if isinstance(module, _ConvTransposeNd) else weights).append(parameter)
    return weights, transposed, rest


def orthogonalize(matrix: Tensor) -> Tensor:
    """The nearest matrix with all singular values 1, about: they end between 0.7 and 1.2."""
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / (x.norm() + 1e-7)
    for a, b, c in NEWTON_SCHULZ:
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.T if tall else x
