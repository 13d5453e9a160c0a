"""A map of ink with its tests beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from torch import Tensor

from cnnviz.reasons.deletion import Deletion, deletion
from cnnviz.reasons.gradients import FEWEST_STEPS
from cnnviz.reasons.methods import METHODS, Asked, Found, Network
from cnnviz.reasons.randomised import ALIKE, SEEDS, likeness, randomised


@dataclass(frozen=True, eq=False)
class Examined:
    """What a method `found`; what becomes of the score as ink goes in its order; and the same map
    of a network that has learnt nothing (`unlearnt`), with how alike the two are.

    `alike` is over the whole picture, `alike_in_ink` over the pixels that have ink, both the mean
    of several such networks.
    """

    found: Found
    deletion: Deletion
    unlearnt: Found
    alike: float
    alike_in_ink: float

    @property
    def of_the_drawing(self) -> bool:
        """Whether the map is mostly the drawing's: a network without learning has it, too."""
        return self.alike >= ALIKE


def examined(
    name: str, model: Network, image: Tensor, asked: Asked, others: tuple[Network, ...]
) -> Examined:
    """The map of the method `name` for `image` (1, C, H, W); `others` have learnt nothing.

    Raises ValueError for a method that the network can't be asked by, and for a class or a patch
    that isn't there.
    """
    compute = METHODS[name].compute
    found = compute(model, image, asked)
    # That their sums are right to the last digit isn't asked of these.
    quickly = replace(asked, most_steps=FEWEST_STEPS)
    theirs = [compute(other, image, quickly) for other in others]
    ink = (image[0] != asked.fill).any(0)
    pairs = [(found.worth, other.worth) for other in theirs]
    return Examined(
        found,
        deletion(model, image, found.worth, asked.question, asked.fill),
        theirs[0],
        _mean([likeness(one, other) for one, other in pairs]),
        _mean([likeness(one[ink], other[ink]) for one, other in pairs]),
    )


def others_like(model: Network) -> tuple[Network, ...]:
    """Networks of the same layers that have learnt nothing."""
    return tuple(randomised(model, seed) for seed in SEEDS)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
