"""Networks as people build, open and teach them, by what is odd about each."""

import json
from collections.abc import Mapping
from functools import lru_cache

from cnnviz.drawing.frames import Frame
from cnnviz.networks.architecture import LENET5, TINYVGG, Architecture
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.models import FullyConnected, SimpleCNN, untrained
from cnnviz.networks.notation import layers_of
from cnnviz.networks.seeding import seeded

SYMBOLS = ("sun", "moon", "star")
COLOURS = "conv2d 6 3 padding=1, relu, maxpool2d 2, conv2d 8 3, relu, avgpool2d 2, flatten, linear"
AVERAGED = "conv2d 4 5 stride=2, batchnorm2d, leakyrelu, conv2d 8 3, relu, globalavgpool2d, flatten"


def _built(layers: str, shape: tuple[int, int, int], classes: tuple[str, ...] = ()) -> Checkpoint:
    count = len(classes) or 10
    model = untrained(Architecture(layers_of(layers), shape, count))
    return _checkpoint(model, shape, classes)


def _checkpoint(
    model: SimpleCNN | FullyConnected, shape: tuple[int, int, int], classes: tuple[str, ...] = ()
) -> Checkpoint:
    said = {"frame": json.dumps(Frame.like_mnist(shape).to_dict())}
    if classes:
        said["classes"] = json.dumps(classes)
        said["recipe"] = json.dumps({"dataset": "own-my-symbols-0123456789ab"})
    return Checkpoint(model, said, "built")


@lru_cache(maxsize=1)
def several() -> Mapping[str, Checkpoint]:
    """By a name for people; read-only, since all tests share them."""
    with seeded(3):
        without = FullyConnected(16).eval()
    taught = "conv2d 4 3, relu, maxpool2d 2, conv2d 8 3, relu, maxpool2d 2, flatten, linear 3"
    return {
        "LeNet-5": _checkpoint(untrained(Architecture(LENET5)), (1, 28, 28)),
        "TinyVGG": _checkpoint(untrained(Architecture(TINYVGG)), (1, 28, 28)),
        "32×32 in colour": _built(f"{COLOURS} 5", (3, 32, 32), tuple("abcde")),
        "64×64": _built(f"{AVERAGED}, linear 10", (1, 64, 64)),
        "8 rows, 20 columns": _built("conv2d 3 3, relu, flatten, linear 10", (1, 8, 20)),
        "without convolution": _checkpoint(without, (1, 28, 28)),
        "taught": _built(taught, (1, 28, 28), SYMBOLS),
    }


NAMES = (
    *("LeNet-5", "TinyVGG", "32×32 in colour", "64×64", "8 rows, 20 columns"),
    *("without convolution", "taught"),
)
