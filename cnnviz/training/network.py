"""Which network a run trains: the settings that describe it, and what they make. No torch here."""

from collections.abc import Mapping
from typing import Any

from cnnviz.networks.architecture import (
    ACTIVATIONS,
    KERNEL_SIZES,
    LENET5,
    MOST_CHANNELS,
    POOLINGS,
    TINYVGG,
    Architecture,
    for_pictures,
    fully_connected,
    two_convolutions,
)
from cnnviz.training.settings import (
    Layers,
    Option,
    Whole,
    Wholes,
    choice,
    network_of,
    row,
)

_CNN, _FULLY_CONNECTED = ("model", "SimpleCNN"), ("model", "FullyConnected")

MODEL = row(
    choice(
        Option("SimpleCNN", "CNN", flag="cnn"),
        # Said with its hidden units.
        Option("FullyConnected", "fully conn.", flag="fully-connected", said=""),
        Option("LeNet-5", flag="lenet5"),
        Option("TinyVGG", flag="tinyvgg"),
        Option("Layers", "own layers", flag="layers", said=""),
    ),
    "Network",
    "CNN: two convolutions. The fully connected one has as many weights, but knows "
    "nothing of neighbours. LeNet-5 read cheques in 1998; TinyVGG is CNN Explainer's.",
)

HIDDEN = row(
    Whole(1, 1024),
    "Hidden units",
    "Between the pixels and the classes, in the fully connected network.",
    said="fully connected, {} hidden",
    only_with=_FULLY_CONNECTED,
)

CHANNELS = row(
    Wholes(("conv1 maps", "conv2 maps"), 1, MOST_CHANNELS),
    "Maps",
    "How many kernels a convolution has: a map for each.",
    said="{} and {} maps",
    only_with=_CNN,
)

KERNEL_SIZE = row(
    choice(*KERNEL_SIZES),
    "Kernel size",
    "Pixels a kernel sees, a side, in both convolutions.",
    said="{0}×{0} kernels",
    only_with=_CNN,
)

ACTIVATION = row(
    choice(*ACTIVATIONS),
    "Activation",
    "What becomes of each sum: relu makes 0 of negative ones, tanh bends all into ±1.",
    only_with=_CNN,
)

POOLING = row(
    choice(*(Option(p, said="no" if p == "none" else p) for p in POOLINGS)),
    "Pooling",
    "How maps are halved.",
    said="{} pooling",
    only_with=_CNN,
)

LAYERS = row(
    Layers(),
    "Layers",
    "A network as a list, such as conv2d 8 3 padding=1, relu, maxpool2d 2, flatten, "
    "linear 10. In this order: how many maps, and the kernel's pixels a side.",
    only_with=("model", "Layers"),
)

START = row(
    choice(
        Option("random", "from nothing", said=""),
        Option("article", "the shipped convolutions", said="from the shipped convolutions"),
    ),
    "Start",
    "From nothing: every weight is drawn at random. The shipped convolutions have learnt "
    "on MNIST what strokes are made of; only what follows them is drawn at random.",
    only_with=_CNN,
)


def architecture(
    settings: Mapping[str, Any], picture: tuple[int, int, int], classes: int
) -> Architecture:
    """The network that `settings`, each within its row's range, describe: for pictures of shape
    (channels, rows, columns) and as many `classes`.

    Raises:
        ValueError: if it doesn't fit the pictures.
    """
    match settings["model"]:
        case "FullyConnected":
            return fully_connected(settings["hidden"], picture, classes)
        case "LeNet-5":
            return for_pictures(LENET5, picture, classes)
        case "TinyVGG":
            return for_pictures(TINYVGG, picture, classes)
        case "Layers":
            return network_of(settings["layers"], picture, classes)
    return two_convolutions(
        settings["channels"],
        settings["kernel_size"],
        settings["activation"],
        settings["pooling"],
        picture,
        classes,
    )
