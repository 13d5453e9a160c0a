"""What somebody types as an answer, as a number."""

import pytest

from cnnviz.lessons.answers import number_in
from tests.javascript import Node


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("−2", "en", -2),
        (" 0,5 ", "en", 0.5),
        ("0,125", "en", 0.125),
        ("1,25", "en", 1.25),
        ("1,216", "en", 1216),
        ("−1,216.5", "", -1216.5),
        ("10,000,000", "en", 10_000_000),
        ("1,216", "de", 1.216),
        ("1,2,3", "en", None),
        ("5 px", "en", None),
        ("", "en", None),
        ("1e999", "en", None),
    ],
)
def test_a_number_is_read_as_it_is_written(
    node: Node, text: str, language: str, expected: float | None
) -> None:
    body = 'return (await load("course_bar/answers.js")).numberIn(sent.text, sent.language);'
    assert node.run(body, {"text": text, "language": language}) == expected
    assert number_in(text, language) == expected, "in Check yourself"
