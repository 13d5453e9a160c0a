"""What a first-layer kernel looks for: its answer to a bar at every angle."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from cnnviz.networks.trace import Trace, activated
from cnnviz.spelling import fixed

ANGLES = tuple(range(0, 180, 15))
"""Degrees, anticlockwise from level; a bar has no head, so half a turn is all of it."""
LENGTH, WIDTH = 18.0, 2.5  # pixels, about an MNIST stroke's
SAME_WITHIN = 0.1  # of the largest answer: then no angle is told from another
_NAMES = ("level", "rising", "upright", "falling")  # at 0, 45, 90 and 135 degrees


def bars(size: int, angles: tuple[int, ...] = ANGLES) -> Tensor:
    """(N, 1, size, size) in [0, 1]: a bar with soft edges through the middle, one an angle."""
    middle = (size - 1) / 2
    row, column = np.mgrid[:size, :size].astype(float)
    pictures = []
    for angle in angles:
        along = np.array([np.cos(np.radians(angle)), -np.sin(np.radians(angle))])  # right, down
        right, down = column - middle, row - middle
        forward = np.abs(right * along[0] + down * along[1])
        aside = np.abs(right * along[1] - down * along[0])
        inside = np.clip(LENGTH / 2 + 0.5 - forward, 0, 1) * np.clip(WIDTH / 2 + 0.5 - aside, 0, 1)
        pictures.append(inside)
    return torch.from_numpy(np.stack(pictures)).float()[:, None]


@dataclass(frozen=True, eq=False)
class Tuning:
    """`answers` (N,): the largest number in a kernel's map of the bar at each of `ANGLES`."""

    answers: np.ndarray

    def in_words(self) -> str:
        """A sentence that comes from the numbers: the strongest angle, and the weakest."""
        best, worst = int(self.answers.argmax()), int(self.answers.argmin())
        most, least = float(self.answers[best]), float(self.answers[worst])
        if most <= 0:
            return "No bar makes it positive."
        if most - least <= SAME_WITHIN * most:
            return (
                f"Much the same for strokes of every angle, {fixed(least, 1)} to {fixed(most, 1)}."
            )
        return (
            f"Strongest for {name(best)} strokes, {fixed(most, 1)}; "
            f"{name(worst)} ones {fixed(least, 1)}."
        )


def name(index: int) -> str:
    """The angle of this number in `ANGLES` in a word, the nearest of four."""
    return _NAMES[round(ANGLES[index] / 45) % 4]


def tunings(first: nn.Conv2d, size: int) -> list[Tuning]:
    """How each kernel of a network's first convolution answers, bias included.

    Raises ValueError for a convolution that reads more than one channel: a bar has no colour.
    """
    if first.in_channels != 1:
        raise ValueError(f"first must read 1 channel, got {first.in_channels}")
    with torch.no_grad():
        answers = first(bars(size)).amax(dim=(2, 3))  # (angles, kernels)
    return [Tuning(answers[:, kernel].numpy()) for kernel in range(first.out_channels)]


def strongest_maps(trace: Trace) -> list[tuple[str, int, float]]:
    """Of each convolution's maps, after its activation, the one with the largest number.

    (layer, map, number) each; a layer whose maps are all 0 or less is left out.
    """
    found = []
    for _, shown in activated(trace):
        largest = shown.values.amax(dim=(1, 2))
        best = int(largest.argmax())
        if float(largest[best]) > 0:
            found.append((shown.name, best, float(largest[best])))
    return found
