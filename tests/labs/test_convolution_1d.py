from typing import cast

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal as scipy_signal

from cnnviz.labs import convolution_1d
from cnnviz.labs.convolution_1d import MODES, Mode, Sliding, convolve, cross_correlate

numbers = st.floats(-100, 100, allow_nan=False).map(lambda value: round(value, 3))
lists = st.lists(numbers, min_size=1, max_size=24).map(np.array)
slidings = st.builds(Sliding, st.sampled_from(MODES), st.integers(1, 16), st.integers(1, 16))
operations = st.sampled_from(["convolution", "cross-correlation"])


def computed(operation, f, h, sliding):
    return (convolve if operation == "convolution" else cross_correlate)(f, h, sliding)


def fits(f, h, sliding):
    return sliding.mode != "valid" or sliding.span(len(h)) <= len(f)


def test_the_articles_example():
    result = convolve(np.array([3.0, 2, 1, 0]), np.array([1.0, 0, -1]), Sliding())
    assert result.tolist() == [3, 2, -2, -2, -1, 0]


@given(lists, lists)
def test_full_is_numpys_and_scipys(f, h):
    np.testing.assert_array_equal(convolve(f, h, Sliding()), np.convolve(f, h))
    np.testing.assert_allclose(
        convolve(f, h, Sliding()), scipy_signal.convolve(f, h, method="direct"), atol=1e-9
    )
    np.testing.assert_allclose(
        cross_correlate(f, h, Sliding()),
        scipy_signal.correlate(f, h, method="direct"),
        atol=1e-9,
    )


@given(lists, lists, st.sampled_from(["same", "valid"]))
def test_same_and_valid_are_numpys_when_the_signal_is_the_longer(f, h, mode):
    if len(h) > len(f):
        f, h = h, f
    np.testing.assert_array_equal(convolve(f, h, Sliding(mode)), np.convolve(f, h, mode))


@given(lists, lists, slidings)
@settings(max_examples=200)
def test_every_setting_agrees_with_torchs_conv1d(f, h, sliding):
    if not fits(f, h, sliding):
        return
    span = sliding.span(len(h))
    padded = F.pad(torch.tensor(f)[None, None], (span - 1, span - 1))
    every = F.conv1d(padded, torch.tensor(h)[None, None], dilation=sliding.dilation)[0, 0]
    kept = sliding.kept(len(f), len(h))
    expected = every.numpy()[kept.start : kept.stop : kept.step]
    np.testing.assert_allclose(cross_correlate(f, h, sliding), expected, atol=1e-8)
    np.testing.assert_allclose(convolve(f, h[::-1], sliding), expected, atol=1e-8)


@given(lists, lists, st.integers(1, 16), st.integers(1, 16))
def test_valid_with_stride_has_torchs_length(f, h, stride, dilation):
    sliding = Sliding("valid", stride, dilation)
    if fits(f, h, sliding):
        expected = F.conv1d(
            torch.tensor(f)[None, None], torch.tensor(h)[None, None], None, stride, 0, dilation
        )
        assert len(sliding.kept(len(f), len(h))) == expected.shape[-1]


@given(lists, lists, slidings, operations)
def test_the_numpy_line_gives_the_very_result(f, h, sliding, operation):
    if not fits(f, h, sliding):
        return
    line = convolution_1d.numpy_code(operation, list(map(repr, f.tolist())), repr_list(h), sliding)
    np.testing.assert_array_equal(eval(line, {"np": np}), computed(operation, f, h, sliding))


@given(lists, lists, slidings, operations)
def test_the_pytorch_lines_give_the_very_result(f, h, sliding, operation):
    if not fits(f, h, sliding):
        return
    code = convolution_1d.pytorch_code(operation, repr_list(f), repr_list(h), sliding)
    result = eval(code, {"torch": torch})
    assert result.shape[:2] == (1, 1)
    np.testing.assert_allclose(result[0, 0].numpy(), computed(operation, f, h, sliding), atol=1e-8)


def repr_list(values):
    return [repr(value) for value in values.tolist()]


@given(lists, lists)
def test_a_symmetric_filter_makes_both_operations_equal(f, h):
    symmetric = np.concatenate([h, h[::-1]])
    assert convolution_1d.is_symmetric(symmetric)
    np.testing.assert_allclose(
        convolve(f, symmetric, Sliding()), cross_correlate(f, symmetric, Sliding()), atol=1e-9
    )


def test_a_filter_that_is_not_symmetric():
    assert not convolution_1d.is_symmetric(np.array([1.0, 0, -1]))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Sliding(cast(Mode, "circular")),
            "mode must be one of full, same, valid, got 'circular'",
        ),
        (lambda: Sliding(stride=0), "stride must be from 1 to 16, got 0"),
        (lambda: Sliding(dilation=17), "dilation must be from 1 to 16, got 17"),
        (lambda: Sliding("valid", 1, 4).kept(4, 3), "reaches over 9 samples, the signal has 4"),
    ],
)
def test_what_cannot_be_says_what_would_do(make, message):
    with pytest.raises(ValueError, match=message):
        make()
