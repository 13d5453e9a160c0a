"""What the sentence beside the canvas says of a network's probabilities."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.javascript import Node

SAY = """
const { sentences } = await load("reading/words.js");
return sentences(sent).map(({ strong, text }) => (strong ? `*${strong}*` : "") + text);
"""
READ = 'const { read } = await load("reading/words.js"); return read(sent);'


def said(node: Node, probabilities: list[float], **known: Any) -> list[str]:
    classes = [str(index) for index in range(len(probabilities))]
    facts = {"blank": False, "unlike": None, "truth": None, "classes": classes}
    return node.run(SAY, {**facts, **known, "probabilities": probabilities})


def test_the_best_guess_its_share_of_the_vote_and_the_next(node: Node) -> None:
    assert said(node, [0.05, 0.95]) == [
        "*Best guess 1*, with 95.0 % of the vote.",
        "Next: 0, 5.0 %.",
    ]


def test_certainty_is_never_rounded_up_to(node: Node) -> None:
    assert said(node, [1 - 1e-6, 1e-6]) == [
        "*Best guess 0*, with > 99.9 % of the vote.",
        "Next: 1, < 0.1 %.",
    ]


@pytest.mark.parametrize(
    ("probabilities", "unsure"),
    [
        ([0.9, 0.1], False),
        ([0.61, 0.39], False),
        ([0.59, 0.41], True),  # within 20 points
        ([0.5, 0.1, 0.1, 0.1, 0.1, 0.1], True),  # none above 50 %
        ([0.52, 0.12, 0.12, 0.12, 0.12], False),
    ],
)
def test_unsure_is_within_twenty_points_or_none_above_half(
    node: Node, probabilities: list[float], unsure: bool
) -> None:
    first = said(node, probabilities)[0]
    must = f"*Unsure.* It must name one of its {len(probabilities)}."
    assert (first == must) is unsure


def test_a_drawing_that_is_none_of_the_classes_is_called_so_however_sure_the_network_is(
    node: Node,
) -> None:
    assert said(node, [0.05, 0.95], unlike="Most of the canvas is ink.") == [
        "*Most of the canvas is ink.*",
        "*Best guess 1*, with 95.0 % of the vote.",
        "Next: 0, 5.0 %. It must name one of its 2.",
    ]


def test_what_a_digit_truly_is_is_said_and_whether_it_is_misread(node: Node) -> None:
    assert said(node, [0.05, 0.95], truth="1")[-1] == "Next: 0, 5.0 %. Truly a 1."
    assert said(node, [0.05, 0.95], truth="0")[-1] == "Next: 0, 5.0 %. Truly a 0: misread."


def test_an_empty_canvas_gets_no_guess(node: Node) -> None:
    assert said(node, [0.05, 0.95], blank=True) == [
        "Nothing drawn yet: draw a digit, or pick one below."
    ]
    assert said(node, [0.05, 0.95], blank=True, classes=["star", "house"]) == [
        "Nothing drawn yet: draw one of its 2, star say."
    ]


@given(st.lists(st.floats(0, 1, width=32), min_size=2, max_size=12))
def test_of_equals_the_first_comes_first_as_in_torch(node: Node, values: list[float]) -> None:
    order = torch.tensor(values).argsort(descending=True, stable=True)
    assert node.run(READ, values) == {"first": int(order[0]), "second": int(order[1])}
