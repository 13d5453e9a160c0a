"""What an expression of a lesson may say, and that it can do nothing else."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.lessons.expressions import LONGEST, Expression, Template, spelled
from cnnviz.lessons.files import SPELLINGS
from cnnviz.lessons.functions import FUNCTIONS


def value(text: str, **names: object) -> object:
    return Expression(text, FUNCTIONS).value(names)


def test_arithmetic_lists_and_names_with_dots() -> None:
    expression = Expression("line.stride == 2 and [1, 2][1] + 3 // 2 * 2 == n % 5", FUNCTIONS)
    assert expression.names == {"line.stride", "n"}
    assert expression.value({"line.stride": 2, "n": 9}) is True


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "isn't an expression"),
        ("1 +", "isn't an expression"),
        ("a = 1", "isn't an expression"),
        ("(" * 150 + "1" + ")" * 149, "isn't an expression"),
        ("__import__('os')", "there is no function __import__"),
        ("open('x')", "there is no function open"),
        ("slid([1], [1])", "there is no function slid; there is slide"),
        ("'x'.join(['a'])", "a function is called by its name"),
        ("max([1], key=len)", "a function is called by its name"),
        ("(1).real", "a dot only stands within a name"),
        ("[x for x in [1]]", "ListComp can't stand"),
        ("lambda: 1", "Lambda can't stand"),
        ("{1: 2}", "Dict can't stand"),
        ("[1, 2][0:1]", "Slice can't stand"),
        ("(x := 1)", "NamedExpr can't stand"),
        ("f'{x}'", "JoinedStr can't stand"),
        ("2 ** 3", "Pow isn't an operation"),
        ("1 << 3", "LShift isn't an operation"),
        ("b'x'", "is neither a number nor a text"),
        ("1j", "is neither a number nor a text"),
        ("None", "is neither a number nor a text"),
        ("+".join(["1"] * 80), "must have at most 120 parts"),
        ("1" * (LONGEST + 1), f"must have at most {LONGEST} characters"),
    ],
)
def test_anything_else_is_refused_when_it_is_read(text: str, why: str) -> None:
    with pytest.raises(ValueError, match="“") as refused:
        Expression(text, FUNCTIONS)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        *("1 / 0", "[1][3]", "missing", "missing.too", "convolve([1], [])", "max([])", "'a' + 1"),
        *("size(28, 3.5)", "slide([[1, 2], [3]], [[1]])", "unit(7, 'conv9', 0, 0, 0)"),
        *("unit(7, 'conv1', 0, 99, 0)", "weights('pool1', 0)", "patch([[1]], 0, 0, 2, 2)"),
        *("'a' * 301", "answer(12)", "'abc' * 99999999", "1e308 * 10", "answer('x')"),
    ],
)
def test_what_cant_be_computed_says_so_and_quotes_itself(text: str) -> None:
    with pytest.raises(ValueError, match=r"^“"):
        value(text)


@given(st.text(max_size=40))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        Expression(text, FUNCTIONS).value({})


def test_a_name_that_isnt_known_is_told_with_those_alike() -> None:
    with pytest.raises(ValueError, match=r"there is no line\.strid; there is line\.stride"):
        Expression("line.strid", FUNCTIONS).check(["line.stride", "pin.row"])


def test_numbers_in_a_text_are_spelled_as_the_app_spells_them() -> None:
    text = Template("{y[2]}, {y:1}; {share:%}, {all}, {ready} and {word}", FUNCTIONS)
    names = {"y": [3, 2, -2.0], "share": 0.9996, "all": [[1, -2], [0.5]], "ready": True}
    assert text.filled({**names, "word": "seven"}) == (
        "−2, 3.0, 2.0, −2.0; > 99 %, 1, −2, 0.5, yes and seven"
    )


@pytest.mark.parametrize("text", ["{", "a } b", "{x:9}", "{x:.2f}", "{__class__.__init__()}"])
def test_a_text_with_odd_braces_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        Template(text, FUNCTIONS)


def test_a_value_put_into_a_text_isnt_read_again() -> None:
    assert Template("{a}{b}", FUNCTIONS).filled({"a": "{b}", "b": "x"}) == "{b}x"


def test_numbers_of_a_language_with_a_decimal_comma_stand_between_semicolons() -> None:
    text = Template("{y[2]:1}, {share:%}, {whole}; {all}", FUNCTIONS, SPELLINGS["de"])
    names = {"y": [3, 2, -2.0], "share": 0.9996, "whole": [1, -2], "all": [[1, -2], [0.5, 2.0]]}
    assert text.filled(names) == "−2,0, > 99 %, 1, −2; 1; −2; 0,5; 2"


def test_what_holds_and_what_doesnt_is_said_in_the_lessons_language() -> None:
    text = Template("{1 < 2}, {1 > 2}, {both}", FUNCTIONS, SPELLINGS["de"])
    assert text.filled({"both": [True, False]}) == "ja, nein, ja, nein"


def test_a_list_of_words_has_spaces_between() -> None:
    assert spelled(["a", "b"]) == "a b"
