"""Weights as the article's own class takes them."""

import io

import torch

from cnnviz.export import weights
from cnnviz.networks.models import SimpleCNN
from tests.networks.article import Article


def test_the_state_dict_fits_the_articles_own_class_and_carries_no_code():
    model = SimpleCNN()
    content = weights.state_dict(model)
    plain = Article()
    plain.load_state_dict(torch.load(io.BytesIO(content), weights_only=True))
    images = torch.rand(3, 1, 28, 28)
    torch.testing.assert_close(plain(images), model(images))
