"""Python learns which unit is pinned, also where a message is lost."""

from tests.javascript import Node

PROGRAM = """
  const { PinTeller } = await load("course_bar/pin.js");
  const teller = new PinTeller();
  return sent.map(([pin, known, now]) => teller.next(pin, known, now));
"""


def test_a_pin_is_told_until_python_knows_it(node: Node) -> None:
    looks = [
        ("", "", 0),
        ("fc.7", "", 200),
        ("fc.7", "", 400),  # on its way
        ("fc.1", "", 600),
        ("fc.1", "", 2400),
        ("fc.1", "", 2600),  # lost
        ("fc.1", "fc.1", 5000),
        ("fc.1", "fc.7", 5200),  # an older one has come after it
        ("9" * 61, "fc.1", 9000),  # Python wouldn't take it
    ]
    expected = [None, "fc.7", None, "fc.1", None, "fc.1", None, "fc.1", None]
    assert node.run(PROGRAM, looks) == expected


def test_a_page_without_a_pin_says_so_at_once(node: Node) -> None:
    """What was pinned on the page before isn't pinned here."""
    assert node.run(PROGRAM, [("", "conv1.0.1.2", 0)]) == [""]
