"""What a small convolutional network is made of, as data: no torch here.

`cnnviz.networks.models` builds it.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal

IMAGE_SIZE = 28
CLASSES = 10

Activation = Literal["relu", "tanh"]
Pooling = Literal["max", "average", "none"]

ACTIVATIONS: tuple[Activation, ...] = ("relu", "tanh")
POOLINGS: tuple[Pooling, ...] = ("max", "average", "none")
KERNEL_SIZES = (1, 3, 5, 7)
MOST_CHANNELS = 64


@dataclass(frozen=True)
class Architecture:
    """What a small convolutional classifier for 28x28 digits is made of.

    The defaults are the article's network. `channels` are the output channels of the two
    convolutions (1-64 each), `kernel_size` is that of both (odd, 1-7).

    Raises:
        ValueError: naming the part, its value and what it may be.
    """

    channels: tuple[int, int] = (4, 8)
    kernel_size: int = 3
    activation: Activation = "relu"
    pooling: Pooling = "max"

    def __post_init__(self) -> None:
        # JSON gives lists; a frozen dataclass should stay hashable.
        if isinstance(self.channels, list):
            object.__setattr__(self, "channels", tuple(self.channels))
        if (
            not isinstance(self.channels, tuple)
            or len(self.channels) != 2
            or not all(_is_whole(c) and 1 <= c <= MOST_CHANNELS for c in self.channels)
        ):
            raise ValueError(
                f"channels must be two whole numbers from 1 to {MOST_CHANNELS}, got {self.channels}"
            )
        if not _is_whole(self.kernel_size) or self.kernel_size not in KERNEL_SIZES:
            raise ValueError(f"kernel_size must be 1, 3, 5 or 7, got {self.kernel_size!r}")
        if self.activation not in ACTIVATIONS:
            raise ValueError(
                f"activation must be one of {', '.join(ACTIVATIONS)}, got {self.activation!r}"
            )
        if self.pooling not in POOLINGS:
            raise ValueError(f"pooling must be one of {', '.join(POOLINGS)}, got {self.pooling!r}")

    @property
    def features(self) -> int:
        """How many values the last layer reads: (C, H, W) of the second block, flattened."""
        size = IMAGE_SIZE
        for _ in self.channels:
            size -= self.kernel_size - 1
            if self.pooling != "none":
                size //= 2
        return self.channels[-1] * size * size

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
