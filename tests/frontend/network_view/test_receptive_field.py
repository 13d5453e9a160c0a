"""receptive_field.js against autograd: a unit sees exactly what its gradient reaches."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from cnnviz.networks.models import untrained
from cnnviz.networks.trace import Trace, trace
from tests.frontend.networks import encode, evaluate, pinned, unit_of, with_pins
from tests.javascript import Node

FIELDS = """
const { receptiveField, windowOf, inputs } = await load("network_view/receptive_field.js");
const { network, values } = decode(sent);
return sent.pins.map(({ layer, unit }) => ({
  fields: receptiveField(network, layer, unit),
  window: windowOf(network, layer, unit),
  inputs: inputs(network, layer, unit, values[layer]),
}));
"""


IN_PLACE = {"relu", "leakyrelu", "tanh", "sigmoid", "dropout", "batchnorm2d", "normalize"}


def see(node: Node, steps: Trace, layer: int, index: int) -> dict[str, Any]:
    return evaluate(node, FIELDS, with_pins(steps, [(layer, index)]))[0]


def positive(kind: str, hyper: Any, values: Tensor, out_shape: torch.Size) -> Tensor:
    """A layer with all weights one and nothing that stops a gradient: what could matter does.

    Max pooling is the sum of its window, as any of its cells could win for some input.
    """
    if kind in IN_PLACE:
        return values * 1.0
    if kind == "globalavgpool2d":
        return values.sum((-2, -1), keepdim=True)
    if kind == "flatten":
        return values.flatten(1)
    if kind == "linear":
        return values.sum(1, keepdim=True).expand(1, out_shape[0])
    channels = values.shape[1]
    kernel, padding = hyper["kernel"], hyper["padding"]
    dilation = hyper.get("dilation", [1, 1])
    mode = hyper.get("padding_mode", "zeros")
    sides = (padding[1], padding[1], padding[0], padding[0])
    padded = F.pad(values, sides) if mode == "zeros" else F.pad(values, sides, mode=mode)
    padded = F.pad(padded, (0, 8, 0, 8))  # room for ceil_mode, whose windows hang over
    groups, maps_out = (1, out_shape[0]) if kind == "conv2d" else (channels, channels)
    ones = torch.ones(maps_out, channels // groups, *kernel, dtype=values.dtype)
    made = F.conv2d(padded, ones, None, hyper["stride"], 0, dilation, groups)
    return made[:, :, : out_shape[1], : out_shape[2]]


def reached(steps: Trace, layer: int, index: int) -> list[set[int]]:
    """Flat indices with a gradient in the layer before `layer`, and so on back to the image."""
    values = torch.ones(1, *steps.image.shape, dtype=torch.float64, requires_grad=True)
    kept = [values]
    for step in steps.layers[: layer + 1]:
        values = positive(step.kind, step.hyperparameters, values, step.values.shape)
        values.retain_grad()
        kept.append(values)
    values.flatten()[index].backward()
    sets: list[set[int]] = []
    for before in reversed(kept[:-1]):
        assert before.grad is not None
        sets.append(set(before.grad.flatten().nonzero().flatten().tolist()))
    return sets


def indices(field: dict[str, Any]) -> set[int]:
    """A field's units as flat indices."""
    if "indices" in field:
        return set(range(*field["indices"]))
    _, height, width = field["shape"]
    return {
        (channel * height + row) * width + col
        for channel in range(*field["channels"])
        for row in field["rows"]
        for col in field["cols"]
    }


@settings(max_examples=60)
@given(pinned())
def test_a_unit_sees_exactly_what_its_gradient_reaches(
    node: Node, example: tuple[Trace, list[tuple[int, int]]]
) -> None:
    steps, pins = example
    all_seen = evaluate(node, FIELDS, with_pins(steps, pins))
    for (layer, index), seen in zip(pins, all_seen, strict=True):
        check(steps, layer, index, seen)


def check(steps: Trace, layer: int, index: int, seen: dict[str, Any]) -> None:
    expected = reached(steps, layer, index)
    fields = seen["fields"]
    wraps = any(step.hyperparameters.get("padding_mode") == "circular" for step in steps.layers)
    assert [field["layerIndex"] for field in fields] == list(range(layer - 1, -2, -1))
    for field, units in zip(fields, expected, strict=True):
        assert indices(field) == units
        if "rows" not in field:
            continue
        box = (field["r0"], field["r1"], field["c0"], field["c1"])
        if units:
            _, rows, cols = np.unravel_index(sorted(units), field["shape"])
            assert box == (rows.min(), rows.max() + 1, cols.min(), cols.max() + 1)
            if not wraps:  # a circular padding brings in cells from the far side
                assert field["size"][0] >= box[1] - box[0]
                assert field["size"][1] >= box[3] - box[2]
        else:
            assert box == (0, 0, 0, 0)
    # The units one layer up that are listed one by one are the same set.
    assert {entry["index"] for entry in seen["inputs"]} == expected[0]
    before = fields[0]["shape"]
    for entry in seen["inputs"]:
        assert entry["unit"] == unit_of(tuple(before), entry["index"])


def test_the_articles_units_see_fields_of_the_known_sizes(node: Node) -> None:
    """At a corner as in the middle."""
    steps = trace(untrained(), torch.rand(1, 1, 28, 28))
    expected = [[3], [1, 3], [2, 2, 4], [3, 6, 6, 8], [1, 3, 6, 6, 8], [2, 2, 4, 8, 8, 10]]
    for layer, sides in enumerate(expected):
        _, height, width = steps.layers[layer].values.shape
        for index in (0, (height // 2) * width + width // 2):
            fields = see(node, steps, layer, index)["fields"]
            assert [field["size"] for field in fields] == [[side, side] for side in sides]


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(*(st.integers(1, 3) for _ in range(6))),
        min_size=1,
        max_size=3,
    )
)
def test_the_size_in_input_pixels_is_that_of_a_unit_far_from_the_edges(
    node: Node, layers: list[tuple[int, ...]]
) -> None:
    """And it is told for a unit at the edge, too, whose field is cut off."""
    wide = nn.Sequential(
        *(
            nn.Conv2d(1, 1, (kh, kw), (sh, sw), (2, 2), (dh, dw))
            for kh, kw, sh, sw, dh, dw in layers
        )
    )
    steps = trace(wide, torch.rand(1, 1, 160, 160))
    last = len(layers) - 1
    _, height, width = steps.layers[-1].values.shape
    middle = see(node, steps, last, (height // 2) * width + width // 2)["fields"][-1]
    assert middle["size"] == [middle["r1"] - middle["r0"], middle["c1"] - middle["c0"]]
    assert see(node, steps, last, 0)["fields"][-1]["size"] == middle["size"]


def test_the_inputs_weights_are_the_gradient_and_their_contributions_the_value(
    node: Node,
) -> None:
    """A mirrored cell is read by several taps, and its weights add up."""
    for mode in ("zeros", "reflect", "replicate", "circular"):
        convolution = nn.Conv2d(2, 3, 3, padding=2, padding_mode=mode)
        linear = nn.Linear(3 * 7 * 6, 2)
        model = nn.Sequential(convolution, nn.Flatten(), linear)
        image = torch.rand(1, 2, 5, 4)
        steps = trace(model, image)
        for layer, module in ((0, convolution), (2, linear)):
            index = 1
            before = (image if layer == 0 else model[:2](image)).detach().requires_grad_()
            value = module(before).flatten()[index]
            value.backward()
            assert before.grad is not None
            gradient = before.grad.flatten()
            inputs = see(node, steps, layer, index)["inputs"]
            for entry in inputs:
                assert entry["weight"] == pytest.approx(float(gradient[entry["index"]]), abs=1e-6)
            assert module.bias is not None
            bias = module.bias[index if layer == 2 else 0].item()
            total = sum(entry["contribution"] for entry in inputs) + bias
            assert total == pytest.approx(value.item(), abs=1e-5)


def test_the_softmax_looks_at_every_logit_and_through_them_at_26_by_26_pixels(
    node: Node,
) -> None:
    steps = trace(untrained(), torch.rand(1, 1, 28, 28))
    sent = {**encode(steps), "pins": [{"layer": len(steps.layers), "unit": {"index": 3}}]}
    (seen,) = evaluate(node, FIELDS, sent)
    assert seen["window"] == {"indices": [0, 10]}
    assert seen["fields"][0] == {
        "layerIndex": len(steps.layers) - 1,
        "shape": [10],
        "indices": [0, 10],
    }
    # The second pooling leaves out the last row and column of its 11×11, and with them the last
    # two of the picture: the article's network never looks there.
    assert seen["fields"][-1]["rows"] == list(range(26))
    assert seen["fields"][-1]["cols"] == list(range(26))
    assert steps.probabilities is not None
    for entry in seen["inputs"]:
        sign = 1 if entry["index"] == 3 else -1
        probability = float(steps.probabilities[entry["index"]])
        assert entry["contribution"] == pytest.approx(sign * probability, abs=1e-6)


def test_the_taps_of_a_window_in_the_padding_are_told_apart_from_their_sources(
    node: Node,
) -> None:
    model = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1, padding_mode="circular"))
    seen = see(node, trace(model, torch.rand(1, 1, 4, 5)), 0, 0)["window"]
    assert (seen["rows"], seen["sourceRows"]) == ([-1, 0, 1], [3, 0, 1])
    assert (seen["cols"], seen["sourceCols"]) == ([-1, 0, 1], [4, 0, 1])
    model = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1))
    seen = see(node, trace(model, torch.rand(1, 1, 4, 5)), 0, 0)["window"]
    assert (seen["rows"], seen["sourceRows"]) == ([-1, 0, 1], [-1, 0, 1])
