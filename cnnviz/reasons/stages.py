"""A network as a row of stages, each of which can be asked for what it makes of a batch."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import torch
from torch import Tensor, nn

from cnnviz.networks.kinds import kind_of

Shape = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Stage:
    """A module, what it is called, and the shapes of what it reads and makes, without a batch's
    dimension: (C, H, W) of maps, (N,) of a vector."""

    name: str
    module: nn.Module
    kind: str
    same_place: bool
    hyperparameters: dict[str, Any]
    given: Shape
    shape: Shape

    @property
    def size(self) -> int:
        """How many values it makes of one picture."""
        return prod(self.shape)


@dataclass(frozen=True, eq=False)
class Stages:
    """A copy of a model, in eval mode and without gradients of its weights: `of(model)` makes one.

    A copy, since a mode belongs to a model, which other sessions use meanwhile.
    """

    picture: tuple[int, int, int]
    stages: tuple[Stage, ...]
    digest: str
    """Of the layers and all their numbers."""

    def __iter__(self):
        return iter(self.stages)

    def __len__(self) -> int:
        return len(self.stages)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(stage.name for stage in self.stages)

    def __getitem__(self, name: str) -> Stage:
        """Raises ValueError with the names there are."""
        return self.stages[self.index(name)]

    def index(self, name: str) -> int:
        """The place of the layer `name`. Raises ValueError with the names there are."""
        if name not in self.names:
            raise ValueError(f"layer must be one of {', '.join(self.names)}, got {name!r:.60}")
        return self.names.index(name)

    def through(self, images: Tensor, name: str, start: int = 0) -> Tensor:
        """What the layer `name` makes of `images` (N, C, H, W); with `start`, of what the layer
        before that place made."""
        values = images
        for stage in self.stages[start : self.index(name) + 1]:
            values = stage.module(values)
        return values

    def penultimate(self) -> str | None:
        """The layer whose values the last layer with weights reads; None where that is the picture
        itself. Its values are what the network has made of a picture before it decides."""
        last = max(
            (place for place, stage in enumerate(self.stages) if _decides(stage)),
            default=len(self) - 1,
        )
        return self.stages[last - 1].name if last else None


def of(model: nn.Sequential, picture: tuple[int, int, int]) -> Stages:
    """The stages of `model` for pictures (C, H, W).

    Raises ValueError for a module that isn't known.
    """
    copied = copy.deepcopy(model).eval().requires_grad_(False)
    modules = {name: module for name, module in copied._modules.items() if module is not None}
    stages = []
    values = torch.zeros(1, *picture)
    with torch.no_grad():
        for name, module in modules.items():
            kind = kind_of(module)
            given = tuple(values.shape[1:])
            values = module(values)
            stages.append(
                Stage(
                    name,
                    module,
                    kind.kind,
                    kind.same_place,
                    kind.hyperparameters(module),
                    given,
                    tuple(values.shape[1:]),
                )
            )
    return Stages(picture, tuple(stages), _digest(stages))


def _decides(stage: Stage) -> bool:
    return not stage.same_place and any(True for _ in stage.module.parameters())


def _digest(stages: Sequence[Stage]) -> str:
    digest = hashlib.blake2b(digest_size=12)
    for stage in stages:
        about = [stage.name, stage.kind, stage.hyperparameters, stage.given, stage.shape]
        digest.update(json.dumps(about).encode())
        for key, tensor in stage.module.state_dict().items():
            digest.update(repr((key, tuple(tensor.shape), str(tensor.dtype))).encode())
            digest.update(tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()
