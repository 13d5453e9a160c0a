"""How a gradient becomes a step. torch is imported where an optimizer is made, so that a page's
address can be read without it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import nn

OPTIMIZERS = ("SGD", "momentum", "Adam")
LEAST_RATE, MOST_RATE = 1e-6, 10.0
MOMENTUM = 0.9


@dataclass(frozen=True)
class Rule:
    """How a gradient becomes a step: the `optimizer`, its learning `rate`, and the `momentum` of
    the one of that name. Adam has torch's own numbers: betas 0.9 and 0.999, eps 1e-8.

    Raises:
        ValueError: naming the setting, its value and what it may be.
    """

    optimizer: str = "SGD"
    rate: float = 0.01
    momentum: float = MOMENTUM

    def __post_init__(self) -> None:
        if self.optimizer not in OPTIMIZERS:
            raise ValueError(
                f"optimizer must be one of {', '.join(OPTIMIZERS)}, got {self.optimizer!r:.40}"
            )
        if not LEAST_RATE <= self.rate <= MOST_RATE:
            raise ValueError(
                f"the step size must be from {LEAST_RATE:g} to {MOST_RATE:g}, got {self.rate!r:.40}"
            )
        if not 0 <= self.momentum < 1:
            raise ValueError(f"momentum must be from 0 to below 1, got {self.momentum!r:.40}")

    def make(self, model: "nn.Module") -> "torch.optim.Optimizer":
        """torch's optimizer of all that is trained in `model`."""
        from cnnviz.networks.plain_optimizers import SGD, Adam

        if self.optimizer == "Adam":
            return Adam(model.parameters(), lr=self.rate)
        momentum = self.momentum if self.optimizer == "momentum" else 0.0
        return SGD(model.parameters(), lr=self.rate, momentum=momentum)
