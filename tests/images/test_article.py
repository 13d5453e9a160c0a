"""The article's pictures of a network: every map has its place, also one that is all 0."""

import re

import torch

from cnnviz.images import article
from cnnviz.networks.models import SimpleCNN
from cnnviz.networks.trace import trace


def test_a_map_that_is_all_zero_is_framed_and_says_so() -> None:
    torch.manual_seed(1)
    model = SimpleCNN()
    with torch.no_grad():
        # A ReLU lets nothing of it through.
        model.get_parameter("conv1.bias")[2] = -100.0
    steps = trace(model, torch.rand(1, 1, 28, 28))
    dead = [int(not each.any()) for each in steps["relu1"].values]
    page = article.maps(steps)
    figures = re.findall(r"<figure>(.*?)</figure>", page)
    assert len(figures) == 4 + 8
    assert [int("<figcaption>all 0</figcaption>" in each) for each in figures[:4]] == dead
    assert dead[2] == 1
    assert 'alt="map 2 of relu1, all 0"' in figures[2]
    assert 'alt="map 1 of relu1"' in figures[1]
