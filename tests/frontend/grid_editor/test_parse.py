"""Numbers of the grid editor, as people write them and as it shows them."""

import pytest

from tests.javascript import JavaScriptError, Node


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1/3", 1 / 3), ("−4", -4), ("0,5", 0.5), (".5", 0.5), ("1e2", 100), ("-0", 0)],
)
def test_numbers_as_people_write_them(node: Node, typed: str, number: float):
    code = "return (await load('grid_editor/parse.js')).parseNumber(sent)"
    assert node.run(code, typed) == number


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("abc", "“abc” is not a number; write for example 2, -0.5 or 1/3"),
        ("1e", "“1e” is not a number"),
        ("1e308", "“1e308” can’t be used; values go from −1000 to 1000"),
        ("nan", "“nan” can’t be used"),
        ("-inf", "“-inf” can’t be used"),
        ("1/0", "“1/0” can’t be used"),
    ],
)
def test_an_entry_that_cannot_be_used_is_repeated_with_the_reason(
    node: Node, typed: str, reason: str
):
    code = "return (await load('grid_editor/parse.js')).parseNumber(sent)"
    with pytest.raises(JavaScriptError, match=reason):
        node.run(code, typed)


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ("1\t2\n3\tx", "row 1, column 1: “x” is not a number"),
        ("\n".join(["1"] * 10_000), "10000 × 1"),
        ("1,NaN", "row 0, column 1: “NaN” can’t be used"),
    ],
)
def test_a_block_that_cannot_be_used_names_its_first_bad_cell(node: Node, block: str, reason: str):
    code = "return (await load('grid_editor/parse.js')).parseBlock(sent, 0, 0, 64, 64)"
    with pytest.raises(JavaScriptError, match=reason):
        node.run(code, block)


def test_a_number_is_spelled_with_as_many_digits_as_its_float32_needs(node: Node):
    code = "const { shortest } = await load('shared/numbers.js'); return sent.map(shortest)"
    assert node.run(code, [1 / 3, 0.1, 1e-7, 1000]) == [0.33333334, 0.1, 1e-7, 1000]


def test_a_number_in_a_narrow_cell_is_short(node: Node):
    code = "const { tiny } = await load('shared/numbers.js'); return sent.map(tiny)"
    shown = node.run(code, [0, -2, 0.25, -0.004, 123.4, 12.34])
    assert shown == ["0", "−2", ".25", "−0", "123", "12.3"]
