import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from cnnviz.labs import heat


@given(st.floats(0, 60))
def test_the_kernel_adds_up_to_one(width):
    assert heat.kernel(width, 400).sum() == pytest.approx(1, abs=1e-9)


@given(st.floats(2, 30))
def test_the_kernel_has_the_width_it_should(width):
    x = np.arange(-300, 301)
    taps = heat.kernel(width, 300)
    # A cell's own width adds its variance, 1/12.
    assert math.sqrt((taps * x**2).sum()) == pytest.approx(math.sqrt(width**2 + 1 / 12), rel=1e-6)


def test_at_time_zero_nothing_has_spread():
    assert heat.kernel(0, 3).tolist() == [0, 0, 0, 1, 0, 0, 0]
    state = heat.cool(heat.RODS["hot spot"], 0)
    np.testing.assert_array_equal(state.convolved, state.start)
    assert state.error == 0


@pytest.mark.parametrize("time", [0.5, 2, 10, 30])
def test_half_a_hot_rod_cools_as_the_error_function_says(time):
    """The exact solution for a step: Evans, section 2.3.1, or any book on heat."""
    width = math.sqrt(2 * heat.DIFFUSIVITY * time)
    rod = np.zeros(2000)
    rod[:1000] = 100
    edges = np.arange(2001) - 1000.0
    # Mean over each cell of 50 erfc(x / (sqrt(2) width)), by Simpson's rule.
    left, right = edges[:-1], edges[1:]
    exact = [
        50 * special.erfc(x / (math.sqrt(2) * width)) for x in (left, (left + right) / 2, right)
    ]
    mean = (exact[0] + 4 * exact[1] + exact[2]) / 6
    middle = slice(700, 1300)
    # The kernel gives each cell what comes from the middle of another: an error of order 1/width².
    allowed = 3 / width**2
    assert np.abs(heat.by_convolution(rod, time) - mean)[middle].max() < allowed
    assert np.abs(heat.by_finite_differences(rod, time) - mean)[middle].max() < allowed


@pytest.mark.parametrize("name", list(heat.RODS))
@pytest.mark.parametrize("time", [1, 5, 30])
def test_both_ways_agree_to_a_twentieth_of_a_degree(name, time):
    state = heat.cool(heat.RODS[name], time)
    assert state.error < 0.05
    assert state.error == np.abs(state.convolved - state.stepped).max()


def test_heat_is_not_lost_while_it_stays_on_the_rod():
    state = heat.cool(heat.RODS["hot spot"], 5)
    assert state.convolved.sum() == pytest.approx(state.start.sum(), rel=1e-9)
    assert state.stepped.sum() == pytest.approx(state.start.sum(), rel=1e-9)


def test_what_cannot_be_says_what_would_do():
    with pytest.raises(ValueError, match="time must be from 0 to 30 s, got -1"):
        heat.cool(heat.RODS["hot spot"], -1)
    with pytest.raises(ValueError, match="width must be at least 0, got -2"):
        heat.kernel(-2, 4)
