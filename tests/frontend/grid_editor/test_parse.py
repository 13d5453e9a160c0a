"""Numbers of the grid editor, as people write them and as it shows them."""

import pytest

from tests.javascript import Node


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1/3", 1 / 3), ("−4", -4), ("0,5", 0.5), (".5", 0.5), ("1e2", 100), ("-0", 0)],
)
def test_numbers_as_people_write_them(node: Node, typed: str, number: float):
    code = "return (await load('grid_editor/parse.js')).parseNumber(sent)"
    assert node.run(code, typed) == number


def test_a_number_is_spelled_with_as_many_digits_as_its_float32_needs(node: Node):
    code = "const { shortest } = await load('shared/numbers.js'); return sent.map(shortest)"
    assert node.run(code, [1 / 3, 0.1, 1e-7, 1000]) == [0.33333334, 0.1, 1e-7, 1000]


def test_a_number_in_a_narrow_cell_is_short(node: Node):
    code = "const { tiny } = await load('shared/numbers.js'); return sent.map(tiny)"
    shown = node.run(code, [0, -2, 0.25, -0.004, 123.4, 12.34])
    assert shown == ["0", "−2", ".25", "−0", "123", "12.3"]
