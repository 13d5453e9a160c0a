"""What the score would gain by a little more ink at each pixel: gradients, by Captum."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from cnnviz.networks.modes import evaluating
from cnnviz.reasons.question import Question

FEWEST_STEPS, MOST_STEPS = 32, 512
TOLERANCE = 0.01
"""Of the score's difference, by which the sum of integrated gradients may be off."""

MOST_BYTES = 64 * 2**20
"""Of what the layers make of the steps that are run at once; torch keeps it for the way back."""


def gradient(model: nn.Module, image: Tensor, question: Question) -> Tensor:
    """(C, H, W): the score's derivative by each value of the `image` (1, C, H, W), with its sign
    (Simonyan et al. 2013)."""
    from captum.attr import Saliency

    with evaluating(model):
        return Saliency(question.of(model)).attribute(_differentiable(image), abs=False)[0].detach()


def gradient_times_input(model: nn.Module, image: Tensor, question: Question) -> Tensor:
    """(C, H, W): the same, times the value itself (Shrikumar et al. 2016)."""
    from captum.attr import InputXGradient

    with evaluating(model):
        return InputXGradient(question.of(model)).attribute(_differentiable(image))[0].detach()


@dataclass(frozen=True, eq=False)
class Integrated:
    """Integrated gradients `values` (C, H, W), and how true they are: by theory they add up to
    `difference`, the score of the picture less that of the blank one; they add up to `total`,
    computed in so many `steps`."""

    values: Tensor
    total: float
    difference: float
    steps: int

    @property
    def error(self) -> float:
        """By what share of the difference the sum is off; 0 where both are nothing."""
        off = abs(self.total - self.difference)
        return off / max(abs(self.difference), 1e-6) if off > 1e-6 else 0.0

    @property
    def complete(self) -> bool:
        return self.error <= TOLERANCE


def integrated_gradients(
    model: nn.Module,
    image: Tensor,
    question: Question,
    fill: float = 0.0,
    most_steps: int = MOST_STEPS,
) -> Integrated:
    """The gradient along the straight way from a blank picture, `fill` everywhere, to the `image`
    (1, C, H, W), times what each value changes by (Sundararajan et al. 2017).

    The steps are doubled until the sum is right within `TOLERANCE`, or there are `most_steps`.
    """
    from captum.attr import IntegratedGradients

    blank = torch.full_like(image, fill)
    method = IntegratedGradients(question.of(model))
    steps, most = FEWEST_STEPS, at_once(model, image)
    with evaluating(model):
        with torch.no_grad():
            here, there = question.of(model)(torch.cat([image, blank])).tolist()
        while True:
            values = method.attribute(
                image, blank, n_steps=steps, internal_batch_size=min(steps, most)
            )
            values = values[0].detach()
            found = Integrated(values, float(values.double().sum()), here - there, steps)
            if found.complete or steps >= most_steps:
                return found
            steps *= 2


def at_once(model: nn.Module, image: Tensor) -> int:
    """How many pictures like `image` (1, C, H, W) may be run at once, 1 at least: by the bytes of
    what a network makes of them, layer by layer."""
    size = image.nbytes
    if isinstance(model, nn.Sequential):
        with evaluating(model), torch.no_grad():
            values = image.clone()
            for module in model:
                values = module(values)
                size += values.nbytes
    return max(1, MOST_BYTES // size)


def _differentiable(image: Tensor) -> Tensor:
    """A copy: Captum would have the caller's own image ask for gradients meanwhile."""
    return image.clone().requires_grad_()
