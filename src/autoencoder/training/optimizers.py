"""The optimizers that a recipe can name.

Sources: Adam, Kingma and Ba 2015; Muon, Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks".
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Adam, Optimizer

from autoencoder.config.recipes import AdamRecipe, MuonRecipe, Recipe

BETA1 = 0.9
BIAS_BETAS = (0.9, 0.99)
EPSILON = 1e-8
# Five steps of x -> ax + bx^3 + cx^5, which bring any singular value in (0, 1] near 1 (Jordan et al.).
NEWTON_SCHULZ = ((3.4445, -4.7750, 2.0315),) * 5
FLOOR, TINY = 1e-7, 1e-30  # of squared singular values: what fp32 tells apart beside the largest, and for no gradient


def make_optimizer(model: nn.Module, recipe: Recipe, precision: str) -> Optimizer:
    """What the recipe names, for the model's parameters, which lie on their device already."""
    device = next(model.parameters()).device.type
    if isinstance(recipe, MuonRecipe):
        return Muon(model, recipe, exactly if device == "cpu" else NEWTON_SCHULZ_IN[precision])
    assert isinstance(recipe, AdamRecipe)
    fused = device in ("cpu", "cuda")
    return Adam(model.parameters(), lr=recipe.learning_rate, betas=(BETA1, recipe.beta2), fused=fused)


class Muon(Optimizer):
    """Steps of one length in every direction for weights, Adam's for biases.

    A weight's step is its momentum with all singular values made 1, so that directions in which gradients are small
    are learnt as fast as those in which they are large. A convolution's weight counts as the matrix of its outputs by
    the patch that each reads; a transposed one's, which PyTorch lays out the other way, as that of its inputs by the
    patch that each paints. Linear layers may move in every nth step only, n times as far: theirs are the large
    matrices, and their momentum changes little from step to step. Weights decay apart from their gradients (Loshchilov
    and Hutter 2019): else they grow, and steps count less and less. orthogonalize: what makes singular values 1,
    `exactly` or `newton_schulz`.
    """

    def __init__(self, model: nn.Module, recipe: MuonRecipe, orthogonalize: Callable[[Tensor], Tensor]) -> None:
        parameters = [*model.parameters()]
        common = {"lr": recipe.learning_rate, "momentum": recipe.momentum, "weight_decay": recipe.weight_decay}
        groups = [
            {"params": [weight for weight in parameters if weight.ndim > 2], "every": 1, **common},
            {"params": [weight for weight in parameters if weight.ndim == 2], "every": recipe.linear_every, **common},
            {"params": [bias for bias in parameters if bias.ndim < 2], "lr": recipe.bias_learning_rate},
        ]
        super().__init__([group for group in groups if group["params"]], {})
        self._orthogonalize = orthogonalize

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
            state |= {"step": torch.zeros(()), "momentum": torch.zeros_like(weight)}
        state["step"] += 1
        momentum = state["momentum"].lerp_(gradient, 1 - decay)
        if state["step"] % group["every"]:
            return
        ahead = gradient.lerp(momentum, decay)  # Nesterov's
        matrix = ahead.flatten(1)
        step = self._orthogonalize(matrix) * max(1, matrix.shape[0] / matrix.shape[1]) ** 0.5
        length = group["lr"] * group["every"]
        weight.mul_(1 - length * group["weight_decay"]).sub_(step.view_as(weight), alpha=length)

    def _move_bias(self, bias: Tensor, gradient: Tensor, group: dict[str, Any]) -> None:
        state, (beta1, beta2) = self.state[bias], BIAS_BETAS
        if not state:
            state |= {"step": torch.zeros(()), "mean": torch.zeros_like(bias), "square": torch.zeros_like(bias)}
        state["step"] += 1
        mean = state["mean"].lerp_(gradient, 1 - beta1) / (1 - beta1 ** state["step"])
        square = state["square"].lerp_(gradient.square(), 1 - beta2) / (1 - beta2 ** state["step"])
        bias.sub_(mean / (square.sqrt() + EPSILON), alpha=group["lr"])


def exactly(matrix: Tensor) -> Tensor:
    """The nearest matrix with all singular values 1; those below about a thousandth of the largest come out smaller.

    It is (M M^T)^(-1/2) M, by the eigenvectors of the smaller of M M^T and M^T M: on a CPU twice as fast as five
    steps of `newton_schulz`. Raises torch.linalg.LinAlgError where numbers are not finite.
    """
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    values, vectors = torch.linalg.eigh(x @ x.T)
    scales = (values.clamp_min(0) + FLOOR * values[-1] + TINY).rsqrt()
    near: Tensor = (vectors * scales) @ vectors.T @ x
    return near.T if tall else near


def newton_schulz(matrix: Tensor, dtype: torch.dtype) -> Tensor:
    """About the same: singular values end between 0.7 and 1.2. All of it products in `dtype`, as GPUs like."""
    tall = matrix.shape[0] > matrix.shape[1]
    x = (matrix.T if tall else matrix).to(dtype)
    x = x / (x.norm() + 1e-7)
    for a, b, c in NEWTON_SCHULZ:
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return (x.T if tall else x).to(matrix.dtype)


NEWTON_SCHULZ_IN: dict[str, Callable[[Tensor], Tensor]] = {
    "bf16": partial(newton_schulz, dtype=torch.bfloat16),
    "fp32": partial(newton_schulz, dtype=torch.float32),
}
