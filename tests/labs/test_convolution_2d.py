import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal
from torch import nn

from cnnviz.labs import convolution_2d
from cnnviz.labs.convolution_2d import Settings
from cnnviz.networks import models
from cnnviz.networks.trace import trace
from tests.labs.padding import padded

sizes = st.integers(1, 12)
kernel_sizes = st.integers(1, 7)
sliding = st.builds(
    Settings,
    stride=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    padding=st.tuples(st.integers(0, 5), st.integers(0, 5)),
    dilation=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    padding_mode=st.sampled_from(convolution_2d.PADDING_MODES),
)


def random(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(sum(shape)))


@settings(max_examples=300)
@given(st.tuples(sizes, sizes), st.tuples(kernel_sizes, kernel_sizes), sliding)
def test_what_passes_the_check_runs_in_torch_and_what_fails_does_not(size, kernel, how):
    image, kernels = random(1, 2, *size), random(3, 2, *kernel)
    try:
        convolution_2d.check(image.shape[1:], kernels.shape, how)
    except ValueError:
        with pytest.raises(RuntimeError):
            convolution_2d.layer(kernels, how)(image)
        return
    output = trace(convolution_2d.layer(kernels, how), image)["conv"].values
    assert output.shape[1:] == tuple(
        convolution_2d.output_size(
            size[axis], kernel[axis], how.stride[axis], how.padding[axis], how.dilation[axis]
        )
        for axis in (0, 1)
    )
    expected = F.conv2d(padded(image, how), kernels, stride=how.stride, dilation=how.dilation)
    torch.testing.assert_close(output, expected[0])


@given(
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
    st.tuples(st.integers(1, 7), st.integers(1, 7)),
    st.integers(0, 3),
)
def test_flipped_kernels_convolve_and_plain_ones_correlate_as_scipy_does(size, kernel, padding):
    image, kernels = random(1, 1, *size), random(1, 1, *kernel)
    how = Settings(padding=(padding, padding))
    try:
        convolution_2d.check(image.shape[1:], kernels.shape, how)
    except ValueError:
        return
    # scipy's "valid" lets the larger of the two be slid over, torch only ever slides the kernel.
    bordered = np.pad(image[0, 0].numpy(), padding)
    for weights, operation in (
        (kernels, signal.correlate2d),
        (convolution_2d.flipped(kernels), signal.convolve2d),
    ):
        output = convolution_2d.layer(weights, how)(image).detach()[0, 0].numpy()
        expected = operation(bordered, kernels[0, 0].numpy(), mode="valid")
        np.testing.assert_allclose(output, expected, atol=1e-5)


def test_padding_looks_as_its_name_says():
    image = torch.arange(1.0, 4).reshape(1, 1, 1, 3)
    identity = torch.ones(1, 1, 1, 1)
    rows = {
        mode: convolution_2d.layer(identity, Settings(padding=(0, 2), padding_mode=mode))(image)
        .flatten()
        .tolist()
        for mode in convolution_2d.PADDING_MODES
    }
    assert rows == {
        "zeros": [0, 0, 1, 2, 3, 0, 0],
        "reflect": [3, 2, 1, 2, 3, 2, 1],
        "replicate": [1, 1, 1, 2, 3, 3, 3],
        "circular": [2, 3, 1, 2, 3, 1, 2],
    }


def test_the_formula_shows_the_floor_it_takes():
    assert convolution_2d.formula(28, 3, 2, 0, 1) == (
        "⌊(28 + 2·0 − 1·(3 − 1) − 1) / 2 + 1⌋ = ⌊13.5⌋ = 13"
    )


@pytest.mark.parametrize(
    ("text", "rows_and_columns"),
    [
        ("2", (2, 2)),
        (" 1, 2 ", (1, 2)),
        ("(3, 1)", (3, 1)),
        ("1 2", (1, 2)),
        ("+4", (4, 4)),
        ("16,1", (16, 1)),
    ],
)
def test_a_setting_is_typed_as_one_number_or_as_two(text, rows_and_columns):
    assert convolution_2d.pair("stride", text, 1) == rows_and_columns


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "stride must be a whole number, or two for rows and columns such as 1, 2, got ''"),
        ("a", "got 'a'"),
        ("1.5", "got '1.5'"),
        ("1, 2, 3", "got '1, 2, 3'"),
        ("nan", "got 'nan'"),
        ("1e308", "got '1e308'"),
        ("9" * 5000, "got '99999999999999999999…'"),
        ("1, 0", "stride must be a whole number from 1 to 16, got 0"),
        ("−3", "stride must be a whole number from 1 to 16, got -3"),
        ("99", "stride must be a whole number from 1 to 16, got 99"),
        ("²", "got '²'"),
    ],
)
def test_what_is_typed_and_cannot_be_is_named(text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        convolution_2d.pair("stride", text, 1)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"stride": (0, 1)}, "stride must be a whole number from 1 to 16, got 0"),
        ({"stride": (1, 99)}, "stride .* got 99"),
        ({"padding": (-1, 0)}, "padding must be a whole number from 0 to 16, got -1"),
        ({"dilation": (1, 0)}, "dilation must be a whole number from 1 to 16, got 0"),
        ({"padding_mode": "mirror"}, "padding_mode must be one of zeros, .*'mirror'"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(changed, message):
    with pytest.raises(ValueError, match=message):
        Settings(**changed)


@pytest.mark.parametrize(
    ("image", "kernels", "how", "message"),
    [
        ((1, 4, 4), (1, 1, 5, 3), {}, "the kernel has 5 rows, but the input has 4; a padding of 1"),
        (
            (1, 4, 4),
            (1, 1, 3, 3),
            {"dilation": (1, 2)},
            "3 columns with a dilation of 2 reaches over 5, but the input has 4; a padding of 1",
        ),
        ((1, 3, 9), (1, 1, 3, 3), {"padding": (3, 0), "padding_mode": "reflect"}, "at most 2"),
        ((1, 3, 9), (1, 1, 3, 3), {"padding": (4, 0), "padding_mode": "circular"}, "at most 3"),
        ((2, 4, 4), (1, 1, 3, 3), {}, "as many channels as the image has, 2, got 1"),
        ((1, 9, 9), (1, 1, 8, 3), {}, "kernel rows must be 1 to 7, got 8"),
        ((1, 9, 9), (3, 3), {}, r"shape \(C_out, C_in, kH, kW\), got \(3, 3\)"),
    ],
)
def test_kernels_that_do_not_fit_say_what_would_do(image, kernels, how, message):
    with pytest.raises(ValueError, match=message):
        convolution_2d.check(image, kernels, Settings(**how))


@given(st.integers(1, 7), st.integers(1, 7), st.integers(1, 3), st.integers(1, 6))
def test_the_padding_that_the_message_recommends_does_do(size, kernel, dilation, stride):
    how = Settings(dilation=(dilation, dilation), stride=(stride, stride))
    shapes = (1, size, size), (1, 1, kernel, kernel)
    try:
        convolution_2d.check(*shapes, how)
    except ValueError as error:
        padding = int(str(error).split("a padding of ")[1].split()[0])
        convolution_2d.check(*shapes, Settings(how.stride, (padding, padding), how.dilation))
        less = Settings(how.stride, (padding - 1, padding - 1), how.dilation)
        with pytest.raises(ValueError, match="or more would do"):
            convolution_2d.check(*shapes, less)


def test_costs_counted_by_hand_for_the_articles_first_layer():
    cost = convolution_2d.cost((1, 28, 28), (4, 1, 3, 3), (4, 26, 26))
    assert cost == convolution_2d.Cost(
        weights=36, multiplications=26 * 26 * 4 * 9, dense=28 * 28 * 4 * 26 * 26
    )


def test_a_fully_connected_layer_of_the_same_output_has_the_dense_count():
    output = convolution_2d.layer(random(2, 3, 2, 4), Settings(padding=(1, 0)))(random(1, 3, 5, 6))
    cost = convolution_2d.cost((3, 5, 6), (2, 3, 2, 4), output.shape[1:])
    dense = torch.nn.Linear(3 * 5 * 6, output[0].numel(), bias=False)
    assert cost.dense == dense.weight.numel()


def test_presets_do_what_their_names_say():
    flat, ramp = torch.ones(1, 1, 5, 5), torch.arange(5.0).expand(1, 1, 5, 5)
    answers = {
        name: [
            convolution_2d.layer(kernel[None, None])(image).detach()[0, 0, 1, 1].item()
            for image in (flat, ramp)
        ]
        for name, kernel in convolution_2d.KERNELS.items()
    }
    assert answers == {
        "identity": [1, 2],
        "blur": [1, 2],
        "sharpen": [1, 2],
        "Sobel x": [0, 8],
        "Sobel y": [0, 0],
        "Laplacian": [0, 0],
        "emboss": [1, 8],
    }


def test_trained_kernels_are_those_of_the_first_convolution():
    model = models.untrained()
    weights, biases = convolution_2d.trained_kernels(model)
    image = random(1, 1, 28, 28)
    output = trace(convolution_2d.layer(weights, bias=biases), image)["conv"].values
    assert torch.equal(output, trace(model, image)["conv1"].values)


def test_a_network_without_convolution_has_no_trained_kernels():
    with pytest.raises(ValueError, match="must have a convolution"):
        convolution_2d.trained_kernels(models.FullyConnected())


def test_kernels_that_read_colours_are_no_planes_for_the_lab():
    colours = nn.Sequential(nn.Conv2d(3, 4, 3))
    with pytest.raises(ValueError, match="must read one channel, but it reads 3"):
        convolution_2d.trained_kernels(colours)
