"""The article's network, and the small sequential models shown beside it."""

from collections import OrderedDict

from torch import nn

from cnnviz.networks.architecture import CLASSES, IMAGE_SIZE, Architecture
from cnnviz.networks.seeding import seeded

UNTRAINED_SEED = 42

_ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh}
_POOLINGS: dict[str, type[nn.Module]] = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}


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
        for index, (channels_in, channels_out) in enumerate(((1, first), (first, second)), start=1):
            modules[f"conv{index}"] = nn.Conv2d(channels_in, channels_out, kernel)
            modules[f"{architecture.activation}{index}"] = activation()
            if architecture.pooling != "none":
                modules[f"pool{index}"] = _POOLINGS[architecture.pooling](2, 2)
        modules["flatten"] = nn.Flatten()
        modules["fc"] = nn.Linear(architecture.features, CLASSES)
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


def untrained(architecture: Architecture | None = None, seed: int = UNTRAINED_SEED) -> SimpleCNN:
    """The network as it is before training, from `seed`; the global generator is left alone."""
    with seeded(seed):
        return SimpleCNN(architecture).eval()


def parameter_count(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())
