"""Where the demonstration's window goes."""

import numpy as np

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
