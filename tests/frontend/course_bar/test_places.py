"""The picture that a question is answered in, by keys."""

import pytest

from tests.javascript import Node

PROGRAM = """
  const { led } = await load("course_bar/places.js");
  const picture = [[0, 1, 2], [3, 4, 5]];
  return led(sent.key, sent.control, sent.at, picture);
"""


@pytest.mark.parametrize(
    ("key", "control", "at", "expected"),
    [
        ("ArrowDown", False, [0, 1], [1, 1]),
        ("ArrowDown", False, [1, 1], [1, 1]),
        ("ArrowLeft", False, [0, 0], [0, 0]),
        ("ArrowRight", False, [0, 1], [0, 2]),
        ("End", False, [0, 0], [0, 2]),
        ("Home", True, [1, 2], [0, 0]),
        ("End", True, [0, 0], [1, 2]),
        ("Tab", False, [0, 0], None),
        ("Escape", False, [0, 0], None),
    ],
)
def test_arrow_keys_lead_from_place_to_place_and_not_out_of_the_picture(
    key: str, control: bool, at: list[int], expected: list[int] | None, node: Node
) -> None:
    assert node.run(PROGRAM, {"key": key, "control": control, "at": at}) == expected


def test_small_pictures_show_their_numbers_and_the_largest_of_either_sign_is_full_colour(
    node: Node,
) -> None:
    program = """
      const { hasNumbers, scaleOf } = await load("course_bar/places.js");
      return [hasNumbers(sent), scaleOf(sent), hasNumbers(Array(26).fill(Array(26).fill(0)))];
    """
    assert node.run(program, [[0, -6], [5, 1]]) == [True, 6, False]
