"""Whom the course is offered to."""

import pytest

from tests.javascript import Node

PLAIN = "https://cnn.example/app/"


@pytest.mark.parametrize(
    ("changed", "offered"),
    [
        ({}, True),
        ({"opened": f"{PLAIN}why", "path": "/app/why"}, True),
        ({"met": True}, False),
        ({"plays": True}, False),
        ({"opened": f"{PLAIN}?sample=3"}, False),
        ({"opened": f"{PLAIN}convolution_1d?signal=1"}, False),
        ({"path": "/app/lessons"}, False),
        ({"path": "/lessons/"}, False),
    ],
)
def test_the_course_is_offered_to_a_first_visit_by_a_plain_address(
    changed: dict[str, object], offered: bool, node: Node
) -> None:
    visit = {"met": False, "opened": PLAIN, "path": "/app/", "plays": False, **changed}
    body = """return (await load("page/offer.js")).isOffered(sent);"""
    assert node.run(body, visit) is offered
