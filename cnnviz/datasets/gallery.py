"""Test images of the data sets, to be drawn on."""

import numpy as np
from numpy.typing import NDArray

from cnnviz.datasets import mnist
from cnnviz.drawing.sources import CANVAS, Source


def test_digit(index: int) -> Source:
    """MNIST's test image `index`, 0 to 9999, as torchvision's `test_set[index]` has it.

    Raises ValueError for another index, `mnist.Unavailable` without MNIST.
    """
    digits = mnist.load("test")
    if not 0 <= index < len(digits.labels):
        raise ValueError(f"number must be from 0 to {len(digits.labels) - 1}, got {index}")
    ink = digits.images[index].astype(np.float32) / np.float32(255)
    return of_image(f"MNIST test image {index}", ink, int(digits.labels[index]))


def of_image(title: str, ink: NDArray[np.float32], label: int) -> Source:
    """A data set's own image `ink` (28, 28) in [0, 1], which the network sees as it is."""
    factor = CANVAS // ink.shape[0]
    return Source(
        title=title,
        ink=ink,
        shown=ink.repeat(factor, axis=0).repeat(factor, axis=1),
        label=label,
        normalised=True,
    )


def next_with_label(label: int, after: int) -> int:
    """The number of MNIST's first test image of the digit `label` after number `after`, around.

    Raises ValueError for a label that isn't there, `mnist.Unavailable` without MNIST.
    """
    found = np.flatnonzero(mnist.load("test").labels == label)
    if not len(found):
        raise ValueError(f"label must be a digit from 0 to 9, got {label}")
    later = found[found > after]
    return int(later[0] if len(later) else found[0])
