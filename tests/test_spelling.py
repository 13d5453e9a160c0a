"""A share that isn't all never reads as all, and one that isn't nothing never as nothing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnnviz.spelling import count, fixed, percent, short, signed

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0, "0 %"),
        (5.058e-10, "< 0.1 %"),
        (0.0625, "6.3 %"),  # a tie
        (0.5, "50.0 %"),
        (0.99949, "99.9 %"),
        (0.99996, "> 99.9 %"),
        (1, "100 %"),
    ],
)
def test_a_share_in_per_cent(share: float, said: str) -> None:
    assert percent(share) == said


def test_more_or_fewer_digits_move_the_limits() -> None:
    assert percent(0.999, 0) == "> 99 %"
    assert percent(0.99996, 2) == "> 99.99 %"
    assert percent(0.9876, 2) == "98.76 %"


def test_nothing_that_shows_as_zero_has_a_sign() -> None:
    assert [fixed(value, 2) for value in (-0.001, -0.0, -0.01)] == ["0.00", "0.00", "−0.01"]


def test_a_number_of_any_size_is_spelled() -> None:
    assert fixed(-(2.0**100), 2) == "−1267650600228229401496703205376.00"
    assert len(fixed(1.7e308, 3)) == 309 + 4


def test_thousands_are_set_apart() -> None:
    assert count(1234567) == "1,234,567"


def test_a_difference_says_its_sign_either_way_unless_it_shows_as_nothing() -> None:
    said = [signed(value, 3) for value in (1.25, -0.3, 0.0001, -0.0001, 0.0)]
    assert said == ["+1.250", "−0.300", "0.000", "0.000", "0.000"]


def test_a_short_number_has_a_real_minus_sign() -> None:
    assert [short(value) for value in (2.5, -4, 0, -0.125)] == ["2.5", "−4", "0", "−0.125"]
    assert [short(value, 2) for value in (-2.04e-6, 1e22, 0.0)] == ["−2e−6", "1e22", "0"]


def formatted(path: Path) -> Iterator[str]:
    """The values that an f-string of the file rounds by a format of its own."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            spec = ast.unparse(node.format_spec)
            if re.search(r"\.[^.]*[efg%]", spec):
                yield f"line {node.lineno}: {ast.unparse(node.value)}, {spec}"


@pytest.mark.parametrize("room", ["cnnviz", "pages"])
def test_every_rounded_number_that_a_person_reads_is_spelled_here(room: str) -> None:
    # What is exported is code, whose numbers another program reads.
    others = {ROOT / "cnnviz" / "spelling.py", ROOT / "cnnviz" / "export" / "script.py"}
    sources = set((ROOT / room).rglob("*.py")) - others
    found = {str(path.relative_to(ROOT)): list(formatted(path)) for path in sorted(sources)}
    assert {name: lines for name, lines in found.items() if lines} == {}
