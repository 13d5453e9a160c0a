"""What a network gets wrong: its readings of the test images, counted and sorted."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn


@dataclass(frozen=True, eq=False)
class Readings:
    """Of N images: `labels` (N,) what they are, `read` (N,) what the network says, and its
    `confidence` (N,) in that, 0 to 1."""

    labels: NDArray[np.int64]
    read: NDArray[np.int64]
    confidence: NDArray[np.float32]

    @property
    def accuracy(self) -> float:
        return float((self.labels == self.read).mean())

    def counts(self) -> NDArray[np.int64]:
        """(10, 10): how many images of digit `row` were read as `column`."""
        counts = np.zeros((10, 10), np.int64)
        np.add.at(counts, (self.labels, self.read), 1)
        return counts

    def mistakes(self, truth: int | None = None, read: int | None = None) -> NDArray[np.int64]:
        """Indices of images read wrongly, the most confident first; of a cell, when given.

        The cell of a digit read rightly gives these, the least confident first.
        """
        if truth is not None and truth == read:
            chosen = (self.labels == truth) & (self.read == read)
            indices = np.flatnonzero(chosen)
            return indices[np.argsort(self.confidence[indices], kind="stable")]
        chosen = self.labels != self.read
        if truth is not None:
            chosen &= self.labels == truth
        if read is not None:
            chosen &= self.read == read
        indices = np.flatnonzero(chosen)
        return indices[np.argsort(-self.confidence[indices], kind="stable")]


def readings(model: nn.Module, images: Tensor, labels: Tensor) -> Readings:
    """Read images (N, 1, 28, 28) whose labels (N,) are known."""
    with torch.inference_mode():
        probabilities = torch.cat([model(batch).softmax(1) for batch in images.split(1000)])
    confidence, read = probabilities.max(1)
    return Readings(labels.numpy(), read.numpy(), confidence.numpy())
