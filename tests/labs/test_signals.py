import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.labs import signals
from cnnviz.labs.signals import FILTERS, SIGNALS, has_decimal_commas, parse, preset_of


def read(text, most=signals.MAX_SAMPLES):
    return parse(text, "Signal", most).values.tolist()


@pytest.mark.parametrize(
    "text",
    [
        "3, 2, 1, 0",
        "3 2 1 0",
        "3,2,1,0,",
        "3\n2\n1\n0\n",  # a column of a spreadsheet
        "3\t2\t1\t0",  # a row of one
        "3\r\n2\r\n1\r\n0",
        "[3, 2, 1, 0]",
        "[3. 2. 1. 0.]",
        "3; 2; 1; 0",
        "6/2, 4/2, +1, 0/5",
    ],
)
def test_the_same_numbers_however_they_are_written(text):
    assert read(text) == [3, 2, 1, 0]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1/3", [1 / 3]),
        ("1 / 3, -2/3", [1 / 3, -2 / 3]),
        ("−2 –.5", [-2, -0.5]),
        ("1e-3 -2.5E2", [0.001, -250]),
        ("007", [7]),
        ("-0", [0]),
    ],
)
def test_fractions_decimals_negatives_and_exponents(text, values):
    assert read(text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0,5; -1,25", [0.5, -1.25]),
        ("1,5;\n2;\n", [1.5, 2]),
        ("0,5\t1/3\t−2,5", [0.5, 1 / 3, -2.5]),  # a row of a spreadsheet
        ("1,000\t2,000", [1, 2]),
        ("0,5\t1,5\r\n2,5\t3,5", [0.5, 1.5, 2.5, 3.5]),
        ("0,5\n1\n1,5", [0.5, 1, 1.5]),  # a column of one
        ("0,5\n1 / 3\n-,25\n", [0.5, 1 / 3, -0.25]),
    ],
)
def test_commas_that_cannot_be_a_lists_are_decimal(text, values):
    assert has_decimal_commas(text)
    assert read(text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0,5", [0, 5]),
        ("1,2\n3,4", [1, 2, 3, 4]),
        ("0,1\n1,2", [0, 1, 1, 2]),
        ("1,2,3\n4,5", [1, 2, 3, 4, 5]),
        ("1,2,3\t4,5", [1, 2, 3, 4, 5]),
        ("1,2,3\n4", [1, 2, 3, 4]),
        ("0.5,\n1,\n", [0.5, 1]),
        ("1,2 3,4\n5", [1, 2, 3, 4, 5]),
        ("1; 2", [1, 2]),
    ],
)
def test_other_commas_separate(text, values):
    assert not has_decimal_commas(text)
    assert read(text) == values


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Signal is empty"),
        (" ,\n ", "Signal is empty"),
        ("3, two, 1", "Signal, entry 2: “two” isn't a number; 2, -0.5, 1e-3 or 1/3 would do"),
        ("1, nan", "entry 2: nan can't be drawn; type a finite number"),
        ("-inf", "entry 1: -inf can't be drawn"),
        ("Infinity", "can't be drawn"),
        ("1, 2, 1e308", "entry 3: 1e308 is too large; numbers from -1,000,000 to 1,000,000 do"),
        ("1e999", "too large"),
        ("1/0", "entry 1: 1/0 divides by zero"),
        ("1/2/3", "isn't a number"),
        ("1_000", "isn't a number"),
        ("0x10", "isn't a number"),
        ("5%", "isn't a number"),
        (" ".join(["1"] * 10_000), "Signal has 10,000 numbers; there is room for 512"),
        ("9" * 300_000, "300,000 characters"),
        ("__import__('os')", "isn't a number"),
    ],
)
def test_what_cannot_be_read_names_the_entry_and_what_would_do(text, message):
    with pytest.raises(ValueError, match=message.replace("(", r"\(").replace("+", r"\+")):
        read(text)


def test_the_filter_has_room_for_64():
    assert len(read("1 " * 64, signals.MAX_TAPS)) == 64
    with pytest.raises(ValueError, match="65 numbers; there is room for 64"):
        read("1 " * 65, signals.MAX_TAPS)


fractions = st.builds("{}/{}".format, st.integers(-1000, 1000), st.integers(1, 1000))
decimals = st.floats(-1e6, 1e6).map(repr)


@given(st.lists(st.one_of(fractions, decimals, st.integers(-9999, 9999).map(str)), min_size=1))
def test_tokens_are_python_literals_of_the_same_numbers(entries):
    numbers = parse(", ".join(entries), "Signal", 10_000)
    assert [eval(token) for token in numbers.tokens] == numbers.values.tolist()
    assert parse(numbers.text, "Signal", 10_000) == numbers


def test_replacing_an_entry_leaves_the_wording_of_the_others():
    numbers = parse("1/3, 0.50, 2", "Filter", 64)
    assert numbers.replaced({2: -1.5}).text == "1/3, 0.5, -1.5"


@pytest.mark.parametrize(
    ("presets", "most"), [(SIGNALS, signals.MAX_SAMPLES), (FILTERS, signals.MAX_TAPS)]
)
def test_every_preset_can_be_typed_and_is_found_again(presets, most):
    for name, numbers in presets.items():
        again = parse(numbers.text, name, most)
        assert preset_of(again, presets) == name
        assert np.isfinite(again.values).all()


def test_the_presets_are_what_their_names_say():
    assert SIGNALS["article"].values.tolist() == [3, 2, 1, 0]
    assert FILTERS["difference"].values.tolist() == [1, 0, -1]
    assert FILTERS["average"].values.sum() == pytest.approx(1)
    assert FILTERS["Gaussian"].values.sum() == pytest.approx(1)
    assert FILTERS["2nd derivative"].values @ np.arange(3) ** 2 == 2
    ratios = FILTERS["decay"].values[1:] / FILTERS["decay"].values[:-1]
    assert (ratios == 0.5).all()
    spectrum = np.abs(np.fft.rfft(SIGNALS["two tones"].values))
    assert sorted(np.argsort(spectrum)[-2:]) == [2, 24]
