"""The test pictures that a network is asked about: those of its own data set."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cnnviz.datasets.catalogue import Dataset
from cnnviz.datasets.stored import Pictures
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.reasons.costs import dataset_for, pictures_for, seen
from cnnviz.spelling import count

BATCH = 250
"""Pictures at once: what a layer makes of them stays in a processor's cache, mostly."""


@dataclass(frozen=True, eq=False)
class Examples:
    """Test pictures of `dataset`, from the first on: `images` (N, C, H, W), uint8 or float32 as
    the data set has them, and `labels` (N,). A network sees them by `image` and `batches`."""

    dataset: Dataset
    images: NDArray[Any]
    labels: NDArray[np.int64]

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
        return Examples(self.dataset, self.images[:count], self.labels[:count])

    def image(self, index: int) -> NDArray[np.float32]:
        """A picture (C, H, W), in [0, 1]."""
        return seen(torch.from_numpy(self.images[index])).numpy()

    def title(self, index: int) -> str:
        """Of a picture: "MNIST test image 7"."""
        return f"{self.dataset.title} test image {index}"

    def named(self, index: int) -> str:
        """The class of a picture."""
        return self.dataset.classes[int(self.labels[index])]

    def check_answered(self, layer: str, values: NDArray[np.float32]) -> None:
        """Raises ValueError where what a layer made of them, `values` (N, K), isn't all numbers."""
        bad = int((~np.isfinite(values)).any(axis=1).sum())
        if bad:
            raise ValueError(
                f"{layer} gives NaN or infinite values for {count(bad)} of {count(len(self))} test "
                "pictures: the network's weights are so"
            )

    def batches(self, size: int = BATCH) -> Iterator[Tensor]:
        """(n, C, H, W) float32 in [0, 1], n at most `size`, in their order."""
        yield from map(seen, torch.from_numpy(self.images).split(size))


def examples(checkpoint: Checkpoint) -> Examples:
    """The test pictures of what the network was trained on (`cnnviz.reasons.costs.pictures_for`).

    Raises `Unavailable`, saying why, where there are none that it can read.
    """
    # Asked each time: a data set may have come to this machine meanwhile, or gone from it.
    stored = dataset_for(checkpoint).stored.load("test")
    return _examples(checkpoint, stored)


@lru_cache(maxsize=2)
def _examples(checkpoint: Checkpoint, _stored: Pictures) -> Examples:
    found = pictures_for(checkpoint)
    return Examples(found.dataset, found.images.numpy(), found.labels.numpy())
