import numpy as np
import pytest

from cnnviz.figures import confusion, deletion, reasons, robustness, signals, step
from cnnviz.figures.text import SIZE
from cnnviz.palette import LIGHT

LINE = np.array([1.0, 2.0, 0.5])
FIGURES = {
    "confusion": lambda: confusion.confusion(np.eye(3, dtype=np.int64), LIGHT, ["a", "b", "c"]),
    "deletion": lambda: deletion.curves([0, 0.5, 1], {"its order": [3.0, 1.0, 0.0]}),
    "distribution": lambda: reasons.distribution(LINE.astype(np.float32), 1.0),
    "robustness": lambda: robustness.curves([0, 1], {"CNN": [1.0, 0.5]}, 0, "°"),
    "superposition": lambda: signals.superposition(LINE, LINE, LIGHT),
    "filtering": lambda: signals.filtering(LINE, LINE, LIGHT),
    "step": lambda: step.loss_against_rate([0.1, 1.0], [2.0, 3.0], 0.1, 2.5),
}


@pytest.mark.parametrize("name", FIGURES)
def test_no_words_of_a_figure_are_of_another_size_than_the_pages_small_ones(name: str) -> None:
    figure = FIGURES[name]()
    layout = figure.to_dict()["layout"]
    axes = [*figure.select_xaxes(), *figure.select_yaxes()]
    assert axes
    assert {axis.tickfont.size for axis in axes} == {SIZE}
    assert {axis.title.font.size for axis in axes} == {SIZE}
    assert {layout["font"]["size"], layout["legend"]["font"]["size"]} == {SIZE}
    assert {words["font"]["size"] for words in layout.get("annotations", [])} <= {SIZE}
