"""A picture by its values: what was computed for it is found again in a later rerun."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


def strongest_channel(values: Tensor) -> Tensor | None:
    """Of values (C, H, W) the channel (H, W) with the largest by size, which a click pins; None
    where there is only one."""
    return values.abs().argmax(0) if len(values) > 1 else None


@dataclass(frozen=True)
class Pixels:
    """A picture as the key of a cache: its `shape`, and the bytes of its float32 values."""

    shape: tuple[int, ...]
    content: bytes

    @classmethod
    def of(cls, image: Tensor) -> Pixels:
        return cls(tuple(image.shape), image.contiguous().numpy().tobytes())

    def image(self) -> Tensor:
        return torch.frombuffer(bytearray(self.content), dtype=torch.float32).view(self.shape)
