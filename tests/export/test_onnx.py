"""An exported graph says what torch says, in onnxruntime, over random settings."""

import importlib.util
from collections import OrderedDict

import numpy as np
import onnx as onnx_package
import onnxruntime
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from cnnviz.export import onnx
from cnnviz.networks.architecture import LENET5, Architecture, two_convolutions
from cnnviz.networks.models import FullyConnected, SimpleCNN
from cnnviz.networks.notation import layers_of
from cnnviz.networks.seeding import seeded

EVERY_KIND = layers_of(
    "conv2d 4 3 padding=1 dilation=2, batchnorm2d, leakyrelu slope=0.2, maxpool2d 3 stride=2 "
    "padding=1, conv2d 6 3 stride=2, sigmoid, avgpool2d 2, tanh, dropout share=0.3, relu, "
    "globalavgpool2d, flatten, linear 10"
)


def logits_of(content: bytes, images: torch.Tensor) -> np.ndarray:
    session = onnxruntime.InferenceSession(content)
    return np.asarray(session.run(["logits"], {"image": images.numpy()})[0])


def random_images(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(
    "model",
    [
        SimpleCNN(),
        SimpleCNN(two_convolutions((3, 5), 5, "tanh", "average")),
        SimpleCNN(two_convolutions((2, 3), 1, "relu", "none")),
        FullyConnected(),
        SimpleCNN(Architecture(LENET5)),
        SimpleCNN(Architecture(EVERY_KIND)),
    ],
    ids=["article", "tanh, average", "no pooling", "fully connected", "LeNet-5", "every kind"],
)
def test_our_networks_give_the_same_logits_for_any_number_of_images(model):
    content = onnx.graph(model)
    onnx_package.checker.check_model(onnx_package.load_from_string(content), full_check=True)
    assert model.training  # as it was
    for count in (1, 5):
        images = random_images(count, 1, 28, 28, seed=count)
        with torch.inference_mode():
            expected = model.eval()(images).numpy()
        np.testing.assert_allclose(logits_of(content, images), expected, atol=1e-5)
    model.train()


pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
sizes = st.tuples(st.integers(9, 13), st.integers(9, 13))


@st.composite
def convolutions(draw) -> nn.Conv2d:
    stride = draw(pairs)
    options: list[object] = ["valid", draw(st.tuples(st.integers(0, 3), st.integers(0, 3)))]
    if stride == (1, 1):
        options.append("same")
    groups = draw(st.sampled_from((1, 2)))
    kernel_size, dilation, padding = draw(pairs), draw(pairs), draw(st.sampled_from(options))
    bias = draw(st.booleans())
    with seeded(0):
        return nn.Conv2d(
            *(2, 4, kernel_size, stride),
            padding,  # type: ignore[arg-type]
            dilation,
            groups,
            bias,
        )


@st.composite
def poolings(draw) -> nn.Module:
    size = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    padding = tuple(draw(st.integers(0, part // 2)) for part in size)
    stride = draw(st.one_of(st.none(), st.tuples(st.integers(1, 5), st.integers(1, 5))))
    ceil = draw(st.booleans())
    if draw(st.booleans()):
        dilation = draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
        return nn.MaxPool2d(size, stride, padding, dilation, ceil_mode=ceil)  # type: ignore[arg-type]
    return nn.AvgPool2d(
        size,
        stride,
        padding,  # type: ignore[arg-type]
        ceil,
        draw(st.booleans()),
        draw(st.sampled_from((None, 3))),
    )


def assert_same(module: nn.Module, size: tuple[int, int]) -> None:
    # More follows, so that the module's own values have a name of their own in the graph.
    model = nn.Sequential(OrderedDict(part=module, flatten=nn.Flatten()))
    images = random_images(3, 2, *size)
    with torch.inference_mode():
        expected = model(images).numpy()
    found = logits_of(onnx.graph(model, (2, *size)), images)
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("affine", [True, False])
def test_a_batch_normalisation_is_that_of_evaluation_with_its_running_statistics(affine):
    norm = nn.BatchNorm2d(2, eps=0.1, affine=affine)
    with seeded(1), torch.no_grad():
        norm(torch.randn(8, 2, 5, 5) * 3 + 1)
        for parameter in norm.parameters():
            parameter.normal_()
    assert_same(norm.eval(), (6, 7))


@settings(deadline=None, max_examples=60)
@given(convolutions(), sizes)
def test_a_convolution_keeps_its_padding_stride_dilation_and_groups(convolution, size):
    assert_same(convolution, size)


@settings(deadline=None, max_examples=120)
@given(poolings(), sizes)
def test_a_pooling_keeps_its_padding_ceil_mode_dilation_and_divisor(pooling, size):
    assert_same(pooling, size)


@pytest.mark.parametrize(
    "pooling",
    [
        nn.MaxPool2d(3, 2, ceil_mode=True),
        nn.MaxPool2d(3, 2, 1, 2, ceil_mode=True),
        nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=True),
        nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False),
        nn.AvgPool2d(3, 2, 1, count_include_pad=False),
    ],
)
@pytest.mark.parametrize("size", [(9, 12), (12, 9), (10, 10)])
def test_windows_that_hang_over_the_padding_are_torch_s_own(pooling, size):
    assert_same(pooling, size)


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (nn.GELU(), "part is a GELU"),
        (nn.Conv2d(1, 1, 3, padding=1, padding_mode="reflect"), "part is padded by 'reflect'"),
        (nn.MaxPool2d(2, return_indices=True), "part returns indices"),
        (nn.Flatten(0), "part flattens other dimensions"),
    ],
)
def test_what_it_does_not_know_is_refused_by_name(module, message):
    with pytest.raises(ValueError, match=message):
        onnx.graph(nn.Sequential(OrderedDict(part=module)))


def test_without_the_package_it_says_what_to_install(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "onnx" else found(name)
    )
    with pytest.raises(onnx.Missing, match=r"pip install 'cnnviz\[onnx\]'"):
        onnx.graph(SimpleCNN())
