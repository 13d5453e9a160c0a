"""What Why asks in words, and whether the rest of its section is of the drawing before."""

from typing import Any

import pytest

from tests.javascript import Node

SAY = """
const { sentence } = await load("asked/words.js");
const { text, score, end } = sentence(sent.logits, sent);
return text + score + end;
"""
BEFORE = """
const { isBefore } = await load("before/same.js");
const shown = sent.shown && { source: sent.source, image: Float32Array.from(sent.shown) };
return isBefore(shown, Float32Array.from(sent.image));
"""


def said(node: Node, logits: list[float], target: int | None, other: int | None) -> str:
    return node.run(
        SAY, {"logits": logits, "target": target, "other": other, "classes": ["cat", "dog", "owl"]}
    )


def test_the_class_asked_about_is_the_likeliest_or_the_chosen_one(node: Node) -> None:
    assert said(node, [1, 2.5, -3], None, None) == "Asked about the logit of dog, 2.50."
    assert said(node, [1, 2.5, -3], 2, None) == "Asked about the logit of owl, −3.00."
    assert said(node, [2, 2, 1], None, None) == "Asked about the logit of cat, 2.00."


def test_against_another_class_it_is_the_difference(node: Node) -> None:
    expected = "Asked about the logit of dog less that of cat, 1.50."
    assert said(node, [1, 2.5, -3], None, 0) == expected


def test_a_class_against_itself_is_no_question(node: Node) -> None:
    assert said(node, [1, 2.5, -3], None, 1) == (
        "Why dog and not dog is no question: choose another class at one of them."
    )


@pytest.mark.parametrize(
    ("source", "shown", "before"),
    [
        ("torch", None, False),  # the view has told nothing yet
        ("torch", [0, 0.5], False),
        ("torch", [0, 0.25], True),
        ("torch", [0, 0.5, 1], True),
        ("preview", [0, 0.5], True),
    ],
)
def test_a_section_is_of_the_drawing_before_until_it_has_the_picture_that_torch_shows(
    node: Node, source: str, shown: list[float] | None, before: bool
) -> None:
    sent: dict[str, Any] = {"source": source, "shown": shown, "image": [0, 0.5]}
    assert node.run(BEFORE, sent) is before
