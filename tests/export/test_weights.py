"""Weights as the article's own class takes them."""

import io

import torch
import torch.nn.functional as F
from torch import nn

from cnnviz.export import weights
from cnnviz.networks.models import SimpleCNN


class Article(nn.Module):
    """The article's network as it writes it."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3)
        self.conv2 = nn.Conv2d(4, 8, 3)
        self.fc = nn.Linear(200, 10)

    def forward(self, images):
        maps = F.max_pool2d(F.relu(self.conv1(images)), 2)
        return self.fc(F.max_pool2d(F.relu(self.conv2(maps)), 2).flatten(1))


def test_the_state_dict_fits_the_articles_own_class_and_carries_no_code():
    model = SimpleCNN()
    content = weights.state_dict(model)
    plain = Article()
    plain.load_state_dict(torch.load(io.BytesIO(content), weights_only=True))
    images = torch.rand(3, 1, 28, 28)
    torch.testing.assert_close(plain(images), model(images))
