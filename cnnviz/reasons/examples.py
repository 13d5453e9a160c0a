"""The test pictures that a network is asked about: those of its own data set."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cnnviz.datasets.catalogue import DATASETS, Dataset
from cnnviz.datasets.stored import Pictures, Unavailable

MOST = 10_000
"""Pictures: as many as MNIST's test set has."""

BATCH = 250
"""Pictures at once: what a layer makes of them stays in a processor's cache, mostly."""


@dataclass(frozen=True, eq=False)
class Examples:
    """Test pictures of `dataset`, all where it has no more than `MOST`: `images` (N, C, H, W)
    uint8, or float32 in [0, 1], `labels` (N,), and their `numbers` (N,) in the test set."""

    dataset: Dataset
    images: NDArray[np.uint8 | np.float32]
    labels: NDArray[np.int64]
    numbers: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def digest(self) -> str:
        """Of the pictures and their classes."""
        digest = hashlib.blake2b(digest_size=12)
        for array in (self.images, self.labels):
            digest.update(repr((array.shape, array.dtype.str)).encode())
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    def first(self, count: int) -> Examples:
        """So many of them, from the first on."""
        if count >= len(self):
            return self
        return Examples(
            self.dataset, self.images[:count], self.labels[:count], self.numbers[:count]
        )

    def picture(self, index: int) -> NDArray[np.float32]:
        """(C, H, W) in [0, 1]."""
        return as_light(self.images[index]).numpy()

    def batches(self, size: int = BATCH) -> Iterator[Tensor]:
        """(n, C, H, W) float32 in [0, 1], n at most `size`, in their order."""
        for start in range(0, len(self), size):
            yield as_light(self.images[start : start + size])


def as_light(images: NDArray[np.uint8 | np.float32]) -> Tensor:
    """The same as float32 in [0, 1], as `ToTensor` gives them."""
    tensor = torch.tensor(images)
    return tensor if tensor.is_floating_point() else tensor.float().div_(255)


def examples(dataset: Dataset | None, shape: tuple[int, int, int]) -> Examples:
    """The test pictures for a network that reads pictures of `shape` (C, H, W).

    They are those of `dataset`, what the network was trained on; scikit-learn's digits in place of
    MNIST, where that isn't on this machine. Where nobody knows (None), they are those of the first
    data set on this machine whose pictures have that shape. Nothing is fetched.

    Raises `Unavailable`, saying why, when there are none.
    """
    if dataset is not None and dataset.name != "mnist":
        if not dataset.stored.available():
            there = "any more" if dataset.own else "yet: the Draw page can fetch it"
            raise Unavailable(f"{dataset.title} isn't on this machine {there}")
        return _chosen(dataset)
    candidates = [DATASETS["mnist"], DATASETS["digits"], *DATASETS.values()]
    for candidate in candidates:
        if candidate.shape == shape and candidate.stored.available():
            return _chosen(candidate)
    channels, height, width = shape
    raise Unavailable(
        "nothing says which pictures this network was trained on, and no data set on this machine "
        f"has pictures of {channels}×{height}×{width}"
    )


def _chosen(dataset: Dataset) -> Examples:
    return _kept(dataset, dataset.stored.load("test"))


@lru_cache(maxsize=4)
def _kept(dataset: Dataset, pictures: Pictures) -> Examples:
    count = len(pictures.labels)
    # Spread over all of it: a file may have one class after another.
    numbers = np.arange(count) if count <= MOST else np.arange(MOST) * count // MOST
    chosen = slice(None) if count <= MOST else numbers
    return Examples(dataset, pictures.images[chosen], pictures.labels[chosen], numbers)
