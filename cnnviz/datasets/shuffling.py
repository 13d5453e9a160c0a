"""Pixels put in a fixed random order: what is left of an image once neighbours mean nothing."""

import torch
from torch import Tensor

PIXELS = 28 * 28


def permutation(seed: int) -> Tensor:
    """(784,) int64: pixel i of a shuffled image is pixel `permutation(seed)[i]` of the original.

    `torch.randperm(784)` from a generator of its own, seeded with `seed`.
    """
    return torch.randperm(PIXELS, generator=torch.Generator().manual_seed(seed))


def shuffle(images: Tensor, seed: int) -> Tensor:
    """Images (..., 28, 28) with their pixels in the order of `permutation(seed)`, same shape."""
    if images.shape[-2:] != (28, 28):
        raise ValueError(f"images must end in 28 by 28 pixels, got {tuple(images.shape)}")
    return images.flatten(-2)[..., permutation(seed)].reshape(images.shape)
