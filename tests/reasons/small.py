"""Small networks, pictures and drawings that the tests of reasons share."""

from collections import OrderedDict

import numpy as np
import torch
from torch import Tensor, nn

from cnnviz.datasets.catalogue import DATASETS
from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.networks.architecture import Architecture
from cnnviz.networks.models import SimpleCNN, untrained
from cnnviz.networks.notation import layers_of
from cnnviz.networks.trace import as_image
from cnnviz.reasons.examples import Examples

PICTURE = (1, 10, 9)


def network(seed: int = 3, picture: tuple[int, int, int] = PICTURE) -> SimpleCNN:
    """Of three classes, with random weights."""
    layers = layers_of(
        "conv2d 3 3 padding=1, relu, maxpool2d 2, conv2d 4 3, relu, flatten, linear 3"
    )
    return untrained(Architecture(layers, picture, 3), seed)


def coloured() -> SimpleCNN:
    """`network`, for pictures (3, 9, 8)."""
    return network(picture=(3, 9, 8))


def linear() -> SimpleCNN:
    """For pictures (1, 9, 8), of three classes."""
    return untrained(Architecture(layers_of("flatten, linear 3"), (1, 9, 8), 3), 5)


def digit(number: int) -> Tensor:
    """Our drawing of it, as the article's network sees it: (1, 1, 28, 28)."""
    return as_image(prepare(samples.ink(number)).centred)


def noise(*shape: int) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(11))


def pictures(many: int = 60, seed: int = 1, shape: tuple[int, ...] = PICTURE) -> Examples:
    """Random ones, of three classes."""
    generator = np.random.default_rng(seed)
    images = generator.random((many, *shape), dtype=np.float32)
    labels = generator.integers(0, 3, many)
    return Examples(DATASETS["digits"], images, labels)


def row(*modules: nn.Module) -> nn.Sequential:
    return nn.Sequential(OrderedDict((f"layer{i}", m) for i, m in enumerate(modules)))
