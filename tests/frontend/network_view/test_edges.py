"""edges.js: the line from a window to the number that it makes runs through no other number."""

from typing import Any

import pytest
import torch
from torch import nn

from cnnviz.networks.trace import trace
from tests.frontend.networks import encode, evaluate
from tests.javascript import Node

# For every unit, the numbers that an edge into it comes too near to: into the middle of a cell.
CROSSED = """
const { layOut } = await load("network_view/layout.js");
const { placeAll } = await load("network_view/scene.js");
const { shapesFor } = await load("network_view/overlay.js");
const { sizeOf, unitAt } = await load("network_view/units.js");
const { network, values } = decode(sent.trace);
const plan = layOut(network, sent.width, () => "", { text: 1 });
const scene = placeAll(plan, network, 1);
const tables = [...scene.tiles, ...scene.kernels].filter(({ numbers }) => numbers);
const between = (a, b, c, d, t) =>
  (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t ** 2 * c + t ** 3 * d;
const crossed = [];
let lines = 0;
const { shape } = network.layers[0];
for (let index = 0; index < sizeOf(shape); index += 1) {
  const unit = unitAt(shape, index);
  const focus = { layer: 0, unit };
  const shapes = shapesFor(scene, network, values, { sign: () => "" }, focus, true);
  for (const { points, down } of shapes.filter((each) => each.shape === "edge")) {
    lines += 1;
    for (let at = 1; at < points.length; at += 1) {
      const [[x0, y0], [x1, y1]] = [points[at - 1], points[at]];
      const bend = down ? (y1 - y0) / 2 : Math.max(14, (x1 - x0) / 2);
      const [bx, by] = down ? [0, bend] : [bend, 0];
      for (let t = 0; t <= 1; t += 0.01) {
        const x = between(x0, x0 + bx, x1 - bx, x1, t);
        const y = between(y0, y0 + by, y1 - by, y1, t);
        for (const { rect, rows, cols } of tables) {
          const [col, row] = [((x - rect.x) / rect.w) * cols, ((y - rect.y) / rect.h) * rows];
          if (row < 0 || col < 0 || row > rows || col > cols) continue;
          const middle = (v) => Math.abs((v % 1) - 0.5) < 0.2;
          if (middle(row) && middle(col)) crossed.push([unit, row, col]);
        }
      }
    }
  }
}
return { crossed: crossed.length, first: crossed[0], lines, tables: tables.length };
"""


def crossed(node: Node, layer: nn.Module, size: int, channels: int, width: int) -> Any:
    model = nn.Sequential()
    model.add_module("layer", layer)
    image = torch.rand(1, channels, size, size, generator=torch.Generator().manual_seed(1))
    return evaluate(node, CROSSED, {"trace": encode(trace(model, image)), "width": width})


@pytest.mark.parametrize("width", [360, 760, 1038, 1500])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("padding", [0, 1])
def test_no_edge_of_a_convolution_runs_through_a_number(
    width: int, channels: int, padding: int, node: Node
) -> None:
    torch.manual_seed(1)
    layer = nn.Conv2d(channels, channels, 3, padding=padding)
    found = crossed(node, layer, 8, channels, width)
    assert found["lines"] > 0
    assert found["tables"] > 0
    assert found["crossed"] == 0, found["first"]


@pytest.mark.parametrize("width", [760, 1038, 1500])
@pytest.mark.parametrize("window", [2, 3])
def test_no_edge_of_a_pooling_runs_through_a_number(window: int, width: int, node: Node) -> None:
    found = crossed(node, nn.MaxPool2d(window, 2), 12, 1, width)
    assert found["lines"] > 0
    assert found["tables"] > 0
    assert found["crossed"] == 0, found["first"]
