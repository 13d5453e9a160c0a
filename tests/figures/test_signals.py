"""What the 1D lab's figures show is what their headings say."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.figures import signals as figures
from cnnviz.palette import DARK, LIGHT

numbers = st.integers(-20, 20).map(lambda quarter: quarter / 4)
signals = st.lists(numbers, min_size=1, max_size=40).map(lambda values: np.array(values, float))
kernels = st.lists(numbers, min_size=1, max_size=9).map(lambda values: np.array(values, float))


def of_row(figure: Any, row: int, kind: str) -> list[Any]:
    axis = "y" if row == 1 else f"y{row}"
    return [trace for trace in figure.data if trace.type == kind and (trace.yaxis or "y") == axis]


def stacked(bars: list[Any], length: int) -> np.ndarray:
    total = np.zeros(length)
    for bar in bars:
        np.add.at(total, np.asarray(bar.x, int), np.asarray(bar.y, float))
    return total


@given(signals, kernels)
@settings(max_examples=40)
def test_the_impulses_add_up_to_the_signal_and_their_responses_to_the_result(f, h):
    figure = figures.superposition(f, h, LIGHT)
    np.testing.assert_allclose(stacked(of_row(figure, 1, "bar"), len(f)), f)
    result = np.convolve(f, h)
    np.testing.assert_allclose(stacked(of_row(figure, 2, "bar"), len(result)), result, atol=1e-9)
    (total,) = of_row(figure, 2, "scatter")
    np.testing.assert_allclose(total.y, result, atol=1e-9)


def test_an_impulse_and_its_response_share_a_colour_and_a_place():
    figure = figures.superposition(np.array([0.0, 2, 0]), np.array([1.0, -1]), LIGHT)
    (impulse,), (response,) = of_row(figure, 1, "bar"), of_row(figure, 2, "bar")
    assert impulse.marker.color == response.marker.color
    assert impulse.name == "f[1] = 2"
    assert list(response.x) == [1, 2]
    assert list(response.y) == [2, -2]


@pytest.mark.parametrize(("samples", "mode"), [(40, "markers"), (512, "lines")])
def test_a_long_result_is_a_line(samples, mode):
    figure: Any = figures.superposition(np.ones(samples), np.ones(3), DARK)
    (total,) = of_row(figure, 2, "scatter")
    assert total.mode == mode
    titles = [annotation.text for annotation in figure.layout.annotations]
    assert ("line: f ∗ h" in titles[1]) == (mode == "lines")


def test_the_spectrum_after_is_the_spectrum_before_times_the_gain():
    figure = figures.filtering(np.array([1.0, 2, 0, 1]), np.array([0.5, 0.5]), LIGHT)
    before, after, gain = of_row(figure, 2, "scatter")
    scale = max(*before.y, *after.y) / 1.0  # the gain of an average is 1 at its top
    np.testing.assert_allclose(np.array(before.y) * np.array(gain.y) / scale, after.y, atol=1e-9)
    assert gain.name == "gain (top: 1)"
