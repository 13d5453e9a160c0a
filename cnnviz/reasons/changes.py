"""What if: a network with some of its maps, units, kernels or weights set to other values.

A set of changes is one line of text, so that it can stand in a page's address:

    conv1.2=0; conv2.5.4.6=mean; conv1.weight.3.0=-1,0,1,-2,0,2,-1,0,1; conv1.bias.3=0.5

| what | written | may be |
| --- | --- | --- |
| a map, or a unit of a vector | `conv1.2`, `fc.7` | a number, or `mean` |
| a unit of a map | `conv2.5.4.6` (map, row, column) | a number, or `mean` |
| a kernel (output, input map) | `conv1.weight.3.0` | as many numbers as it has, or one |
| a single weight, a bias | `conv1.weight.3.0.1.1`, `conv1.bias.3` | a number |
| a pixel of the input | `input.0.4.6` (channel, row, column) | a number from 0 to 1 |

All count from 0, as torch does. `mean` is what a map, over all its positions, or a unit is on
average over test images (`cnnviz.reasons.costs`).
"""

import copy
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn

from cnnviz.networks.trace import trace

INPUT = "input"
MEAN = "mean"
LARGEST = 1000.0
MOST_CHANGES = 200
MOST_CHARACTERS = 12_000

Part = Literal["value", "weight", "bias"]
Shape = tuple[int, ...]

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}")
_INDEX = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class Change:
    """One thing set to `values`: a number, as many as a kernel has (row by row), or the mean.

    `place` counts from 0: of a `value` of a layer (map), (map, row, column) or (unit,); of a
    `weight` (output, input) for a kernel, else all its indices; of a `bias` (output,).
    """

    layer: str
    part: Part
    place: tuple[int, ...]
    values: tuple[float, ...] | Literal["mean"]

    @cached_property
    def target(self) -> str:
        """What is changed, as it is written."""
        part = () if self.part == "value" else (self.part,)
        return ".".join((self.layer, *part, *map(str, self.place)))

    def __str__(self) -> str:
        values = MEAN if self.values == MEAN else ",".join(map(_spelled, self.values))
        return f"{self.target}={values}"

    @property
    def number(self) -> float:
        """The only value. Raises ValueError where that isn't known, or there are several."""
        if self.values == MEAN or len(self.values) != 1:
            raise ValueError(f"{self.target} has no one value, it has {self.values!r:.60}")
        return self.values[0]

    @property
    def of_weights(self) -> bool:
        return self.part != "value"

    @property
    def of_input(self) -> bool:
        return self.layer == INPUT


@dataclass(frozen=True)
class Changes:
    """Changes of one network, in the order in which they are made; none by default."""

    changes: tuple[Change, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Changes":
        """Read a set of changes. Raises ValueError, naming the part that can't be read, its text
        and what would do; whether they fit a network is for `check`."""
        if len(text) > MOST_CHARACTERS:
            raise ValueError(
                f"changes must have at most {MOST_CHARACTERS} characters, got {len(text)}"
            )
        parts = [part.strip() for part in text.split(";") if part.strip()]
        if len(parts) > MOST_CHANGES:
            raise ValueError(f"there must be at most {MOST_CHANGES} changes, got {len(parts)}")
        changes = tuple(map(_parse, parts))
        seen: set[str] = set()
        for change in changes:
            if change.target in seen:
                raise ValueError(f"{change.target} is changed twice")
            seen.add(change.target)
        return cls(changes)

    def __str__(self) -> str:
        """`parse` reads it."""
        return ";".join(map(str, self.changes))

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    @property
    def of_network(self) -> "Changes":
        """Without the pixels of the input."""
        return Changes(tuple(change for change in self if not change.of_input))

    @property
    def of_input(self) -> "Changes":
        """The pixels of the input alone."""
        return Changes(tuple(change for change in self if change.of_input))

    @property
    def means(self) -> tuple[str, ...]:
        """What is set to its mean."""
        return tuple(change.target for change in self if change.values == MEAN)

    def resolved(self, means: Mapping[str, float]) -> "Changes":
        """The same with a number for each mean. Raises KeyError for one that isn't among them."""
        return Changes(
            tuple(
                replace(change, values=(float(means[change.target]),))
                if change.values == MEAN
                else change
                for change in self
            )
        )

    def check(self, model: nn.Sequential, picture: Shape) -> None:
        """Raises ValueError, naming the change and what would be right, for one that doesn't fit
        `model`, which reads a picture (C, H, W)."""
        if not self:
            return
        shapes = shapes_of(model, picture)
        for change in self:
            _check(change, model, shapes)

    def values_set(self) -> dict[str, list[tuple[tuple[int, ...], float]]]:
        """By layer, the places in its output that are set, and to what. Means must be resolved."""
        found: dict[str, list[tuple[tuple[int, ...], float]]] = {}
        for change in self.of_network:
            if not change.of_weights:
                found.setdefault(change.layer, []).append((change.place, change.number))
        return found

    def reweighed(self, model: nn.Sequential) -> nn.Sequential:
        """A copy of `model` with the weights and biases changed, and nothing else."""
        changed = copy.deepcopy(model)
        with torch.no_grad():
            for change in self:
                if change.of_weights:
                    tensor = getattr(changed._modules[change.layer], change.part)
                    part = tensor[change.place]
                    values = torch.tensor(change.values, dtype=tensor.dtype)
                    part.copy_(values.expand(part.numel()).reshape(part.shape))
        return changed

    def applied(self, model: nn.Sequential) -> nn.Sequential:
        """A copy of `model` with all of them but the pixels: weights changed, and a forward hook on
        each layer of which values are set. Means must be resolved."""
        changed = self.reweighed(model)
        for layer, places in self.values_set().items():
            changed._modules[layer].register_forward_hook(_Setting(places))  # type: ignore[union-attr]
        return changed

    def painted(self, image: Tensor) -> Tensor:
        """A copy of `image` (1, C, H, W) with the changed pixels; itself where there are none."""
        pixels = self.of_input
        if not pixels:
            return image
        painted = image.clone()
        for change in pixels:
            painted[(0, *change.place)] = change.number
        return painted


@dataclass(frozen=True)
class _Setting:
    """A forward hook that sets places of a layer's output (B, …)."""

    places: Sequence[tuple[tuple[int, ...], float]]

    def __call__(self, module: nn.Module, inputs: Any, output: Tensor) -> Tensor:
        return with_places(output, self.places)


def with_places(output: Tensor, places: Sequence[tuple[tuple[int, ...], float]]) -> Tensor:
    """A copy of a layer's `output` (B, …) with these places set."""
    changed = output.clone()
    for place, value in places:
        changed[(slice(None), *place)] = value
    return changed


def shapes_of(model: nn.Sequential, picture: Shape) -> dict[str, Shape]:
    """What each layer of `model` makes of a picture (C, H, W), without the batch; and the input."""
    steps = trace(model, torch.zeros(1, *picture))
    return {INPUT: picture} | {layer.name: tuple(layer.values.shape) for layer in steps.layers}


def _parse(text: str) -> Change:
    target, equals, value = (part.strip() for part in text.partition("="))
    if not equals:
        raise ValueError(f"a change is written as conv1.2=0, got {text!r:.60}")
    layer, *rest = target.split(".")
    part: Part = "value"
    if rest and rest[0] in ("weight", "bias"):
        part = "weight" if rest[0] == "weight" else "bias"
        rest = rest[1:]
    if not _NAME.fullmatch(layer) or not rest or not all(map(_INDEX.fullmatch, rest)):
        raise ValueError(
            f"what is changed is written as conv1.2, conv2.5.4.6 or conv1.weight.3.0, "
            f"got {target!r:.60}"
        )
    place = tuple(map(int, rest))
    return Change(layer, part, place, _values(target, value))


def _values(target: str, text: str) -> tuple[float, ...] | Literal["mean"]:
    if text == MEAN:
        return MEAN
    values = []
    for written in text.split(","):
        number = written.strip()
        value = float(number) if _NUMBER.fullmatch(number) else math.nan
        if not abs(value) <= LARGEST:
            raise ValueError(
                f"{target} must be a number from -{LARGEST:g} to {LARGEST:g}, or {MEAN}, "
                f"got {number!r:.40}"
            )
        # As torch will have it; and no minus zero, which would be spelled otherwise.
        values.append(float(np.float32(value)) + 0.0)
    return tuple(values)


def _check(change: Change, model: nn.Sequential, shapes: Mapping[str, Shape]) -> None:
    layer, place, target = change.layer, change.place, change.target
    if layer not in shapes:
        known = ", ".join(shapes)
        raise ValueError(f"{target} can't be changed: {layer} is no layer here; there are {known}")
    if change.of_weights:
        tensor = None if layer == INPUT else getattr(model._modules[layer], change.part, None)
        if tensor is None:
            raise ValueError(f"{target} can't be changed: {layer} has no {change.part}")
        shape = tuple(tensor.shape)
        # A kernel is all that stands for an output and an input map.
        depths = {len(shape)} | ({2} if len(shape) == 4 else set())
    else:
        shape = shapes[layer]
        depths = {len(shape)} | ({1} if layer != INPUT else set())
    ranges = ", ".join(f"0 to {side - 1}" for side in shape)
    if len(place) not in depths or any(at >= side for at, side in zip(place, shape, strict=False)):
        wanted = " or ".join(str(depth) for depth in sorted(depths))
        raise ValueError(
            f"{target} can't be changed: {layer}"
            f"{'' if change.part == 'value' else f'.{change.part}'} takes {wanted} "
            f"{'number' if wanted == '1' else 'numbers'} ({ranges})"
        )
    cells = math.prod(shape[len(place) :]) if change.of_weights else 1
    if change.values == MEAN:
        if change.of_weights or layer == INPUT:
            raise ValueError(f"{target} can't be set to its mean: only maps and units can")
    elif len(change.values) not in {1, cells}:
        wanted = "1 number" if cells == 1 else f"1 or {cells} numbers"
        raise ValueError(f"{target} takes {wanted}, got {len(change.values)}")
    elif layer == INPUT and not 0 <= change.number <= 1:
        raise ValueError(f"{target} must be from 0 (paper) to 1 (ink), got {change.number:g}")


def _spelled(value: float) -> str:
    """The shortest that reads back as the same float32: 0.1, -2, 1e-05."""
    return (
        np.format_float_positional(np.float32(value), unique=True, trim="-")
        if (value == 0 or abs(value) >= 1e-4)
        else np.format_float_scientific(np.float32(value), unique=True, trim="-")
    )
