"""Networks and a drawing that the tests of explanations share."""

import torch
from torch import Tensor

from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.networks import models
from cnnviz.networks.architecture import Architecture
from cnnviz.networks.kinds import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnviz.networks.models import SimpleCNN
from cnnviz.networks.trace import as_image


def digit(number: int) -> Tensor:
    """Our drawing of it, as the article's network sees it: (1, 1, 28, 28)."""
    return as_image(prepare(samples.ink(number)).centred)


def small(channels: int = 3, seed: int = 3) -> SimpleCNN:
    """A network for pictures (channels, 9, 8) of three classes, whose weights are random."""
    layers = (Conv2d(3, 3), ReLU(), MaxPool2d(2), Conv2d(4, 2), ReLU(), Flatten(), Linear(3))
    return models.untrained(Architecture(layers, (channels, 9, 8), 3), seed)


def linear() -> SimpleCNN:
    return models.untrained(Architecture((Flatten(), Linear(3)), (1, 9, 8), 3), 5)


def noise(*shape: int) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(11))
