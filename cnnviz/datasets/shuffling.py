"""Pixels put in a fixed random order: what is left of an image once neighbours mean nothing."""

import torch
from torch import Tensor

from cnnviz.drawing.frames import SHAPE


def permutation(seed: int, shape: tuple[int, int, int] = SHAPE) -> Tensor:
    """(C·H·W,) int64: number i of a shuffled image (C, H, W) is number `permutation(seed)[i]` of
    the original.

    `torch.randperm(H·W)` from a generator of its own, seeded with `seed`; every channel's pixels
    are in this one order.
    """
    channels, height, width = shape
    pixels = height * width
    order = torch.randperm(pixels, generator=torch.Generator().manual_seed(seed))
    return (torch.arange(channels).unsqueeze(1) * pixels + order).flatten()


def shuffle(images: Tensor, seed: int) -> Tensor:
    """Images (..., H, W) with their pixels in the order of `permutation(seed)`, same shape."""
    height, width = images.shape[-2:]
    order = permutation(seed, (1, height, width))
    return images.flatten(-2)[..., order].reshape(images.shape)
