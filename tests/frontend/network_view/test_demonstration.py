"""Where the demonstration's window goes."""

import numpy as np
import pytest

from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from tests.javascript import Node

STROKE = """
const { strokeOf } = await load("network_view/demonstration.js");
return strokeOf(sent, 28, 28);
"""


def test_it_runs_along_the_bar_of_the_seven_from_its_first_ink_to_its_last(node: Node) -> None:
    image = prepare(samples.ink(7)).centred
    places = node.run(STROKE, image.flatten().tolist())
    (row,) = {place["row"] for place in places}
    columns = [place["col"] for place in places]
    assert row < 14
    assert (image[row] > 0.5).sum() == (image[:14] > 0.5).sum(axis=1).max()
    inked = np.flatnonzero(image[row] > 0.5)
    assert columns == list(range(inked[0], inked[-1] + 1))


def test_without_ink_there_is_nowhere_to_go(node: Node) -> None:
    assert node.run(STROKE, [0.0] * 784) == []


UNITS = """
const { unitsOver } = await load("network_view/demonstration.js");
const hyper = { padding_mode: "zeros", ...sent.hyper };
const layer = {
  name: "conv1", kind: "conv2d", hyper, shape: [1, ...sent.shape], inShape: [1, 28, 28],
  weight: null, weightShape: null, bias: null,
};
const network = { image: { shape: [1, 28, 28] }, layers: [layer] };
return unitsOver(network, sent.pixels);
"""


@pytest.mark.parametrize(
    ("hyper", "shape", "units"),
    [
        # The article's: a 3 by 3 window's middle is one cell from its first.
        ({"kernel": 3, "stride": 1, "padding": 0, "dilation": 1}, 26, [(6, 9), (6, 10)]),
        # LeNet-5's, in a frame: the middle of a 5 by 5 window is the unit's own place.
        ({"kernel": 5, "stride": 1, "padding": 2, "dilation": 1}, 28, [(7, 10), (7, 11)]),
        # Every other pixel lies in the middle of a window.
        ({"kernel": 3, "stride": 2, "padding": 0, "dilation": 1}, 13, [(3, 5)]),
        ({"kernel": 3, "stride": 1, "padding": 0, "dilation": 2}, 24, [(5, 8), (5, 9)]),
    ],
)
def test_the_pixel_lies_in_the_middle_of_the_window(
    node: Node, hyper: dict[str, int], shape: int, units: list[tuple[int, int]]
) -> None:
    sent = {
        "hyper": {name: [value, value] for name, value in hyper.items()},
        "shape": [shape, shape],
        "pixels": [{"row": 7, "col": 10}, {"row": 7, "col": 11}],
    }
    found = node.run(UNITS, sent)
    assert [(unit["row"], unit["col"]) for unit in found] == units
