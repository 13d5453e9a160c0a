"""What a network is made of, as data: a list of layers, and the pictures and classes it is for.

No torch here. `cnnviz.networks.models` builds it; `cnnviz.networks.kinds` says what layers are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from cnnviz.drawing.classes import MOST_CLASSES
from cnnviz.drawing.frames import SHAPE, Frame, check_shape, is_whole
from cnnviz.networks import advice
from cnnviz.networks.kinds import (
    AvgPool2d,
    Conv2d,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    Normalize,
    ReLU,
    Tanh,
)
from cnnviz.networks.notation import layer_of, layers_of
from cnnviz.networks.steps import Step, walk

CLASSES = 10

Activation = Literal["relu", "tanh"]
Pooling = Literal["max", "average", "none"]

ACTIVATIONS: tuple[Activation, ...] = ("relu", "tanh")
POOLINGS: tuple[Pooling, ...] = ("max", "average", "none")
KERNEL_SIZES = (1, 3, 5, 7)
MOST_CHANNELS = 64

ARTICLE = layers_of(
    "conv2d 4 3, relu, maxpool2d 2, conv2d 8 3, relu, maxpool2d 2, flatten, linear 10"
)
"""The network of the article "Convolutional Neural Networks"."""

LENET5 = layers_of(
    "conv2d 6 5 padding=2, tanh, avgpool2d 2, conv2d 16 5, tanh, avgpool2d 2, "
    "conv2d 120 5, tanh, flatten, linear 84, tanh, linear 10"
)
"""LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition",
1998, as it is built today: plain averages, C3 reads all of S2's maps, and a linear layer with
softmax at the end. Its 32 × 32 pictures are 28 × 28 ones in a frame."""

TINYVGG = layers_of(
    "conv2d 10 3, relu, conv2d 10 3, relu, maxpool2d 2, "
    "conv2d 10 3, relu, conv2d 10 3, relu, maxpool2d 2, flatten, linear 10"
)
"""The network that CNN Explainer shows (Wang et al., 2020), whose own pictures are 3 × 64 × 64."""


class MisfitError(ValueError):
    """Layers that don't make a network: which one, why, and one change that would do."""


@dataclass(frozen=True)
class Architecture:
    """A classifier as a list of 1 to 16 layers, of up to 2 million parameters.

    It reads pictures `picture` (C, H, W), C 1 or 3 and sides of 8 to 64 pixels, and gives a score
    to each of `classes`, with up to 20 million multiplications. The default is the article's.

    Raises:
        MisfitError: for layers that don't fit together, naming one of them, both shapes and a
            change that would do.
        ValueError: naming what else can't be, its value and what it may be.
    """

    layers: tuple[Layer, ...] = ARTICLE
    picture: tuple[int, int, int] = SHAPE
    classes: int = CLASSES

    def __post_init__(self) -> None:
        check_shape(self.picture)
        if not is_whole(self.classes) or not 2 <= self.classes <= MOST_CLASSES:
            raise ValueError(
                f"classes must be a whole number from 2 to {MOST_CLASSES}, got {self.classes!r}"
            )
        # Those of the settings form were there before the limit: 64 maps of 7 × 7 kernels are slow.
        most = (
            None if _is_two_convolutions(self.layers, self.classes) else advice.MOST_MULTIPLICATIONS
        )
        wanted = advice.Wanted(self.picture, self.classes, most)
        if (problem := advice.problem(self.layers, wanted)) is not None:
            raise MisfitError(advice.in_words(self.layers, wanted, problem))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Each layer with its name, its shapes and what it costs."""
        return tuple(walk(self.layers, self.picture))

    @property
    def parameters(self) -> int:
        return sum(step.parameters for step in self.steps)

    @property
    def multiplications(self) -> int:
        """For one picture."""
        return sum(step.multiplications for step in self.steps)

    def to_dict(self) -> dict[str, Any]:
        """As JSON; `from_dict` reads it."""
        return {
            "layers": [str(layer) for layer in self.layers],
            "picture": list(self.picture),
            "classes": self.classes,
        }

    @classmethod
    def from_dict(cls, described: Mapping[str, Any]) -> "Architecture":
        """What `to_dict` gave, or what files said of two convolutions before there were lists.

        Raises ValueError for whatever else it may be.
        """
        if "layers" not in described:
            try:
                return two_convolutions(**described)
            except TypeError as error:
                raise ValueError(str(error)) from None
        if odd := described.keys() - {"layers", "picture", "classes"}:
            raise ValueError(f"{sorted(odd)[0]!r:.60} is no part of an architecture")
        layers, picture = described["layers"], described.get("picture", cls.picture)
        if not isinstance(layers, list) or not 1 <= len(layers) <= advice.MOST_LAYERS:
            raise ValueError(f"layers must be a list of 1 to {advice.MOST_LAYERS}")
        if not all(isinstance(layer, str) and len(layer) < 200 for layer in layers):
            raise ValueError('each layer must be a text such as "conv2d 8 3"')
        return cls(
            tuple(map(layer_of, layers)),
            tuple(picture) if isinstance(picture, list) else picture,
            described.get("classes", CLASSES),
        )


def two_convolutions(
    channels: tuple[int, int] = (4, 8),
    kernel_size: int = 3,
    activation: Activation = "relu",
    pooling: Pooling = "max",
    picture: tuple[int, int, int] = SHAPE,
    classes: int = CLASSES,
) -> Architecture:
    """The article's network with other numbers.

    `channels` are the maps of the two convolutions (1-64 each), `kernel_size` is that of both.
    Raises ValueError naming the part, its value and what it may be.
    """
    if isinstance(channels, list):  # JSON's
        channels = tuple(channels)  # type: ignore[assignment]  # two of them, or refused below
    if (
        not isinstance(channels, tuple)
        or len(channels) != 2
        or not all(is_whole(c) and 1 <= c <= MOST_CHANNELS for c in channels)
    ):
        raise ValueError(
            f"channels must be two whole numbers from 1 to {MOST_CHANNELS}, got {channels}"
        )
    if not is_whole(kernel_size) or kernel_size not in KERNEL_SIZES:
        raise ValueError(f"kernel_size must be 1, 3, 5 or 7, got {kernel_size!r}")
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, got {activation!r}")
    if pooling not in POOLINGS:
        raise ValueError(f"pooling must be one of {', '.join(POOLINGS)}, got {pooling!r}")
    follow: list[Layer] = [ReLU() if activation == "relu" else Tanh()]
    if pooling != "none":
        follow.append(MaxPool2d(2) if pooling == "max" else AvgPool2d(2))
    return Architecture(_blocks(channels, kernel_size, classes, *follow), picture, classes)


def fully_connected(
    hidden: int, picture: tuple[int, int, int] = SHAPE, classes: int = CLASSES
) -> Architecture:
    """A network without convolution."""
    return Architecture(without_convolution(hidden, classes), picture, classes)


def without_convolution(hidden: int, classes: int) -> tuple[Layer, ...]:
    """The layers of such a network, of any size."""
    return Flatten(), Linear(hidden), ReLU(), Linear(classes)


def normalisation_of(frame: Frame) -> Normalize | None:
    """The layer that normalises pictures of `frame`, where they have a normalisation."""
    if frame.mean is None or frame.std is None:
        return None
    return Normalize.of(frame.mean, frame.std)


def normalised(network: Architecture, frame: Frame) -> Architecture:
    """The same, beginning with the normalisation of the pictures of `frame`, where they have one
    and the network hasn't."""
    first = normalisation_of(frame)
    if first is None or isinstance(network.layers[0], Normalize):
        return network
    return Architecture((first, *network.layers), network.picture, network.classes)


def for_pictures(
    layers: tuple[Layer, ...], picture: tuple[int, int, int], classes: int
) -> Architecture:
    """A preset's `layers`, which end in scores of ten classes, for others: the last is as long."""
    return Architecture((*layers[:-1], Linear(classes)), picture, classes)


def has_convolutions_of_article(architecture: Architecture) -> bool:
    """Whether all but its last layer are the article's, on pictures of as many channels."""
    same = architecture.layers[:-1] == ARTICLE[:-1]
    return same and architecture.picture[0] == SHAPE[0]


def _blocks(
    channels: tuple[int, int], kernel: int, classes: int, *follow: Layer
) -> tuple[Layer, ...]:
    """Two convolutions, each with what follows it, and the linear layer."""
    first, second = (Conv2d(count, kernel) for count in channels)
    return (first, *follow, second, *follow, Flatten(), Linear(classes))


def _is_two_convolutions(layers: tuple[Layer, ...], classes: int) -> bool:
    """Whether they are such as `two_convolutions` makes."""
    if isinstance(layers[0] if layers else None, Normalize):
        layers = layers[1:]
    convolutions = [layer for layer in layers if isinstance(layer, Conv2d)]
    if len(convolutions) != 2:
        return False
    channels = (convolutions[0].channels, convolutions[1].channels)
    return (
        max(channels) <= MOST_CHANNELS
        and convolutions[0].kernel in KERNEL_SIZES
        and any(
            layers == _blocks(channels, convolutions[0].kernel, classes, activation, *pooling)
            for activation in (ReLU(), Tanh())
            for pooling in ((), (MaxPool2d(2),), (AvgPool2d(2),))
        )
    )
