"""A number reads the same in Python's sentences and in the browser's."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cnnviz import spelling
from tests.javascript import Node

SPELL = """
const numbers = await load("shared/numbers.js");
return sent.map(([name, ...given]) => numbers[name](...given));
"""
shares = st.floats(0, 1) | st.integers(0, 2000).map(lambda half: half / 2000)
digits = st.integers(0, 3)


@given(shares, digits)
@example(0.0625, 1)
@example(0.9995, 1)
@example(0.0005, 1)
def test_a_share_in_per_cent(node: Node, share: float, digits: int) -> None:
    assert node.run(SPELL, [["percent", share, digits]]) == [spelling.percent(share, digits)]


@given(st.floats(-1e9, 1e9) | st.integers(-800, 800).map(lambda part: part / 16), digits)
@example(-0.5, 0)
@example(-0.0, 2)
def test_a_fixed_number_of_decimals(node: Node, value: float, digits: int) -> None:
    assert node.run(SPELL, [["format", value, digits]]) == [spelling.fixed(value, digits)]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_finite(node: Node, value: float) -> None:
    assert node.run(SPELL, [["format", value, 2]]) == [spelling.fixed(value, 2)]


@given(st.integers(-(10**12), 10**12))
def test_thousands(node: Node, whole: int) -> None:
    assert node.run(SPELL, [["count", whole]]) == [spelling.count(whole)]


@pytest.mark.parametrize(
    ("value", "said"),
    [(7, "7"), (-0.25, "−0.25"), (12.34, "12.3"), (123.4, "123"), (1e-4, "1e−4"), (-1e-9, "−1e−9")],
)
def test_a_tile_gets_few_characters(node: Node, value: float, said: str) -> None:
    assert node.run(SPELL, [["brief", value]]) == [said]


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0.000"), (-1.5, "−1.500"), (5.058e-10, "5.058e−10"), (2e5, "2.000e5")]
)
def test_a_named_value_gets_three_decimals(node: Node, value: float, said: str) -> None:
    assert node.run(SPELL, [["exactly", value]]) == [said]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([0, 1, -4], ["0", "1", "−4"]),
        ([0, 1, 0.998, 0.002, 0.18], ["0.00", "1.00", "1.00", "0.00", "0.18"]),
        ([0, -12.34, 3], ["0.0", "−12.3", "3.0"]),
        ([123.4, 1], ["123", "1"]),
        ([0, 2e-4], ["0", "2e−4"]),
        ([0.5, float("nan")], ["0.50", "NaN"]),
    ],
)
def test_numbers_side_by_side_have_as_many_decimals(
    node: Node, values: list[float], said: list[str]
) -> None:
    spell = 'const { alike } = await load("shared/numbers.js"); return sent.map(alike(sent));'
    assert node.run(spell, values) == said
