"""The picture that excites a map or a unit more and more: gradient ascent, from a start, in [0, 1].

As in Erhan et al., "Visualizing Higher-Layer Features of a Deep Network", 2009, with Adam's steps
and every pixel clipped to what a picture can be.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cnnviz.networks.plain_optimizers import Adam
from cnnviz.reasons.exciting import Target
from cnnviz.reasons.stages import Stages

STEPS = 64
RATE = 0.05
"""Of Adam: about how far a pixel moves in a step."""

LEAK = 0.1
"""The slope of a ReLU below 0 where the whole gradient is 0 with the true one."""

SEED = 0


@dataclass(frozen=True, eq=False)
class Ascent:
    """The start, then what each step made of it: `pictures` (T, C, H, W) in [0, 1], and how
    strongly the target answers each, `strengths` (T,)."""

    pictures: NDArray[np.float32]
    strengths: NDArray[np.float32]

    @property
    def best(self) -> int:
        """The step with the strongest answer, the first of equals; 0 is the start itself."""
        return int(self.strengths.argmax())


def noise(picture: tuple[int, int, int], seed: int = SEED) -> Tensor:
    """Even noise (1, C, H, W) in [0, 1), the same for a seed."""
    return torch.rand(1, *picture, generator=torch.Generator().manual_seed(seed))


def ascend(stages: Stages, target: Target, start: Tensor, steps: int = STEPS) -> Ascent:
    """Change `start` (1, C, H, W) in [0, 1], `steps` times, so that the target answers it more.

    Where it answers nothing, a ReLU's gradient is 0 and would lead nowhere; then the gradient is
    that of the network with ReLUs that leak (`LEAK`), until the true one isn't 0.

    Raises ValueError for a target that isn't there, a start out of range, and where no change of
    the picture would change the answer.
    """
    target.check(stages)
    if start.shape != (1, *stages.picture):
        raise ValueError(f"start must have shape {(1, *stages.picture)}, got {tuple(start.shape)}")
    if not bool(((start >= 0) & (start <= 1)).all()):
        raise ValueError("start must be from 0 to 1 everywhere")
    modules = nn.Sequential(
        *(stage.module for stage in stages.stages[: stages.index(target.layer) + 1])
    )
    leaky = _leaky(modules)
    image = start.clone().requires_grad_()
    optimizer = Adam([image], lr=RATE, maximize=True)
    pictures, strengths = [], []
    for step in range(steps + 1):
        strength = target.answers(modules(image))[0].sum()
        pictures.append(image.detach().clone()[0].numpy())
        strengths.append(float(strength.detach()))
        if not np.isfinite(strengths[-1]):
            raise ValueError(
                f"{target.layer} gives {strengths[-1]} for this picture: the network's weights "
                "are NaN, infinite or too large"
            )
        if step == steps:
            break
        (image.grad,) = torch.autograd.grad(strength, image)
        if not image.grad.any():
            (image.grad,) = torch.autograd.grad(target.answers(leaky(image))[0].sum(), image)
        if step == 0 and not image.grad.any():
            raise ValueError(
                f"no change of the picture changes the answer of {target.layer}: its gradient is 0"
            )
        optimizer.step()
        with torch.no_grad():
            image.clamp_(0, 1)
    return Ascent(np.stack(pictures), np.array(strengths, np.float32))


def _leaky(modules: nn.Sequential) -> nn.Sequential:
    return nn.Sequential(
        *(
            nn.LeakyReLU(LEAK) if isinstance(module, nn.ReLU) else copy.copy(module)
            for module in modules
        )
    )
