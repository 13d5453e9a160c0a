"""The confusion matrix: its numbers, its colours, and what can be clicked."""

from typing import Any

import numpy as np

from cnnviz.figures.confusion import confusion
from cnnviz.palette import MARKS, rgb

COUNTS = np.diag(np.arange(900, 1000, 10))
COUNTS[7, 1] = 12


def test_the_colour_is_of_the_mistakes_alone_and_every_count_is_said():
    heatmap: Any = confusion(COUNTS).data[0]
    assert heatmap.z.sum() == heatmap.z[7, 1] == 12
    assert heatmap.text[3][3] == "930"
    assert heatmap.text[7][1] == "12"
    assert heatmap.text[0][1] == ""
    assert ",".join(map(str, rgb(MARKS.positive))) in heatmap.colorscale[1][1]


def test_a_point_of_each_cell_can_be_clicked_and_says_its_count():
    points: Any = confusion(COUNTS).data[1]
    cells = zip(points.y, points.x, points.customdata, strict=True)
    assert {(int(y), int(x)): n for y, x, (n, _, _) in cells} == {
        (row, column): COUNTS[row, column] for row in range(10) for column in range(10)
    }


def test_classes_with_names_are_named_on_the_axes_and_at_each_point():
    figure: Any = confusion(np.array([[3, 1], [0, 2]]), classes=("cat", "dog"))
    assert figure.layout.xaxis.ticktext == figure.layout.yaxis.ticktext == ("cat", "dog")
    assert [list(said) for said in figure.data[1].customdata][1] == [1, "cat", "dog"]
