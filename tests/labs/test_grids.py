import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnviz.labs import grids

cells = st.floats(-grids.LARGEST, grids.LARGEST, width=32)
small_grids = st.tuples(st.integers(1, 16), st.integers(1, 16)).flatmap(
    lambda shape: arrays(np.float32, shape, elements=cells)
)


@given(small_grids)
def test_a_grid_written_as_text_reads_back_to_the_same_bits_but_for_the_sign_of_zero(grid):
    assert np.array_equal(grids.parse(grids.as_text(grid)), grid)


@pytest.mark.parametrize(
    ("text", "value"),
    [("2", 2.0), (" -0.5 ", -0.5), ("1/3", 1 / 3), ("−4", -4.0), ("1e2", 100.0), ("-1/4", -0.25)],
)
def test_numbers_may_be_decimals_fractions_and_typographic_minus(text, value):
    assert math.isclose(grids.number(text), value)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "1/0", "1e308", "nan", "inf", "-Infinity", "1001", "1e999999999", "1" * 5000],
)
def test_an_entry_that_is_no_usable_number_is_refused_by_row_and_column(text):
    with pytest.raises(ValueError, match="kernel, row 1, column 0: "):
        grids.parse(f"1,2;{text},4", name="kernel")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "row 0, column 0: '' is not a number"),
        ("1,2;3", "row 1 has 1 values, row 0 has 2"),
        ("1;2,3", "row 1 has 2 values, row 0 has 1"),
        (",".join("1" * 17), "1 to 16 rows of 1 to 16 values"),
        (";".join("1" * 10_000), "got 10000 rows"),
        ("True", "row 0, column 0: 'True'"),
    ],
)
def test_what_is_no_grid_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        grids.parse(text)


def test_a_text_longer_than_any_grid_is_refused_unread():
    with pytest.raises(ValueError, match="more than any grid needs"):
        grids.parse("1," * 40_000)


def test_csv_has_a_line_a_row_with_channel_and_row_in_front():
    maps = np.array([[[1, 0.1]], [[-2, 1 / 3]]], dtype=np.float32)
    assert grids.csv(maps) == ("channel,row,column 0,column 1\n0,0,1,0.1\n1,0,-2,0.33333334\n")
