"""All that Python knows about each kind of layer: one entry a kind.

To add a kind, write its entry (`activations.py` has short ones), name it here, and write its entry
for the view in frontend/network_view/kinds.js. Nothing else names kinds.
"""

from cnnviz.networks.kinds.activations import LeakyReLU, ReLU, Sigmoid, Tanh
from cnnviz.networks.kinds.convolution import Conv2d
from cnnviz.networks.kinds.layer import Layer
from cnnviz.networks.kinds.normalisation import Normalize
from cnnviz.networks.kinds.pooling import AvgPool2d, GlobalAvgPool2d, MaxPool2d
from cnnviz.networks.kinds.regularisation import BatchNorm2d, Dropout
from cnnviz.networks.kinds.vectors import Flatten, Linear

KINDS: dict[str, type[Layer]] = {
    kind.kind: kind
    for kind in (
        *(Conv2d, BatchNorm2d, ReLU, LeakyReLU, Tanh, Sigmoid),
        *(MaxPool2d, AvgPool2d, GlobalAvgPool2d, Dropout, Flatten, Linear),
        Normalize,
    )
}


def kind_of(module: object) -> type[Layer]:
    """The row of a torch module. Raises ValueError for one of another class."""
    name = type(module).__name__
    for kind in KINDS.values():
        if kind.torch_name == name and type(module) is kind.module_class():
            return kind
    known = ", ".join(kind.torch_name for kind in KINDS.values())
    raise ValueError(f"is a {name}; known are {known}")
