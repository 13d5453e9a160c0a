"""Which test pictures excite a map or a unit most, and which least.

A unit's answer to a picture is its value. A map's is its largest value, at whichever place that is:
the picture's patch there is what excited it, as in Zeiler and Fergus, "Visualizing and
Understanding Convolutional Networks", 2014.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cnnviz.reasons.examples import Examples
from cnnviz.reasons.kept import Kept
from cnnviz.reasons.receptive_field import Field, receptive_field
from cnnviz.reasons.stages import Stages

SHOWN = 9


@dataclass(frozen=True)
class Target:
    """A map of a layer, `channel` from 0; with a `place` (row times width plus column), its unit
    there. Of a vector `channel` is the unit."""

    layer: str
    channel: int
    place: int | None = None

    def check(self, stages: Stages) -> None:
        """Raises ValueError, saying what it may be, where the network has no such."""
        shape = stages[self.layer].shape
        what = "map" if len(shape) == 3 else "unit"
        if not 0 <= self.channel < shape[0]:
            raise ValueError(
                f"{what} of {self.layer} must be from 0 to {shape[0] - 1}, got {self.channel}"
            )
        if self.place is None:
            return
        if len(shape) == 1:
            raise ValueError(f"{self.layer} has no maps, so its units have no place in one")
        if not 0 <= self.place < shape[1] * shape[2]:
            raise ValueError(
                f"place in {self.layer} must be from 0 to {shape[1] * shape[2] - 1}, "
                f"got {self.place}"
            )

    def answers(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """Of what the layer made of N pictures: how strongly each is answered, (N,), and at which
        place, (N,); of a vector the unit itself is its place."""
        if values.ndim == 2:
            return values[:, self.channel], torch.full((len(values),), self.channel)
        cells = values[:, self.channel].flatten(1)  # (N, H·W)
        if self.place is not None:
            return cells[:, self.place], torch.full((len(values),), self.place)
        strength, place = cells.max(1)
        return strength, place

    def unit(self, stages: Stages, place: int) -> str:
        """The unit at a place, as the network view's address has it: conv2.5.4.6, fc.7."""
        shape = stages[self.layer].shape
        if len(shape) == 1:
            return f"{self.layer}.{self.channel}"
        row, column = divmod(place, shape[2])
        return f"{self.layer}.{self.channel}.{row}.{column}"


@dataclass(frozen=True, eq=False)
class Answers:
    """How strongly each of N pictures is answered, `strengths` (N,) float32, and the `places` (N,)
    of the largest answer."""

    strengths: NDArray[np.float32]
    places: NDArray[np.int64]

    def most(self, many: int = SHOWN) -> NDArray[np.int64]:
        """The pictures that are answered most strongly, the first of equals first."""
        return np.argsort(-self.strengths, kind="stable")[:many]

    def least(self, many: int = SHOWN) -> NDArray[np.int64]:
        """Those answered least; of equals, of which there may be many, the first."""
        return np.argsort(self.strengths, kind="stable")[:many]

    def at_the_least(self) -> int:
        """How many pictures are answered no more than the first of `least`."""
        return int((self.strengths == self.strengths.min()).sum())

    def below(self, strength: float) -> float:
        """The share of pictures answered less strongly than that, 0 to 1."""
        return float((self.strengths < strength).mean())


def answers(stages: Stages, examples: Examples, target: Target) -> Answers:
    """What the `target` answers to each of the pictures; kept by the network's digest and theirs.

    Raises ValueError for a target that isn't there, or answers that aren't numbers.
    """
    target.check(stages)
    stage = stages[target.layer]
    whole = target.place is None and len(stage.shape) == 3
    name = f"{stages.digest}-{examples.digest}-{target.layer}"
    name += "" if whole else f"-{target.channel}-{target.place}"
    # All maps of a layer come from one pass: the next one that is asked for is there.
    wanted = (
        [Target(target.layer, channel) for channel in range(stage.shape[0])] if whole else [target]
    )
    found = _KEPT.get(name, lambda: _measured(stages, examples, wanted))
    column = target.channel if whole else 0
    strengths = np.asarray(found["strengths"], np.float32)[:, column]
    examples.check_answered(target.layer, strengths[:, None])
    return Answers(strengths, found["places"][:, column].astype(np.int64))


def _measured(
    stages: Stages, examples: Examples, wanted: list[Target]
) -> dict[str, NDArray[np.generic]]:
    strengths = np.empty((len(examples), len(wanted)), np.float32)
    places = np.empty((len(examples), len(wanted)), np.int32)
    start = 0
    with torch.inference_mode():
        for batch in examples.batches():
            values = stages.through(batch, wanted[0].layer)
            for column, target in enumerate(wanted):
                strength, place = target.answers(values)
                strengths[start : start + len(batch), column] = strength.numpy()
                places[start : start + len(batch), column] = place.numpy()
            start += len(batch)
    return {"strengths": strengths, "places": places}


def one_answer(stages: Stages, image: Tensor, target: Target) -> tuple[float, int]:
    """How strongly `image` (1, C, H, W) is answered, and at which place."""
    target.check(stages)
    with torch.inference_mode():
        strength, place = target.answers(stages.through(image, target.layer))
    return float(strength[0]), int(place[0])


def field_of(stages: Stages, target: Target, place: int) -> Field:
    """What the target sees of a picture, at a place that `Answers.places` has."""
    return receptive_field(stages, target.layer, place)


_KEPT = Kept("answers", 64_000_000)
