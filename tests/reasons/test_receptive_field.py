"""What a unit sees of a picture: torch's gradient is the oracle."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from cnnviz.reasons import stages
from cnnviz.reasons.receptive_field import Field, receptive_field
from tests.frontend.networks import networks
from tests.reasons.small import network, row

FAR = (nn.Conv2d, nn.Linear, nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d, nn.Flatten)
"""Layers whose units see more than one value."""


@settings(max_examples=30)
@given(st.data())
def test_a_picture_of_stride_padding_and_dilation_is_seen_as_far_as_the_gradient_goes(data) -> None:
    sides = data.draw(st.tuples(st.integers(4, 9), st.integers(4, 9)))
    modules, shape = [], (1, *sides)
    for _ in range(data.draw(st.integers(1, 3))):
        kernel, stride, padding, dilation = (
            data.draw(st.tuples(st.integers(low, high), st.integers(low, high)))
            for low, high in ((1, 3), (1, 2), (0, 1), (1, 2))
        )
        extent = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
        if any(e > s + 2 * p for e, s, p in zip(extent, shape[1:], padding, strict=True)):
            continue
        module = nn.Conv2d(shape[0], 2, kernel, stride, padding, dilation)
        # Of weights above 0 nothing cancels: the gradient is there wherever there is a way.
        nn.init.uniform_(module.weight, 0.5, 1)
        modules.append(module)
        shape = tuple(module(torch.zeros(1, *shape)).shape[1:])
    if not modules:
        return
    model = row(*modules)
    place = data.draw(st.integers(0, shape[1] * shape[2] - 1))
    image = torch.zeros(1, 1, *sides, requires_grad=True)
    model(image)[0, 0].flatten()[place].backward()
    assert image.grad is not None
    touched = image.grad[0, 0].nonzero()
    field = receptive_field(stages.of(model, (1, *sides)), f"layer{len(modules) - 1}", place)
    if len(touched):
        top, left = touched.amin(0).tolist()
        bottom, right = (touched.amax(0) + 1).tolist()
        # The field also has what lies in the padding.
        assert field.top <= top
        assert field.left <= left
        assert field.bottom >= bottom
        assert field.right >= right
        assert top == max(0, field.top) or field.top < 0
        assert bottom == min(sides[0], field.bottom) or field.bottom > sides[0]
    cut = field.cut(image.grad[0].numpy())
    assert np.isclose(cut.sum(), float(image.grad.sum()))  # all of the gradient lies in it


@settings(max_examples=30)
@given(networks(), st.randoms(use_true_random=False))
def test_nothing_outside_of_the_field_changes_the_unit(drawn, random) -> None:
    """Whatever the layers, among them those of whole maps and of vectors."""
    model, picture = drawn
    # Padding other than by zeros sees further; what works in its place sees what is there.
    if any(getattr(module, "padding_mode", "zeros") != "zeros" for module in model):
        return
    modules = [module for module in model if isinstance(module, FAR)]
    if not modules:
        return
    for module in modules:
        if isinstance(module, nn.Conv2d):
            nn.init.ones_(module.weight)
    of = stages.of(row(*modules), tuple(picture.shape[1:]))
    layer = random.choice(of.names)
    shape = of.stages[of.index(layer)].shape
    count = shape[0] if len(shape) == 1 else shape[1] * shape[2]
    place = random.randrange(count)
    image = picture.clone().requires_grad_()
    made = of.through(image, layer)
    unit = made[0, place] if made.ndim == 2 else made[0, 0].flatten()[place]
    (gradient,) = torch.autograd.grad(unit, image, allow_unused=True)
    if gradient is None:
        return
    field = receptive_field(of, layer, place)
    rest = gradient[0].clone()
    rest[:, max(0, field.top) : max(0, field.bottom), max(0, field.left) : max(0, field.right)] = 0
    assert not rest.any()


def test_what_lies_outside_of_the_picture_is_cut_as_zeros() -> None:
    picture = np.arange(1, 13, dtype=np.float32).reshape(1, 3, 4)
    assert Field(-1, 2, 3, 6).cut(picture).tolist() == [[[0, 0, 0], [4, 0, 0], [8, 0, 0]]]
    assert not Field(5, 7, 0, 2).cut(picture).any()


def test_a_place_that_is_not_there_is_refused() -> None:
    of = stages.of(network(), network().picture)
    with pytest.raises(ValueError, match="place of conv1 must be from 0 to 89, got 90"):
        receptive_field(of, "conv1", 90)
    with pytest.raises(ValueError, match=r"layer must be one of conv1, relu1, .*, got 'conv9'"):
        receptive_field(of, "conv9", 0)
