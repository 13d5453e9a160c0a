"""Small networks and pictures that the tests of reasons share."""

from collections import OrderedDict

import numpy as np
from torch import nn

from cnnviz.datasets.catalogue import DATASETS
from cnnviz.networks.architecture import Architecture
from cnnviz.networks.models import SimpleCNN, untrained
from cnnviz.networks.notation import layers_of
from cnnviz.reasons.examples import Examples

PICTURE = (1, 10, 9)


def network(seed: int = 3) -> SimpleCNN:
    layers = layers_of(
        "conv2d 3 3 padding=1, relu, maxpool2d 2, conv2d 4 3, relu, flatten, linear 3"
    )
    return untrained(Architecture(layers, PICTURE, 3), seed)


def pictures(many: int = 60, seed: int = 1, shape: tuple[int, ...] = PICTURE) -> Examples:
    """Random ones, of three classes."""
    generator = np.random.default_rng(seed)
    images = generator.random((many, *shape), dtype=np.float32)
    labels = generator.integers(0, 3, many)
    return Examples(DATASETS["digits"], images, labels)


def row(*modules: nn.Module) -> nn.Sequential:
    return nn.Sequential(OrderedDict((f"layer{i}", m) for i, m in enumerate(modules)))
