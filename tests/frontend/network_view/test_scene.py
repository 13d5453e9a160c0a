"""layout.js, scene.js and hit.js: what is painted where, and that pointing finds it again."""

import math
from collections import OrderedDict
from itertools import pairwise
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnnviz.networks.architecture import two_convolutions
from cnnviz.networks.models import untrained
from cnnviz.networks.trace import Trace, trace
from cnnviz.training.config import TrainingConfig
from tests.frontend.networks import encode, evaluate, traces
from tests.javascript import Node

LAY_OUT = """
const { layOut } = await load("network_view/layout.js");
const { placeAll, rectOfUnit } = await load("network_view/scene.js");
const { spotAt } = await load("network_view/hit.js");
const { shapeAt } = await load("network_view/kinds.js");
const { sizeOf, unitAt } = await load("network_view/units.js");
const { network } = decode(sent.trace);
const plan = layOut(network, sent.width, () => "", { text: sent.text ?? 1 });
const scene = placeAll(plan, network, sent.ratio);
"""

WIDTHS = st.integers(300, 2200)
RATIOS = st.sampled_from([1, 1.25, 1.5, 2, 3])


@given(traces(), WIDTHS, RATIOS)
def test_every_painted_unit_is_found_by_its_own_pixels(
    node: Node, steps: Trace, width: int, ratio: float
) -> None:
    """Every unit that the stage shows, and nothing else, lies under its middle and corners."""
    code = LAY_OUT + (
        """
    const last = network.layers.at(-1).shape.length === 1 ? 1 : 0;
    const lost = [];
    let shown = 0;
    for (let layer = -1; layer < network.layers.length + last; layer += 1) {
      const shape = shapeAt(network, layer);
      for (let index = 0; index < sizeOf(shape); index += 1) {
        const unit = unitAt(shape, index);
        const rect = rectOfUnit(scene, layer, unit);
        if (!rect) continue;
        shown += 1;
        // Its middle, and just within each of its corners.
        for (const [across, down] of [[0.5, 0.5], [0.02, 0.02], [0.98, 0.02], [0.02, 0.98],
          [0.98, 0.98]]) {
          const spot = spotAt(scene, rect.x + across * rect.w, rect.y + down * rect.h);
          if (spot?.layer !== layer || JSON.stringify(spot.unit) !== JSON.stringify(unit))
            lost.push([layer, unit, rect, spot]);
        }
      }
    }
    return { lost, shown };
    """
    )
    sent = {"trace": encode(steps), "width": width, "ratio": ratio}
    found = evaluate(node, code, sent)
    assert not found["lost"], found["lost"][:3]
    units = sum(layer.values.numel() for layer in steps.layers) + steps.image.numel()
    classes = 0 if steps.probabilities is None else len(steps.probabilities)
    assert found["shown"] == units + classes


@given(traces(), WIDTHS, RATIOS)
def test_pictures_lie_within_the_stage_on_whole_pixels_and_apart(
    node: Node, steps: Trace, width: int, ratio: float
) -> None:
    code = LAY_OUT + (
        """
    const rects = [
      ...scene.tiles.map(({ outer }) => outer),
      ...[...scene.kernels, ...scene.weights].map(({ rect }) => rect),
      ...[...scene.bars, ...(scene.answer ? [scene.answer] : [])].flatMap(
        ({ items }) => items.map(({ rect }) => rect)),
    ];
    return { rects, width: scene.width, height: scene.height, rows: plan.rows };
    """
    )
    made = evaluate(node, code, {"trace": encode(steps), "width": width, "ratio": ratio})
    rects = [(r["x"], r["y"], r["x"] + r["w"], r["y"] + r["h"]) for r in made["rects"]]
    for left, top, right, bottom in rects:
        for edge in (left, top, right, bottom):
            assert math.isclose(edge * ratio, round(edge * ratio), abs_tol=1e-6)
        assert top >= 0
        assert bottom <= made["height"] + 1
        # A network may need more width than there is; but it never starts outside.
        assert left >= -1e-6
    for i, one in enumerate(rects):
        for other in rects[i + 1 :]:
            assert (
                one[2] <= other[0] + 1 / ratio
                or other[2] <= one[0] + 1 / ratio
                or one[3] <= other[1] + 1 / ratio
                or other[3] <= one[1] + 1 / ratio
            ), (one, other)


@pytest.mark.parametrize("width", [340, 390, 1024, 1060, 1440, 1900])
@pytest.mark.parametrize(
    "model",
    [untrained(), untrained(two_convolutions((8, 16), 5, "tanh", "average"))],
    ids=["article", "8 and 16 maps"],
)
def test_the_apps_networks_fit_the_width(node: Node, model: Any, width: int) -> None:
    import torch

    steps = trace(model, torch.rand(1, 1, 28, 28))
    code = LAY_OUT + "return Math.max(...scene.columns.map(({ rect }) => rect.x + rect.w));"
    assert evaluate(node, code, {"trace": encode(steps), "width": width, "ratio": 1}) <= width + 1


@pytest.mark.parametrize(
    ("width", "text"), [(700, 1), (1064, 1), (1100, 1), (1480, 18 / 11), (1900, 18 / 11)]
)
@pytest.mark.parametrize("model", [None, "LeNet-5", "TinyVGG"])
def test_the_sizes_of_maps_stand_apart_and_what_has_no_room_is_left_out(
    node: Node, model: str | None, width: int, text: float
) -> None:
    import torch

    architecture = TrainingConfig(model=model).architecture if model else two_convolutions()
    steps = trace(untrained(architecture), torch.rand(1, 1, 28, 28))
    code = LAY_OUT + (
        """
    const heads = scene.columns.filter(({ column }) => column.name);
    return {
      heads: heads.map(({ column, rect, unsaid }) => [column.type, column.shape, rect.x, unsaid]),
    };
    """
    )
    sent = {"trace": encode(steps), "width": width, "ratio": 1, "text": text}
    made = evaluate(node, code, sent)
    maps = [(shape, x, unsaid) for kind, shape, x, unsaid in made["heads"] if kind == "maps"]
    shown = [(shape, x) for shape, x, unsaid in maps if not unsaid]
    letter = 0.58 * 11 * text  # of a monospaced font, set 0.02 em closer
    for (shape, x), (_, following) in pairwise(shown):
        assert x + letter * len(shape) + 4 * text <= following, shape
    left_out = {shape for shape, _, unsaid in maps if unsaid}
    if model is None:
        assert left_out <= {shape for shape, _ in shown}


@pytest.mark.parametrize("width", [342, 362, 530, 1064])
@pytest.mark.parametrize("channels", [1, 2, 3])
@pytest.mark.parametrize("maps", [1, 2, 3])
def test_the_kernels_of_one_layer_leave_its_maps_their_room(
    node: Node, maps: int, channels: int, width: int
) -> None:
    code = LAY_OUT + (
        """
    const last = scene.tiles.at(-1).outer;
    return {
      right: last.x + last.w,
      least: Math.min(...scene.tiles.map(({ outer }) => outer.w)),
      kernel: Math.min(...scene.kernels.map(({ rect }) => rect.w)),
    };
    """
    )
    model = nn.Sequential(OrderedDict(conv=nn.Conv2d(channels, maps, 3)))
    sent = {"trace": encode(trace(model, torch.rand(1, channels, 48, 48))), "width": width}
    made = evaluate(node, code, {**sent, "ratio": 1})
    assert made["right"] <= width
    assert made["least"] >= 80
    assert made["kernel"] >= 40


def test_padding_has_a_rim_around_the_map_that_is_read(node: Node) -> None:
    import torch
    from torch import nn

    model = nn.Sequential(nn.Conv2d(1, 1, 3, padding=(2, 1)))
    steps = trace(model, torch.rand(1, 1, 4, 6))
    code = LAY_OUT + "return scene.tiles[0];"
    tile = evaluate(node, code, {"trace": encode(steps), "width": 1000, "ratio": 1})
    assert tile["rim"] == {"top": 2, "left": 1, "bottom": 2, "right": 1}
    cell = tile["rect"]["w"] / 6
    assert tile["rect"]["x"] - tile["outer"]["x"] == pytest.approx(cell, abs=1)
    assert tile["rect"]["y"] - tile["outer"]["y"] == pytest.approx(2 * cell, abs=1)


@pytest.mark.parametrize("text", [1, 18 / 11])
def test_heads_that_have_room_stand_level(node: Node, text: float) -> None:
    import torch
    from torch import nn

    steps = trace(nn.Sequential(nn.MaxPool2d(2)), torch.rand(1, 1, 28, 28))
    sent = {"trace": encode(steps), "width": 1480, "ratio": 1, "text": text}
    assert not evaluate(node, LAY_OUT + "return plan.compact;", sent)


@pytest.mark.parametrize("text", [1, 18 / 11])
def test_on_a_projector_heads_stand_level_and_are_as_large_as_numbers(
    node: Node, text: float
) -> None:
    import torch

    steps = trace(untrained(TrainingConfig().architecture), torch.rand(1, 1, 28, 28))
    sent = {"trace": encode(steps), "width": 1476, "ratio": 1, "text": text}
    plan = evaluate(node, LAY_OUT + "return { ...plan, columns: [] };", sent)
    assert not plan["staggered"]
    assert plan["heads"] == text


def test_a_size_is_spelled_in_one_way(node: Node) -> None:
    code = """
    const { shapeText } = await load("network_view/columns.js");
    return sent.map(shapeText);
    """
    shapes = [[4, 26, 26], [8, 11, 11], [8, 5, 7], [200]]
    assert node.run(code, shapes) == ["4×26×26", "8×11×11", "8×5×7", "200"]


@pytest.mark.parametrize("text", [1, 18 / 11])
@pytest.mark.parametrize("width", [700, 1064, 1100, 1500, 1900])
@pytest.mark.parametrize("model", ["SimpleCNN", "LeNet-5", "TinyVGG"])
def test_heads_take_turns_and_numbers_have_room_at_any_size_of_words(
    node: Node, model: str, width: int, text: float
) -> None:
    import torch

    steps = trace(untrained(TrainingConfig(model=model).architecture), torch.rand(1, 1, 28, 28))
    code = LAY_OUT + (
        """
    const heads = scene.columns.filter(({ column }) => column.name);
    return {
      compact: plan.compact,
      staggered: plan.staggered,
      size: plan.heads,
      bars: scene.bars[0].items[0].rect.w,
      // A folded layer's name is cut off where it has no room.
      heads: heads.map(({ column, rect }) => [column.folded ? "" : column.name, rect.x]),
    };
    """
    )
    sent = {"trace": encode(steps), "width": width, "ratio": 1, "text": text}
    made = evaluate(node, code, sent)
    # So wide are these names' bold letters in Chromium, on the mean, in em; heads that take turns
    # are compared with the one after the next.
    letter = {"flatten": 0.45}
    em = 12 if made["compact"] else 13
    step = 2 if made["staggered"] else 1
    assert 1 <= made["size"] <= text
    if width >= 1000:
        for (name, left), (_, right) in zip(made["heads"], made["heads"][step:], strict=False):
            wide = letter.get(name, 0.56) * em * made["size"] * len(name)
            assert left + wide <= right, name
    if not made["compact"] or text > 1:
        assert made["bars"] / 2 >= 36 * text  # five characters beside a bar's axis
