"""The test of a map of ink: ink is taken away in its order, and the score watched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from cnnviz.networks.modes import evaluating
from cnnviz.reasons.question import Question

STEPS = 32
CHANCES = 8
"""Random orders, of which the mean is taken."""


@dataclass(frozen=True, eq=False)
class Deletion:
    """Scores (S,) with a share (S,) of the ink gone, from 0 to 1: in the map's order, the most
    telling first; in the reverse; and in random order, as the mean of several."""

    gone: Tensor
    ordered: Tensor
    reverse: Tensor
    random: Tensor

    @property
    def means(self) -> tuple[float, float, float]:
        """The score on the way, as a mean over the share: in order, at random, in reverse."""
        ordered, random, reverse = (
            float(torch.trapezoid(scores, self.gone))
            for scores in (self.ordered, self.random, self.reverse)
        )
        return ordered, random, reverse

    @property
    def telling(self) -> bool:
        """Whether the map's order takes the score away faster than chance does."""
        ordered, random, _ = self.means
        return ordered < random


def deletion(
    model: nn.Module, image: Tensor, worth: Tensor, question: Question, fill: float = 0.0
) -> Deletion:
    """Take the ink of the `image` (1, C, H, W) away pixel by pixel: what is taken becomes `fill`.

    `worth` (H, W) is what each pixel is said to be worth. Only pixels count that differ from
    `fill`; without one, all curves are the blank picture's score.
    """
    inked = (image[0] != fill).any(0).flatten().nonzero()[:, 0]  # (P,)
    order = inked[worth.flatten()[inked].argsort(descending=True, stable=True)]
    chance = torch.Generator().manual_seed(0)
    orders = [order, order.flip(0)]
    orders += [inked[torch.randperm(len(inked), generator=chance)] for _ in range(CHANCES)]
    counts = torch.linspace(0, len(inked), min(STEPS, len(inked)) + 1).round().long()
    with evaluating(model), torch.no_grad():
        scores = question.of(model)(_without(image, orders, counts, fill))
    curves = scores.reshape(len(orders), len(counts))
    return Deletion(
        gone=counts / max(1, len(inked)),
        ordered=curves[0],
        reverse=curves[1],
        random=curves[2:].mean(0),
    )


def _without(image: Tensor, orders: Sequence[Tensor], counts: Tensor, fill: float) -> Tensor:
    """(len(orders) · S, C, H, W): for each order the picture with so many of its pixels gone."""
    height, width = image.shape[-2:]
    made = []
    for order in orders:
        when = torch.full((height * width,), len(order) + 1)
        when[order] = torch.arange(1, len(order) + 1)
        gone = (when[None] <= counts[:, None]).reshape(-1, 1, height, width)
        made.append(torch.where(gone, torch.as_tensor(fill, dtype=image.dtype), image))
    return torch.cat(made)
