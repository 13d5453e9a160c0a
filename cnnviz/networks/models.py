"""The article's network, and the small sequential models shown beside it."""

import threading
from collections import OrderedDict
from dataclasses import asdict, dataclass
from typing import Any, Literal

import torch
from torch import nn

IMAGE_SIZE = 28
CLASSES = 10
UNTRAINED_SEED = 42

Activation = Literal["relu", "tanh"]
Pooling = Literal["max", "average", "none"]

_ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh}
_POOLINGS: dict[str, type[nn.Module]] = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}


@dataclass(frozen=True)
class Architecture:
    """What a small convolutional classifier for 28x28 digits is made of.

    The defaults are the article's network. `channels` are the output channels of the two
    convolutions (1-64 each), `kernel_size` is that of both (odd, 1-7).
    """

    channels: tuple[int, int] = (4, 8)
    kernel_size: int = 3
    activation: Activation = "relu"
    pooling: Pooling = "max"

    def __post_init__(self) -> None:
        # JSON gives lists; a frozen dataclass should stay hashable.
        object.__setattr__(self, "channels", tuple(self.channels))
        if len(self.channels) != 2 or not all(
            isinstance(c, int) and 1 <= c <= 64 for c in self.channels
        ):
            raise ValueError(
                f"channels must be two whole numbers from 1 to 64, got {self.channels}"
            )
        if self.kernel_size not in (1, 3, 5, 7):
            raise ValueError(f"kernel_size must be 1, 3, 5 or 7, got {self.kernel_size}")
        if self.activation not in _ACTIVATIONS:
            raise ValueError(
                f"activation must be one of {', '.join(_ACTIVATIONS)}, got {self.activation!r}"
            )
        if self.pooling not in (*_POOLINGS, "none"):
            raise ValueError(
                f"pooling must be one of {', '.join(_POOLINGS)}, none, got {self.pooling!r}"
            )

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class SimpleCNN(nn.Sequential):
    """The article's network as named modules, so that hooks see every step.

    (B, 1, 28, 28) -> (B, 10) logits; 2,346 parameters with the default architecture. Its
    state-dict keys are those of a plain class with the same attribute names. Parameters are
    created in the article's order, so a seed gives the article's initial weights.
    """

    def __init__(self, architecture: Architecture | None = None) -> None:
        architecture = architecture or Architecture()
        first, second = architecture.channels
        kernel = architecture.kernel_size
        activation = _ACTIVATIONS[architecture.activation]
        modules: OrderedDict[str, nn.Module] = OrderedDict()
        size = IMAGE_SIZE
        for index, (channels_in, channels_out) in enumerate(((1, first), (first, second)), start=1):
            modules[f"conv{index}"] = nn.Conv2d(channels_in, channels_out, kernel)
            modules[f"{architecture.activation}{index}"] = activation()
            size -= kernel - 1
            if architecture.pooling != "none":
                modules[f"pool{index}"] = _POOLINGS[architecture.pooling](2, 2)
                size //= 2
        modules["flatten"] = nn.Flatten()
        modules["fc"] = nn.Linear(second * size * size, CLASSES)
        super().__init__(modules)
        self.architecture = architecture


class FullyConnected(nn.Sequential):
    """A network without convolution, of about as many parameters: (B, 1, 28, 28) -> (B, 10).

    With the default three hidden units it has 2,395 parameters, the article's network 2,346.
    """

    def __init__(self, hidden: int = 3) -> None:
        if not isinstance(hidden, int) or not 1 <= hidden <= 4096:
            raise ValueError(f"hidden must be a whole number from 1 to 4096, got {hidden!r}")
        super().__init__(
            OrderedDict(
                flatten=nn.Flatten(),
                fc1=nn.Linear(IMAGE_SIZE * IMAGE_SIZE, hidden),
                relu1=nn.ReLU(),
                fc2=nn.Linear(hidden, CLASSES),
            )
        )
        self.hidden = hidden


# The global generator is borrowed, and two sessions may ask at once.
_seeding = threading.Lock()


def untrained(architecture: Architecture | None = None, seed: int = UNTRAINED_SEED) -> SimpleCNN:
    """The network as it is before training, from `seed`; the global generator is left alone."""
    with _seeding, torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return SimpleCNN(architecture).eval()


def parameter_count(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())
