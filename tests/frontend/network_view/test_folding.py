"""folding.js and folded_sizes.js: of a large network, what is in sight, and where it stands."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnnviz.networks.architecture import Architecture
from cnnviz.networks.models import untrained
from cnnviz.networks.notation import layers_of
from cnnviz.networks.trace import Trace, trace
from tests.frontend.networks import encode, evaluate
from tests.javascript import Node

VGG = (
    "conv2d 10 3, relu, conv2d 10 3, relu, maxpool2d 2, conv2d 10 3, relu, conv2d 10 3, relu, "
    "maxpool2d 2, flatten, linear 10"
)
NETWORKS = {
    "TinyVGG": VGG,
    "LeNet-5": (
        "conv2d 6 5 padding=2, tanh, avgpool2d 2, conv2d 16 5, tanh, avgpool2d 2, "
        "conv2d 120 5, tanh, flatten, linear 84, tanh, linear 10"
    ),
    "sixteen layers": (
        "conv2d 8 3, batchnorm2d, relu, conv2d 64 3, batchnorm2d, leakyrelu, maxpool2d 2, "
        "conv2d 64 3, batchnorm2d, relu, dropout, globalavgpool2d, flatten, linear 12, relu, "
        "linear 10"
    ),
}


@pytest.fixture(scope="module", params=NETWORKS)
def large(request: pytest.FixtureRequest) -> Trace:
    torch.manual_seed(0)
    architecture = Architecture(layers_of(NETWORKS[request.param]), (3, 28, 28))
    return trace(untrained(architecture), torch.rand(1, 3, 28, 28))


LAID_OUT = """
const { layOut } = await load("network_view/layout.js");
const { placeAll } = await load("network_view/scene.js");
const { foldedAt, spotAt } = await load("network_view/hit.js");
const { foldable, openAtFirst, opened, strongestMaps } = await load("network_view/folding.js");
const { network, values } = decode(sent.trace);
const count = foldable(network);
const shownMaps = strongestMaps(network, values, sent.pin ?? null);
const arranged = (open, width = sent.width) =>
  placeAll(layOut(network, width, () => "", { open, shownMaps, text: sent.text ?? 1 }), network, 1);
"""


@pytest.mark.parametrize("width", [620, 700, 1064, 1100, 1500, 1900])
def test_a_large_network_fits_the_width_and_what_opens_lies_under_the_pointer_still(
    node: Node, large: Trace, width: int
) -> None:
    """From every pair that stands open, each folded layer is pointed at, across all its column."""
    code = LAID_OUT + (
        """
    const lost = [];
    const over = [];
    const overlaps = [];
    let narrowest = Infinity;
    for (let first = 0; first < count - 1; first += 1) {
      const open = [first, first + 1];
      const scene = arranged(open);
      const ends = scene.columns.map(({ rect }) => rect.x + rect.w);
      over.push(Math.max(...ends));
      scene.columns.slice(1).forEach(({ rect, column }, at) => {
        if (rect.x < ends[at] - 0.5) overlaps.push([open, column.name, column.type]);
      });
      for (const { column, rect } of scene.columns) {
        if (!column.folded) {
          if (column.type === "maps") narrowest = Math.min(narrowest, column.tile.w);
          continue;
        }
        const next = opened(network, open, column.layer, false);
        const after = arranged(next);
        const own = after.columns.filter((c) => c.column.layer === column.layer);
        const [left, right] = [own[0].rect.x, own.at(-1).rect.x + own.at(-1).rect.w];
        for (let x = rect.x + 0.5; x < rect.x + rect.w; x += 1)
          if (x < left - 0.5 || x > right + 0.5)
            lost.push([open, next, column.name, x, left, right]);
        if (own.some((c) => c.column.folded)) lost.push(["still folded", column.name]);
      }
    }
    return { lost, over: Math.max(...over), overlaps, narrowest };
    """
    )
    found = evaluate(node, code, {"trace": encode(large), "width": width})
    assert not found["lost"], found["lost"][:3]
    assert not found["overlaps"], found["overlaps"][:3]
    assert found["over"] <= width + 1
    if width >= 1064:  # at 1440 px of window
        assert found["narrowest"] >= 28


def test_rows_line_up_from_column_to_column_folded_or_not(node: Node, large: Trace) -> None:
    code = LAID_OUT + (
        """
    const scene = arranged([0, 1]);
    const middles = {};
    for (const { layer, rect, vector } of scene.tiles) {
      if (vector || layer < 0) continue;
      (middles[layer] ??= []).push(rect.y + rect.h / 2);
    }
    return Object.values(middles);
    """
    )
    by_count: dict[int, list[list[float]]] = {}
    for column in evaluate(node, code, {"trace": encode(large), "width": 1064}):
        by_count.setdefault(len(column), []).append(column)
    for columns in by_count.values():
        for column in columns[1:]:
            assert column == pytest.approx(columns[0], abs=1)


def test_rows_below_what_opens_move_alone_and_nothing_folds(node: Node, large: Trace) -> None:
    code = LAID_OUT + (
        """
    const before = arranged([0, 1]);
    const moved = [];
    for (const { column, rect } of before.columns) {
      if (!column.folded) continue;
      const open = opened(network, [0, 1], column.layer, true);
      const after = arranged(open);
      const top = (scene, layer) =>
        Math.min(...scene.columns.filter((c) => c.column.layer === layer).map((c) => c.rect.y));
      for (let layer = -1; layer <= column.layer; layer += 1)
        if (top(after, layer) !== top(before, layer)) moved.push([column.name, layer]);
      if (after.height <= before.height) moved.push([column.name, "doesn't open"]);
      const tile = before.tiles.find((each) => each.layer === column.layer);
      if (foldedAt(before, tile.rect.x + 1, tile.rect.y + 1) !== column.layer)
        moved.push([column.name, "not found"]);
    }
    return { moved, folded: before.columns.filter(({ column }) => column.folded).length, count };
    """
    )
    found = evaluate(node, code, {"trace": encode(large), "width": 360})
    assert not found["moved"], found["moved"][:3]
    assert found["folded"] == found["count"] - 2


@given(st.integers(0, 2**31), st.integers(0, 63))
def test_of_many_maps_the_strongest_eight_are_shown_and_a_pinned_one(
    node: Node, seed: int, pinned: int
) -> None:
    generator = torch.Generator().manual_seed(seed)
    model = nn.Sequential(nn.Conv2d(1, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(64, 20, 3))
    steps = trace(model, torch.rand(1, 1, 10, 10, generator=generator))
    code = LAID_OUT + (
        """
    const scene = arranged([], 1064);
    const channels = (layer) => scene.tiles.filter((t) => t.layer === layer).map((t) => t.channel);
    const kernels = scene.kernels.filter((k) => k.layer === 3);
    const read = kernels.map((k) => k.offset === (k.out * 64 + k.in) * 9);
    return {
      first: [0, 1, 2].map(channels), last: channels(3), right: read.every(Boolean),
      ins: [...new Set(kernels.map((k) => k.in))], outs: [...new Set(kernels.map((k) => k.out))],
      offsets: scene.tiles.every((t) => t.layer < 0 || t.offset === t.channel * t.rows * t.cols),
    };
    """
    )
    pin: dict[str, Any] = {"layer": 1, "unit": {"channel": pinned, "row": 0, "col": 0}}
    found = evaluate(node, code, {"trace": encode(steps), "width": 1064, "pin": pin})
    strength = steps.layers[2].values.abs().mean(dim=(1, 2))
    order = strength.argsort(descending=True, stable=True).tolist()
    eight = set(order[:8]) if pinned in order[:8] else {*order[:7], pinned}
    assert found["first"] == [sorted(eight)] * 3
    last = steps.layers[3].values.abs().mean(dim=(1, 2)).argsort(descending=True).tolist()[:8]
    assert found["last"] == sorted(last)
    assert (found["ins"], found["outs"]) == (sorted(eight), sorted(last))
    assert found["right"]
    assert found["offsets"]
