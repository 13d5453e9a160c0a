"""The images of a run: those its configuration asks for, in its pixel order, moved as it says."""

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnviz.datasets.images import TrainingData, load
from cnnviz.datasets.shuffling import shuffle
from cnnviz.training.config import TrainingConfig


def load_for(config: TrainingConfig) -> TrainingData:
    """What `config` trains on: its data set, its first `train_size` images, its pixel order.

    Raises:
        cnnviz.datasets.mnist.Unavailable: when MNIST can't be had.
    """
    whole = load(config.dataset)
    train_images = whole.train_images[: config.samples]
    test_images = whole.test_images
    if config.shuffle_pixels is not None:
        train_images = shuffle(train_images, config.shuffle_pixels)
        test_images = shuffle(test_images, config.shuffle_pixels)
    labels = whole.train_labels[: config.samples]
    return TrainingData(train_images, labels, test_images, whole.test_labels)


def shifted(images: Tensor, generator: torch.Generator) -> Tensor:
    """Each of (B, 1, 28, 28) moved by up to two pixels either way, ink leaving at the edge."""
    count = len(images)
    down, right = torch.randint(0, 5, (2, count, 1), generator=generator)
    padded = F.pad(images, (2, 2, 2, 2))
    rows = (down + torch.arange(28)).unsqueeze(2)  # (B, 28, 1)
    columns = (right + torch.arange(28)).unsqueeze(1)  # (B, 1, 28)
    return padded[torch.arange(count).view(-1, 1, 1), 0, rows, columns].unsqueeze(1)
