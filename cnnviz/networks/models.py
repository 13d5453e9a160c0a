"""Networks of torch: the article's, any other list of layers, and the one without convolution."""

from collections import OrderedDict

from torch import nn

from cnnviz.networks.architecture import CLASSES, IMAGE_SIZE, Architecture
from cnnviz.networks.seeding import seeded

UNTRAINED_SEED = 42


class SimpleCNN(nn.Sequential):
    """A list of layers as named modules, so that hooks see every step; the article's by default.

    (B, C, H, W) -> (B, classes) logits. The article's state-dict keys are those of a plain class
    with the same attribute names. Parameters are created in the layers' order, so a seed gives the
    article's initial weights.
    """

    def __init__(self, architecture: Architecture | None = None) -> None:
        architecture = architecture or Architecture()
        steps = architecture.steps
        super().__init__(OrderedDict((step.name, step.layer.module(step.given)) for step in steps))
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


def untrained(architecture: Architecture | None = None, seed: int = UNTRAINED_SEED) -> SimpleCNN:
    """The network as it is before training, from `seed`; the global generator is left alone."""
    with seeded(seed):
        return SimpleCNN(architecture).eval()


def parameter_count(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())
