"""A network's weights for the article's own class."""

import io

import torch
from torch import nn


def state_dict(model: nn.Module) -> bytes:
    """A `.pt` for `load_state_dict` of the article's plain class; opens with weights_only=True."""
    file = io.BytesIO()
    torch.save({name: tensor.clone() for name, tensor in model.state_dict().items()}, file)
    return file.getvalue()
