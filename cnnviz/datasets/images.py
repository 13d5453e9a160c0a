"""The images a run trains and is tested on, in memory as the tensors the loop indexes."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from cnnviz.datasets import mnist
from cnnviz.datasets.shuffling import shuffle
from cnnviz.training.config import DATASET_SIZES, TrainingConfig

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
    """`mnist`, or `digits`: 1,797 digits of 8 by 8 pixels, enlarged into MNIST's frame.

    The latter are the test part of "Optical Recognition of Handwritten Digits" (E. Alpaydin and
    C. Kaynak, UCI, 1998) as scikit-learn ships them; the first 1,437 train, the last 360 test,
    which were written by other people.

    Raises:
        cnnviz.data.Unavailable: when MNIST can't be had.
    """
    if dataset == "mnist":
        train, test = mnist.load("train"), mnist.load("test")
        return TrainingData(_scaled(train.images), train.labels, _scaled(test.images), test.labels)
    with np.load(_TINY, allow_pickle=False) as arrays:
        small = torch.from_numpy(arrays["images"]).float().div(16).unsqueeze(1)  # (N, 1, 8, 8)
        labels = torch.from_numpy(arrays["labels"]).long()
    # MNIST's digits fill a 20 by 20 box in the middle of 28 by 28.
    images = F.pad(F.interpolate(small, (20, 20), mode="bilinear"), (4, 4, 4, 4))
    count = DATASET_SIZES["digits"][0]
    return TrainingData(images[:count], labels[:count], images[count:], labels[count:])


def load_for(config: TrainingConfig) -> TrainingData:
    """What `config` trains on: its data set, its first `train_size` images, its pixel order."""
    whole = load(config.dataset)
    train_images = whole.train_images[: config.samples]
    test_images = whole.test_images
    if config.shuffle_pixels is not None:
        train_images = shuffle(train_images, config.shuffle_pixels)
        test_images = shuffle(test_images, config.shuffle_pixels)
    labels = whole.train_labels[: config.samples]
    return TrainingData(train_images, labels, test_images, whole.test_labels)


def _scaled(images: Tensor) -> Tensor:
    """(N, 28, 28) uint8 -> (N, 1, 28, 28) float32 in [0, 1]."""
    return images.unsqueeze(1).float().div_(255)
