"""Where one's drawing lies: Python's place, or the browser's while one draws."""

from cnnviz.views.letters import letters
from tests.javascript import Node


def floats(*values: float) -> str:
    return letters(values, "<f4")


LIVE = {"view": "v", "layer": "fc", "mean": floats(1, 1), "axes": floats(1, 0, 0, 1)}
OTHER = {**LIVE, "layer": "relu", "axes": floats(0, 1, 1, 0)}
DRAWING = """
const { Drawing } = await load("scatter/drawing.js");
const drawing = new Drawing();
const seen = [];
const note = () => seen.push([drawing.own, drawing.preview]);
const hear = (source, values, blank = false) => {
  drawing.hear({ source, blank, valuesOf: () => Float32Array.from(values) });
  note();
};
const receive = (live, own) => { drawing.receive(live, own); note(); };
"""


def test_a_preview_stands_before_pythons_place_until_torch_answers(node: Node) -> None:
    body = (
        DRAWING
        + """
    receive(sent, [9, 9]);
    hear("preview", [3, 4]);
    receive(sent, [8, 8]);
    hear("torch", [2, 2]);
    hear("preview", [0, 0, 0]);  // of another network
    hear("torch", [0, 0], true);
    return seen;"""
    )
    assert node.run(body, LIVE) == [
        [[9, 9], False],
        [[2, 3], True],
        [[2, 3], True],
        [[1, 1], False],
        [[1, 1], False],
        [None, False],
    ]


def test_no_preview_outlives_the_points_that_it_was_among(node: Node) -> None:
    body = (
        DRAWING
        + """
    receive(sent.live, [9, 9]);
    hear("preview", [3, 4]);
    receive(sent.other, [8, 8]);
    hear("preview", [3, 4]);
    receive(null, [7, 7]);
    return seen;"""
    )
    assert node.run(body, {"live": LIVE, "other": OTHER}) == [
        [[9, 9], False],
        [[2, 3], True],
        [[8, 8], False],
        [[3, 2], True],
        [[7, 7], False],
    ]
