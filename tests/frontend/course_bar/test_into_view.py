"""How far a page is scrolled so that what a step means lies in view."""

import pytest

from tests.javascript import Node

PROGRAM = """
  const { scrolledBy } = await load("course_bar/into_view.js");
  const [top, bottom] = sent.mark;
  return scrolledBy({ top, bottom }, { top: 200, bottom: 880 });
"""


@pytest.mark.parametrize(
    ("mark", "by"),
    [
        ((208, 621), 0),
        ((200, 880), 0),
        ((879, 938), 58),
        ((2776, 3463), 2576),  # higher than there is room: from its beginning on
        ((2776, 3400), 2520),
        ((-300, -100), -500),
        ((150, 400), -50),  # under the strip
        ((150, 1000), -50),
    ],
)
def test_it_is_scrolled_no_further_than_it_takes(
    mark: tuple[int, int], by: int, node: Node
) -> None:
    assert node.run(PROGRAM, {"mark": mark}) == by
