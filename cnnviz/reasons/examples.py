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

from cnnviz.datasets.catalogue import DATASETS, Dataset, found
from cnnviz.datasets.shuffling import shuffle
from cnnviz.datasets.stored import Pictures, Unavailable
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.spelling import count

MOST = 10_000
BATCH = 250
"""Pictures at once: what a layer makes of them stays in a processor's cache, mostly."""


@dataclass(frozen=True, eq=False)
class Examples:
    """Test pictures of `dataset`, from the first on: `images` (N, C, H, W), uint8 or float32 as
    the data set has them, and `labels` (N,). A network sees them by `image` and `batches`.
    Ten thousand of 64×64 in colour would be half a gigabyte as float32."""

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


def seen(images: Tensor) -> Tensor:
    """Pictures, or one, as networks see them: float32 in [0, 1], of the same shape."""
    return images if images.is_floating_point() else images.float().div_(255)


def examples(checkpoint: Checkpoint) -> Examples:
    """The test pictures of `dataset_for(checkpoint)`, as it sees them. Raises `Unavailable`."""
    # Asked each time: a data set may have come to this machine meanwhile, or gone from it.
    dataset = dataset_for(checkpoint)
    return _prepared(dataset, dataset.stored.load("test"), shuffling_seed(checkpoint))


def shuffling_seed(checkpoint: Checkpoint) -> int | None:
    """By which the pixels were shuffled that it was trained on; None where they weren't, or where a
    file says what can't be a seed."""
    seed = checkpoint.recipe.get("shuffle_pixels")
    # torch takes 64 bits.
    return seed if type(seed) is int and 0 <= seed < 2**63 else None


def dataset_for(checkpoint: Checkpoint) -> Dataset:
    """What `checkpoint` was trained on, if it is on this machine; for a reader of MNIST's digits,
    or of nobody knows what of that shape, else scikit-learn's digits.

    Raises `Unavailable`, saying why, where there are no pictures that it can read.
    """
    recipe = checkpoint.recipe
    row = found(recipe.get("dataset", "mnist"))
    if row is not None and (row.shape, len(row.classes)) == (
        checkpoint.frame.shape,
        checkpoint.model.classes,
    ):
        spare = DATASETS["digits"] if row.name == "mnist" else None
        for dataset in (row, spare):
            if dataset is not None and dataset.stored.available():
                return dataset
        raise Unavailable(f"{row.title} isn't on this machine; train on it once, and it will be.")
    known = "isn't known" if row is None else f"({row.title}) is for other pictures or classes"
    raise Unavailable(f"What {checkpoint.name} was trained on {known}: nothing to test it with.")


@lru_cache(maxsize=2)
def _prepared(dataset: Dataset, stored: Pictures, seed: int | None) -> Examples:
    """Once for all networks."""
    images = torch.tensor(stored.images[:MOST])
    if seed is not None:
        images = shuffle(images, seed)
    return Examples(dataset, images.numpy(), stored.labels[:MOST].copy())
