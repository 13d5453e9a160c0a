"""The images of a run: those its configuration asks for, in its pixel order, moved as it says."""

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnviz.datasets.images import TrainingData, load_row
from cnnviz.datasets.shuffling import shuffle
from cnnviz.training.config import TrainingConfig


def load_for(config: TrainingConfig) -> TrainingData:
    """What `config` trains on: its data set, its first `train_size` images, its pixel order.

    Raises:
        cnnviz.datasets.stored.Unavailable: when the images can't be had.
    """
    whole = load_row(config.images)
    train_images = whole.train_images[: config.samples]
    test_images = whole.test_images
    if config.shuffle_pixels is not None:
        train_images = shuffle(train_images, config.shuffle_pixels)
        test_images = shuffle(test_images, config.shuffle_pixels)
    labels = whole.train_labels[: config.samples]
    return TrainingData(train_images, labels, test_images, whole.test_labels)


def shifted(images: Tensor, generator: torch.Generator) -> Tensor:
    """Each of (B, C, H, W) moved by up to two pixels either way, ink leaving at the edge."""
    count, channels, height, width = images.shape
    down, right = torch.randint(0, 5, (2, count, 1), generator=generator)
    padded = F.pad(images, (2, 2, 2, 2))
    rows = (down + torch.arange(height)).view(-1, 1, height, 1)  # (B, 1, H, 1)
    columns = (right + torch.arange(width)).view(-1, 1, 1, width)  # (B, 1, 1, W)
    image, channel = torch.arange(count).view(-1, 1, 1, 1), torch.arange(channels).view(-1, 1, 1)
    return padded[image, channel, rows, columns]


def moved(images: Tensor, generator: torch.Generator) -> Tensor:
    """Each of (B, C, H, W) turned, made larger or smaller and shifted about its middle, as a hand
    that draws the same again would: by up to 12 degrees, 15 % and two pixels either way.

    Between pixels it is interpolated (`torch.nn.functional.grid_sample`); what comes from outside
    is 0.
    """
    count, _, height, width = images.shape
    by = torch.rand((4, count), generator=generator) * 2 - 1  # turn, size, right, down
    angle, size = by[0] * math.radians(12), 1 + by[1] * 0.15
    cosine, sine = angle.cos() / size, angle.sin() / size
    # From a place in the result to one in the image; either goes from -1 to 1.
    rows = (
        torch.stack([cosine, -sine * height / width, by[2] * 4 / width], 1),
        torch.stack([sine * width / height, cosine, by[3] * 4 / height], 1),
    )
    grid = F.affine_grid(torch.stack(rows, 1), list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, align_corners=False)


AUGMENTATIONS: dict[str, Callable[[Tensor, torch.Generator], Tensor]] = {
    "none": lambda images, _: images,
    "shifts": shifted,
    "affine": moved,
}
"""What each choice of the setting `augmentation` makes of a batch."""
