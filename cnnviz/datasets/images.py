"""The data sets in memory, as tensors ready for a network."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from cnnviz.datasets import mnist
from cnnviz.datasets.catalogue import DATASETS

_TINY = Path(__file__).with_name("digits_8x8.npz")


@dataclass(frozen=True)
class TrainingData:
    """Images (N, 1, 28, 28) float32 in [0, 1], as `ToTensor` gives them, and labels (N,) int64."""

    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor


@lru_cache(maxsize=2)
def load(dataset: str) -> TrainingData:
    """A data set of the catalogue, in MNIST's frame of 28 by 28.

    Raises:
        ValueError: for one that isn't in the catalogue.
        cnnviz.datasets.mnist.Unavailable: when MNIST can't be had.
    """
    if dataset not in DATASETS:
        raise ValueError(f"dataset must be one of {', '.join(DATASETS)}, got {dataset!r}")
    return _LOADERS[dataset]()


def _mnist() -> TrainingData:
    train, test = mnist.load("train"), mnist.load("test")
    return TrainingData(
        *(_scaled(train.images), torch.tensor(train.labels)),
        *(_scaled(test.images), torch.tensor(test.labels)),
    )


def _digits() -> TrainingData:
    """1,797 digits of 8 by 8 pixels, enlarged to where MNIST's have their ink."""
    with np.load(_TINY, allow_pickle=False) as arrays:
        small = torch.from_numpy(arrays["images"]).float().div(16).unsqueeze(1)  # (N, 1, 8, 8)
        labels = torch.from_numpy(arrays["labels"]).long()
    # MNIST's digits fill a 20 by 20 box in the middle of 28 by 28.
    images = F.pad(F.interpolate(small, (20, 20), mode="bilinear"), (4, 4, 4, 4))
    count = DATASETS["digits"].train
    return TrainingData(images[:count], labels[:count], images[count:], labels[count:])


def _scaled(images: NDArray[np.uint8]) -> Tensor:
    """(N, 28, 28) uint8 -> (N, 1, 28, 28) float32 in [0, 1]."""
    return torch.tensor(images).unsqueeze(1).float().div_(255)


_LOADERS: dict[str, Callable[[], TrainingData]] = {"mnist": _mnist, "digits": _digits}
