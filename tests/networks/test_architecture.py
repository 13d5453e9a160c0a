"""A network as a list of layers: what it says of itself is what torch makes of it."""

import json
import re
import time

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torchvision import transforms

from cnnviz.networks import advice
from cnnviz.networks.architecture import (
    ARTICLE,
    LENET5,
    TINYVGG,
    Architecture,
    MisfitError,
    fully_connected,
    two_convolutions,
)
from cnnviz.networks.kinds import KINDS, Conv2d, Flatten, Layer, Linear, MaxPool2d, kind_of
from cnnviz.networks.models import SimpleCNN, parameter_count, untrained
from cnnviz.networks.notation import layers_of, text_of
from cnnviz.networks.steps import names_of
from cnnviz.networks.trace import trace

small = st.integers(1, 3)
map_layers: st.SearchStrategy[Layer] = st.one_of(
    st.builds(Conv2d, st.integers(1, 6), st.integers(1, 5), small, st.integers(0, 2), small),
    st.sampled_from(
        layers_of(
            "batchnorm2d, relu, leakyrelu, leakyrelu slope=0.2, tanh, sigmoid, dropout, "
            "normalize 0.5 0.25, maxpool2d 2, maxpool2d 3 stride=2 padding=1, avgpool2d 2, "
            "avgpool2d 3 stride=1 padding=1"
        )
    ),
)


@st.composite
def architectures(draw) -> Architecture:
    """Any list that fits: map layers as far as there is room, a head, and vectors."""
    classes = draw(st.integers(2, 12))
    sides = st.integers(8, 24)
    picture = (draw(st.sampled_from((1, 3))), draw(sides), draw(sides))
    layers: list[Layer] = []
    shape: tuple[int, ...] = picture
    for layer in draw(st.lists(map_layers, max_size=8)):
        try:
            shape = layer.shape(shape)
        except ValueError:
            continue
        layers.append(layer)
    layers += draw(st.sampled_from((layers_of("flatten"), layers_of("globalavgpool2d, flatten"))))
    layers += draw(st.sampled_from(((), layers_of("linear 7, tanh, dropout 0.2"))))
    return Architecture((*layers, Linear(classes)), picture, classes)


@settings(max_examples=60)
@given(architectures(), st.integers(0, 2**31))
def test_shapes_and_parameters_are_those_of_torch_s_modules(architecture, seed):
    model = untrained(architecture, seed)
    image = torch.rand(1, *architecture.picture)
    steps = trace(model, image).layers
    assert [layer.name for layer in steps] == [step.name for step in architecture.steps]
    assert [layer.kind for layer in steps] == [step.layer.kind for step in architecture.steps]
    for step, layer, module in zip(architecture.steps, steps, model, strict=True):
        assert tuple(layer.values.shape) == step.shape
        assert parameter_count(module) == step.parameters
        assert repr(
            eval(step.layer.line(step.given), {"nn": nn, "transforms": transforms})
        ) == repr(module)
    assert architecture.parameters == parameter_count(model)


@settings(max_examples=60)
@given(architectures())
def test_text_and_json_give_the_same_network_again(architecture):
    assert layers_of(text_of(architecture.layers)) == architecture.layers
    assert Architecture.from_dict(json.loads(json.dumps(architecture.to_dict()))) == architecture


@settings(max_examples=20)
@given(architectures())
def test_a_receptive_field_reaches_as_far_as_the_gradient(architecture):
    """Of a unit in the middle of a large picture, where nothing is cut off at an edge."""
    maps = [step for step in architecture.steps if len(step.shape) == 3]
    if any(step.layer.kind == "globalavgpool2d" for step in maps) or not maps:
        return
    values = image = torch.ones(1, architecture.picture[0], 200, 200, dtype=torch.float64)
    image.requires_grad_()
    for step in maps:
        if (window := step.layer.window(step.given)) is not None:
            ones = torch.ones(1, values.shape[1], *window.kernel, dtype=torch.float64)
            values = nn.functional.conv2d(
                values, ones, None, window.stride, window.padding, window.dilation
            )
    rows, columns = values.shape[2:]
    if min(rows, columns) < 3:
        return
    values[0, 0, rows // 2, columns // 2].backward()
    assert image.grad is not None
    reached = image.grad[0, 0].nonzero()
    extent = reached.amax(0) - reached.amin(0) + 1
    assert tuple(extent.tolist()) == maps[-1].receptive_field


@pytest.mark.parametrize(
    ("architecture", "parameters", "multiplications", "sees"),
    [
        (Architecture(), 2_346, 61_184, (26, 26)),
        (fully_connected(3), 2_395, 2_382, (28, 28)),
        # C3 with all of S2's maps: 1,516 + 900; C5 48,120, F6 10,164, the last 850.
        (Architecture(LENET5), 61_706, 416_520, (32, 32)),
        (Architecture(TINYVGG), 4_440, 728_440, (28, 28)),
        # CNN Explainer's own pictures.
        (Architecture(TINYVGG, (3, 64, 64)), 19_920, 5_608_780, (64, 64)),
    ],
)
def test_presets_cost_what_is_known_of_them(architecture, parameters, multiplications, sees):
    assert architecture.parameters == parameters
    assert architecture.multiplications == multiplications
    assert architecture.steps[-1].receptive_field == sees


def test_the_articles_layers_have_the_names_that_its_state_dict_has():
    assert list(SimpleCNN().state_dict()) == [
        *("conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc.weight", "fc.bias")
    ]
    assert two_convolutions() == Architecture(ARTICLE) == Architecture()


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        (
            "conv2d 4 3, maxpool2d 2, conv2d 4 3, maxpool2d 2, conv2d 8 3, maxpool2d 2, "
            "maxpool2d 2, flatten, linear 10",
            "pool4: 1×1 is smaller than the 2×2 window; give conv3 padding 1, or take pool4 out",
        ),
        (
            "conv2d 4 3, linear 10",
            "fc: it reads a vector, and gets 4×26×26 maps; put flatten before fc",
        ),
        (
            "conv2d 4 3",
            "conv1: it ends the network with 4×26×26 maps, and there are 10 classes; "
            "put flatten and linear 10 at the end",
        ),
        (
            "flatten, conv2d 3 3, linear 10",
            "conv1: it reads maps, and gets a vector of 784; move flatten behind conv1, "
            "or take conv1 out",
        ),
        (
            "flatten, linear 12",
            "fc: it ends the network with 12 numbers, and there are 10 classes; "
            "give fc 10 features, or put linear 10 at the end",
        ),
        (
            "flatten, linear 4000, relu, linear 10",
            "fc1: with 3,140,000 here the network has 3,180,010 parameters, more than the "
            "2,000,000 it may have; give fc1 2000 features, or put maxpool2d 2 before flatten",
        ),
        (
            "conv2d 512 3, conv2d 32 3, flatten, linear 10",
            "conv2: with 84,934,656 here the network has 88,233,984 multiplications, more than "
            "the 20,000,000 it may have; give conv2 4 channels, or put maxpool2d 2 before conv1",
        ),
        (
            ", ".join(["relu"] * 15 + ["flatten", "linear 10"]),
            "a network has 1 to 16 layers, and this one 17; take relu15 out",
        ),
    ],
)
def test_a_network_that_does_not_fit_names_the_layer_and_a_change_that_would_do(layers, message):
    began = time.process_time()
    with pytest.raises(MisfitError) as refusal:
        Architecture(layers_of(layers))
    assert time.process_time() - began < 5  # it takes a millisecond or two
    assert str(refusal.value) == message


CHANGES = {
    r"give (\w+) (\d+) (channels|features)": lambda m: (m[1], {m[3]: int(m[2])}),
    r"give (\w+) (padding|dilation|kernel) (\d+)": lambda m: (m[1], {m[2]: int(m[3])}),
    r"take (\w+) out": lambda m: (m[1], None),
}


@settings(max_examples=150)
@given(st.lists(st.one_of(map_layers, st.builds(MaxPool2d, st.integers(2, 6))), max_size=9))
def test_what_is_advised_makes_the_network_fit(layers):
    """Of any list with a head, as the first change that can be read back from the message."""
    listed = (*layers, Flatten(), Linear(10))
    try:
        Architecture(listed)
    except MisfitError as error:
        said = str(error)
    else:
        return
    names = names_of(listed)
    assert said.partition(":")[0] in names
    assert "; " in said, said
    for change in said.partition("; ")[2].split(", or "):
        for pattern, read in CHANGES.items():
            if found := re.fullmatch(pattern, change):
                name, numbers = read(found)
                at = names.index(name)
                old = listed[at]
                new = () if numbers is None else (type(old)(**{**vars(old), **numbers}),)
                _fits_better(listed, (*listed[:at], *new, *listed[at + 1 :]))


def _fits_better(before: tuple[Layer, ...], after: tuple[Layer, ...]) -> None:
    """All fits, or what is left of the list behind the trouble is shorter than it was."""
    wanted = advice.Wanted((1, 28, 28), 10)
    was, left = (advice.problem(layers, wanted) for layers in (before, after))
    assert was is not None
    if left is not None:
        # Where no single change is enough, the next trouble is another's.
        assert (left.stage, left.index - len(after)) > (was.stage, was.index - len(before))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("conv 3 3", "conv is no kind of layer; there are conv2d, batchnorm2d, relu"),
        ("relu,,relu", "a layer is missing beside a comma"),
        ("conv2d", "conv2d needs channels and kernel"),
        ("conv2d 3 x", "conv2d kernel must be a number, got 'x'"),
        ("conv2d 3 3 pad=1", "conv2d takes channels, kernel, stride, padding, dilation; not pad=1"),
        ("conv2d 3 3 kernel=2", "not kernel=2"),
        ("relu 3", "relu takes no numbers; not 3"),
        ("conv2d 0 3", "conv2d channels must be a whole number from 1 to 512, got 0"),
        ("conv2d 3.5 3", "conv2d channels must be a whole number from 1 to 512, got 3.5"),
        ("dropout 2", "dropout share must be a number from 0 to 0.95, got 2"),
        ("dropout nan", "dropout share must be a number from 0 to 0.95, got nan"),
        ("linear 1e400", "linear features must be a whole number from 1 to 4096, got inf"),
        ("maxpool2d 2 padding=2", "maxpool2d padding must be at most half the kernel of 2, got 2"),
        ("relu, " * 1000, "layers take at most 2000 characters"),
    ],
)
def test_a_text_that_lists_no_layers_is_refused_by_the_word(text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        layers_of(text)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"picture": (2, 28, 28)}, "picture must be 1 or 3 channels of 8 to 64 rows"),
        ({"picture": (1, 7, 28)}, "got (1, 7, 28)"),
        ({"classes": 1}, "classes must be a whole number from 2 to 100, got 1"),
    ],
)
def test_pictures_and_classes_out_of_range_are_refused(wrong, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Architecture(**wrong)


@pytest.mark.parametrize(
    ("described", "message"),
    [
        ({"layers": "relu"}, "layers must be a list of 1 to 16"),
        ({"layers": ["relu"] * 17}, "layers must be a list of 1 to 16"),
        ({"layers": [3]}, "each layer must be a text"),
        ({"layers": ["relu"], "depth": 3}, "'depth' is no part of an architecture"),
        ({"depth": 3}, "depth"),
    ],
)
def test_a_description_that_is_none_is_refused(described, message):
    with pytest.raises(ValueError, match=message):
        Architecture.from_dict(described)


def test_what_files_said_before_there_were_lists_is_still_read():
    old = {"channels": [6, 16], "kernel_size": 5, "activation": "tanh", "pooling": "average"}
    assert text_of(Architecture.from_dict(old).layers) == (
        "conv2d 6 5, tanh, avgpool2d 2, conv2d 16 5, tanh, avgpool2d 2, flatten, linear 10"
    )
    assert Architecture.from_dict({}) == Architecture()


def test_the_largest_network_of_the_form_is_allowed_though_it_is_slow():
    largest = two_convolutions((64, 64), 7, pooling="none")
    assert largest.multiplications > 20_000_000
    assert Architecture.from_dict(largest.to_dict()) == largest
    with pytest.raises(MisfitError):
        Architecture((*largest.layers[:-2], *layers_of("relu, flatten, linear 10")))


def test_a_module_is_known_by_its_class_alone():
    for kind in KINDS.values():
        assert kind.module_class().__name__ == kind.torch_name
    assert kind_of(nn.AdaptiveAvgPool2d(1)).kind == "globalavgpool2d"
    with pytest.raises(ValueError, match="output_size must be 1, got 2"):
        trace(nn.Sequential(nn.AdaptiveAvgPool2d(2)), torch.zeros(1, 1, 4, 4))
    norm = nn.Sequential(nn.BatchNorm2d(1, track_running_stats=False))
    with pytest.raises(ValueError, match="track_running_stats must be True"):
        trace(norm, torch.zeros(1, 1, 4, 4))
