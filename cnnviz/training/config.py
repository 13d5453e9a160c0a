"""What a training run is told: every setting, its range, and the presets."""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import torch
from torch import nn

from cnnviz.networks.models import Architecture, FullyConnected, SimpleCNN

DATASET_SIZES = {"mnist": (60_000, 10_000), "digits": (1_437, 360)}
"""Training and test images: MNIST, and the 8 by 8 digits that scikit-learn ships."""

ARTICLE_LOSSES = (
    420.520,
    143.036,
    112.597,
    96.404,
    86.154,
    79.574,
    73.306,
    69.770,
    66.393,
    62.597,
)
"""The losses the article prints: summed over the batches of each of its ten epochs."""

_CHOICES = {
    "preset": ("article", "fast", "tiny", "own"),
    "dataset": tuple(DATASET_SIZES),
    "model": ("SimpleCNN", "FullyConnected"),
    "optimizer": ("adam", "sgd"),
    "schedule": ("constant", "one-cycle"),
    "augmentation": ("none", "shifts"),
}
_WHOLE = {
    "epochs": (1, 100),
    "batch_size": (1, 4096),
    "seed": (0, 2**63 - 1),
    "threads": (1, 64),
    "train_size": (1, None),
    "hidden": (1, 1024),
    "shuffle_pixels": (0, 2**63 - 1),
}
_OPTIONAL = {"train_size", "shuffle_pixels"}
LEARNING_RATES = (1e-6, 10.0)


def check_learning_rate(value: Any) -> float:
    low, high = LEARNING_RATES
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or not low <= value <= high
    ):
        raise ValueError(f"learning_rate must be a number from {low:g} to {high:g}, got {value!r}")
    return float(value)


def check_batch_size(value: Any) -> int:
    _check_whole("batch_size", value, *_WHOLE["batch_size"])
    return value


def _check_whole(name: str, value: Any, low: int, high: int | None) -> None:
    good = isinstance(value, int) and not isinstance(value, bool)
    if not good or value < low or (high is not None and value > high):
        span = f"from {low} to {high}" if high is not None else f"of at least {low}"
        raise ValueError(f"{name} must be a whole number {span}, got {value!r}")


@dataclass(frozen=True)
class TrainingConfig:
    """Every setting of a run; the defaults are the article's own recipe.

    `train_size` takes the first so many training images (None: all). `shuffle_pixels` trains
    and tests on images in the pixel order of `cnnviz.shuffling.permutation(seed)` (None: as
    they are). `learning_rate` is the peak with the one-cycle schedule; `momentum` is used by
    SGD only, `hidden` by the fully connected network only, the architecture by the CNN only.

    Raises:
        ValueError: naming the setting, its value and its range.
    """

    preset: str = "article"
    dataset: str = "mnist"
    model: str = "SimpleCNN"
    channels: tuple[int, int] = (4, 8)
    kernel_size: int = 3
    activation: str = "relu"
    pooling: str = "max"
    hidden: int = 3
    epochs: int = 10
    batch_size: int = 64
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    momentum: float = 0.9
    schedule: str = "constant"
    augmentation: str = "none"
    train_size: int | None = None
    shuffle_pixels: int | None = None
    seed: int = 42
    threads: int = 1

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(
                    f"{name} must be one of {', '.join(choices)}, got {getattr(self, name)!r}"
                )
        for name, (low, high) in _WHOLE.items():
            value = getattr(self, name)
            if value is None and name in _OPTIONAL:
                continue
            if name == "train_size":
                high = DATASET_SIZES[self.dataset][0]
            _check_whole(name, value, low, high)
        object.__setattr__(self, "learning_rate", check_learning_rate(self.learning_rate))
        momentum = self.momentum
        if (
            isinstance(momentum, bool)
            or not isinstance(momentum, int | float)
            or not 0 <= momentum < 1
        ):
            raise ValueError(f"momentum must be a number from 0 to below 1, got {momentum!r}")
        object.__setattr__(self, "momentum", float(momentum))
        if not isinstance(self.channels, tuple | list):
            raise ValueError(
                f"channels must be two whole numbers from 1 to 64, got {self.channels!r}"
            )
        object.__setattr__(self, "channels", self.architecture.channels)

    @property
    def architecture(self) -> Architecture:
        return Architecture(
            tuple(self.channels),  # type: ignore[arg-type]  # checked by Architecture itself
            self.kernel_size,
            self.activation,  # type: ignore[arg-type]
            self.pooling,  # type: ignore[arg-type]
        )

    @property
    def samples(self) -> int:
        """Training images in an epoch."""
        return self.train_size or DATASET_SIZES[self.dataset][0]

    @property
    def steps_per_epoch(self) -> int:
        return math.ceil(self.samples / self.batch_size)

    @property
    def compares_with_article(self) -> bool:
        """Whether the article's printed losses are this run's too (threads aside)."""
        recipe = replace(self, preset="article", epochs=10, threads=1)
        return recipe == TrainingConfig()

    def build_model(self) -> nn.Sequential:
        """The untrained network, from torch's global generator as it stands."""
        if self.model == "FullyConnected":
            return FullyConnected(self.hidden)
        return SimpleCNN(self.architecture)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    def to_json(self) -> str:
        return json.dumps(self.to_dict())

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any]) -> "TrainingConfig":
        """Raises ValueError for a setting that doesn't exist, besides those of the class."""
        known = {field.name for field in fields(cls)}
        for name in settings:
            if name not in known:
                raise ValueError(f"{name!r} is not a setting; there are {', '.join(sorted(known))}")
        return cls(**settings)


PRESETS = {
    "article": TrainingConfig(),
    "fast": TrainingConfig(
        preset="fast", epochs=2, batch_size=128, learning_rate=2e-2, schedule="one-cycle"
    ),
    "tiny": TrainingConfig(
        preset="tiny",
        dataset="digits",
        epochs=10,
        batch_size=32,
        learning_rate=1e-2,
        schedule="one-cycle",
    ),
}


def usable_threads() -> int:
    """The processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def make_optimizer(config: TrainingConfig, model: nn.Module) -> torch.optim.Optimizer:
    """Fused: one kernel for all parameters; three times as fast on a network this small."""
    if config.optimizer == "sgd":
        return torch.optim.SGD(
            model.parameters(), lr=config.learning_rate, momentum=config.momentum, fused=True
        )
    return torch.optim.Adam(model.parameters(), lr=config.learning_rate, fused=True)


def scheduled_rate(schedule: str, peak: float, progress: float) -> float:
    """The learning rate at `progress` (0 to 1 over the whole run).

    One-cycle: up from peak / 25 over the first 30 %, then down to peak / 250,000, both along
    half a cosine (Smith, "Super-Convergence", 2018; the shape of torch's OneCycleLR).
    """
    if schedule == "constant":
        return peak
    low, end, top = peak / 25, peak / 250_000, 0.3
    if progress < top:
        start, stop, part = low, peak, progress / top
    else:
        start, stop, part = peak, end, (progress - top) / (1 - top)
    return stop + (start - stop) * (1 + math.cos(math.pi * min(part, 1.0))) / 2
