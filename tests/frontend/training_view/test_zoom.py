"""A zoom of the curve is told from the ranges that Python, or the strip, gave the chart."""

from typing import Any

import pytest

from cnnviz.figures import training as figures
from cnnviz.runs import folders, history, recorder
from cnnviz.training.config import TrainingConfig
from cnnviz.training.events import Wish
from tests.javascript import Node

FIRST = {"xaxis": [-0.5, 1.4], "yaxis": [0, 2.5], "yaxis2": [0, 101]}
LATER = {**FIRST, "xaxis": [-0.5, 3.1]}


def layout(shown: dict[str, list[float]], **axis: object) -> dict[str, Any]:
    axes = {name: {"range": ends, **axis} for name, ends in shown.items()}
    return {**axes, "meta": {"first": FIRST, "whole": LATER}}


def chosen(node: Node, sent: object) -> object:
    code = 'const { chosen } = await load("training_view/zoom.js"); return chosen(sent)'
    return node.run(code, sent)


@pytest.mark.parametrize("shown", [FIRST, LATER], ids=["first", "later"])
def test_ranges_of_the_whole_run_are_no_zoom_be_they_the_first_or_the_last(
    node: Node, shown: dict[str, list[float]]
) -> None:
    assert chosen(node, layout(shown)) is None


@pytest.mark.parametrize("axis", FIRST)
def test_any_axis_zoomed_keeps_all_three_as_they_are(node: Node, axis: str) -> None:
    shown = {**LATER, axis: [0.2, 0.9]}
    assert chosen(node, layout(shown)) == shown


def test_ranges_that_plotly_looked_for_itself_are_no_zoom(node: Node) -> None:
    assert chosen(node, layout({**LATER, "yaxis": [0.1, 2.2]}, autorange=True)) is None


def test_a_chart_that_tells_no_ranges_of_its_whole_run_has_no_zoom(node: Node) -> None:
    assert chosen(node, {"xaxis": {"range": [0, 1]}}) is None


def test_the_figure_of_a_run_is_as_it_was_drawn(node: Node) -> None:
    small = TrainingConfig(preset="own", dataset="digits", train_size=96, batch_size=32)
    folder = folders.create(small)
    asked = iter(range(100))
    recorder.record(folder, lambda: Wish(stop=next(asked) >= 3))
    drawn = figures.curve(history.read(folder)).to_plotly_json()["layout"]
    sent = {name: drawn[name] for name in (*FIRST, "meta")}
    assert chosen(node, sent) is None
    sent["yaxis"] = {**sent["yaxis"], "range": [0.5, 1]}
    assert chosen(node, sent) is not None
