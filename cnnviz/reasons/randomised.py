"""The other test of a map: the same map of a network that has learnt nothing.

Adebayo et al., Sanity Checks for Saliency Maps, 2018.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TypeVar

import torch
from torch import Tensor, nn

from cnnviz.networks.seeding import seeded

Net = TypeVar("Net", bound=nn.Module)

SEEDS = (1, 2, 3)
ALIKE = 0.7
"""From this likeness on, two maps look the same to most people."""


def randomised(model: Net, seed: int) -> Net:
    """A copy whose weights and statistics are as before training, drawn from `seed`."""
    made = copy.deepcopy(model)
    with seeded(seed):
        for module in made.modules():
            reset: Callable[[], None] | None = getattr(module, "reset_parameters", None)
            if reset is not None:
                reset()
    return made.eval()


def likeness(one: Tensor, other: Tensor) -> float:
    """Spearman's rank correlation, -1 to 1, of the magnitudes of two maps of the same shape.

    Without the signs, as weights drawn anew have other ones (Adebayo et al. 2018, figure 4). 0
    where one of them is the same everywhere.
    """
    ranks = torch.stack([_ranks(one.abs().flatten()), _ranks(other.abs().flatten())])
    ranks -= ranks.mean(1, keepdim=True)
    sizes = ranks.norm(dim=1).prod()
    return float((ranks[0] * ranks[1]).sum() / sizes) if sizes > 0 else 0.0


def _ranks(values: Tensor) -> Tensor:
    """Of each value, from 0; equal ones share the mean of theirs."""
    _, place, count = values.unique(return_inverse=True, return_counts=True)
    last = count.cumsum(0)
    return (last - (count + 1) / 2)[place].double()
