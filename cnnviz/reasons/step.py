"""One step of learning: the optimizer of torch, the loss before and after, and what a larger or a
smaller step would have done."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call

from cnnviz.networks.modes import evaluating
from cnnviz.reasons.backward import Pass, there_and_back
from cnnviz.reasons.rule import Rule

CURVE = tuple(10 ** (tenth / 8) for tenth in range(-16, 17))
"""By what the learning rate is multiplied for the curve: a hundredth to a hundredfold."""


Moments = Mapping[str, Mapping[str, Tensor]]
"""What an optimizer keeps of each trained tensor, by torch's names: of momentum `momentum_buffer`,
of Adam `exp_avg`, `exp_avg_sq` and `step`."""


@dataclass(frozen=True, eq=False)
class Step:
    """One step that was taken on `images` (B, C, H, W) of the classes `labels` (B,).

    `there` is the pass before it, `model` the network after it, `losses` (B,) and `shares` (B, N)
    what that says of the same images. `moments` are those after it, `kept` those before it.
    """

    rule: Rule
    before: nn.Sequential
    there: Pass
    model: nn.Sequential
    losses: Tensor
    shares: Tensor
    kept: Moments
    moments: Moments

    @property
    def loss(self) -> float:
        """The mean after it."""
        return self.losses.mean().item()


@dataclass(frozen=True, eq=False)
class Curve:
    """The mean loss after this very step, had it been taken with another learning rate."""

    rates: Sequence[float]
    losses: Sequence[float]


def take(
    model: nn.Sequential,
    images: Tensor,
    labels: Tensor,
    rule: Rule,
    moments: Moments | None = None,
) -> Step:
    """One step of `rule` from `model`, which stays as it is.

    `moments` are what the optimizer has kept of the steps before; those of another optimizer are
    left out, as there is nothing of its own.

    Raises:
        ValueError: as `backward` does.
    """
    there = there_and_back(model, images, labels)
    after = deepcopy(model)
    optimizer = rule.make(after)
    kept = _fitting(rule, moments or {})
    for name, parameter in after.named_parameters():
        parameter.grad = there.parameters[name].clone() if name in there.parameters else None
        if name in kept:
            optimizer.state[parameter].update({k: v.clone() for k, v in kept[name].items()})
    optimizer.step()
    now = {
        name: {
            key: value.detach().clone()
            for key, value in optimizer.state[parameter].items()
            if isinstance(value, Tensor)
        }
        for name, parameter in after.named_parameters()
        if optimizer.state.get(parameter)
    }
    for parameter in after.parameters():
        parameter.grad = None
    losses, shares = read(after, images, labels)
    return Step(rule, model, there, after, losses, shares, kept, now)


def read(model: nn.Sequential, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """The losses (B,) and probabilities (B, N) of images."""
    with evaluating(model), torch.no_grad():
        logits = model(images.clone())
        # Not −0, where a probability is 1 to the last digit.
        return F.cross_entropy(logits, labels, reduction="none") + 0.0, logits.softmax(1)


def curve(step: Step, images: Tensor, labels: Tensor) -> Curve:
    """The loss against the learning rate, about the one chosen and that itself among them.

    Without weight decay all three optimizers go along one line, the learning rate saying how far:
    so one step tells its direction, and the loss is read anew for each rate.
    """
    # A copy: `functional_call` puts other weights into the model while it runs, and the network in
    # use is read, and copied, by other sessions meanwhile.
    own = deepcopy(step.before)
    old = dict(step.before.named_parameters())
    along = {
        name: (new.detach() - old[name].detach()) / step.rule.rate
        for name, new in step.model.named_parameters()
    }
    rates = [step.rule.rate * factor for factor in CURVE]
    losses = []
    with evaluating(own), torch.no_grad():
        for rate in rates:
            moved = {name: old[name] + rate * way for name, way in along.items()}
            logits: Any = functional_call(own, moved, (images.clone(),))
            losses.append(F.cross_entropy(logits, labels).item())
    return Curve(rates, losses)


def _fitting(rule: Rule, moments: Moments) -> Moments:
    wanted = {
        "SGD": (),
        "momentum": ("momentum_buffer",),
        "Adam": ("step", "exp_avg", "exp_avg_sq"),
    }
    names = wanted[rule.optimizer]
    return {
        parameter: {name: kept[name] for name in names}
        for parameter, kept in moments.items()
        if names and all(name in kept for name in names)
    }
