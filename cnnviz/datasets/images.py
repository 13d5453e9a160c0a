"""The data sets in memory, as tensors ready for a network."""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from cnnviz.datasets.catalogue import Dataset, named
from cnnviz.datasets.stored import Pictures, Unavailable


@dataclass(frozen=True)
class TrainingData:
    """Images (N, C, H, W) float32 in [0, 1], as `ToTensor` gives them, and labels (N,) int64."""

    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor


def load(dataset: str) -> TrainingData:
    """A data set of the catalogue, or a person's own.

    Raises:
        ValueError: for one that isn't there.
        cnnviz.datasets.stored.Unavailable: when it can't be had.
    """
    return load_row(named(dataset))


def load_row(dataset: Dataset) -> TrainingData:
    """The same of its row. Raises `cnnviz.datasets.stored.Unavailable` when it can't be had."""
    try:
        return _tensors(dataset.stored.load("train"), dataset.stored.load("test"))
    except Unavailable:
        # Deleted is deleted, from memory too.
        _tensors.cache_clear()
        raise


# Two: CIFAR-10 takes 0.7 GB.
@lru_cache(maxsize=2)
def _tensors(train: Pictures, test: Pictures) -> TrainingData:
    return TrainingData(
        *(_scaled(train), torch.tensor(train.labels)), *(_scaled(test), torch.tensor(test.labels))
    )


def _scaled(pictures: Pictures) -> Tensor:
    """(N, C, H, W) uint8 -> float32 in [0, 1]; what is so already stays as it is."""
    images = torch.tensor(pictures.images)
    return images if images.is_floating_point() else images.float().div_(255)
