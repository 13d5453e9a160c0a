"""What is asked of a network's answer: why this class, or why this class and not another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class Question:
    """Why class `target`; with `other`, why that and not this other class. Classes from 0."""

    target: int
    other: int | None = None

    def score(self, logits: Tensor) -> Tensor:
        """(N,) from logits (N, classes): the target's, or its lead over the other one's.

        Raises ValueError for a class that isn't there, or a class asked against itself.
        """
        classes = logits.shape[-1]
        for name, at in (("target", self.target), ("other", self.other)):
            if at is not None and not 0 <= at < classes:
                raise ValueError(f"{name} must be a class from 0 to {classes - 1}, got {at}")
        if self.other is None:
            return logits[..., self.target]
        if self.other == self.target:
            raise ValueError(f"other must be another class than the target, got {self.other} twice")
        return logits[..., self.target] - logits[..., self.other]

    def of(self, model: nn.Module) -> Callable[[Tensor], Tensor]:
        """The same as a function of images (N, C, H, W), as Captum wants it."""
        return lambda images: self.score(model(images))
