"""A dragged input is what torch's side makes of the same shift."""

import numpy as np
import pytest
import torch

from cnnviz.labs.translation import shift
from tests.javascript import Node


@pytest.mark.parametrize("by", [(0, 0), (2, -1), (-3, 4), (1, 0), (0, -5), (9, 2)])
def test_every_channel_moves_and_none_comes_over_from_its_neighbour(
    node: Node, by: tuple[int, int]
) -> None:
    base = torch.rand(1, 3, 6, 8)
    code = """
    const { shifted } = await load("network_view/drag.js");
    const base = Float32Array.from(sent.base);
    return [0, 1].map((paper) => [...shifted(base, sent.by, [3, 6, 8], paper)]);
    """
    moved = node.run(code, {"base": base.flatten().tolist(), "by": by})
    for paper in (0, 1):
        expected = shift(base, *by, paper).flatten().numpy()
        np.testing.assert_allclose(moved[paper], expected, atol=1e-7)
