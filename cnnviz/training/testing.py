"""What a network makes of test images: its accuracy, and its readings, counted and sorted."""

import time
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cnnviz.networks.modes import evaluating


@dataclass(frozen=True, eq=False)
class Readings:
    """Of N images of so many `classes`: `labels` (N,) what they are, `read` (N,) what the network
    says, and its `confidence` (N,) in that, 0 to 1."""

    classes: int
    labels: NDArray[np.int64]
    read: NDArray[np.int64]
    confidence: NDArray[np.float32]

    @property
    def accuracy(self) -> float:
        return float((self.labels == self.read).mean())

    def counts(self) -> NDArray[np.int64]:
        """(classes, classes): how many images of class `row` were read as class `column`."""
        counts = np.zeros((self.classes, self.classes), np.int64)
        np.add.at(counts, (self.labels, self.read), 1)
        return counts

    def mistakes(self, truth: int | None = None, read: int | None = None) -> NDArray[np.int64]:
        """Indices of images read wrongly, the most confident first.

        `truth` and `read` keep those of one class, or read as one; None is any.
        """
        chosen = self.labels != self.read
        if truth is not None:
            chosen &= self.labels == truth
        if read is not None:
            chosen &= self.read == read
        indices = np.flatnonzero(chosen)
        return indices[np.argsort(-self.confidence[indices], kind="stable")]

    def read_rightly(self, label: int) -> NDArray[np.int64]:
        """Indices of images of class `label` that are read as such, the least confident first."""
        indices = np.flatnonzero((self.labels == label) & (self.read == label))
        return indices[np.argsort(self.confidence[indices], kind="stable")]


def accuracy(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    """The share (0-1) of images (N, C, H, W) that `model` reads as labels (N,) say."""
    with evaluating(model), torch.inference_mode():
        right = sum(
            int((model(batch).argmax(1) == truth).sum())
            for batch, truth in zip(images.split(1000), labels.split(1000), strict=True)
        )
    return right / len(labels)


def accuracy_within(
    seconds: float, model: nn.Module, images: Tensor, labels: Tensor
) -> tuple[float, int]:
    """The accuracy on as many of the first images as there is time for, 20 at least, and how many.

    A slow network takes longer than `seconds` for those 20.
    """
    right, tested = 0.0, 0
    end = time.perf_counter() + seconds
    for batch, truth in zip(images.split(20), labels.split(20), strict=True):
        right += accuracy(model, batch, truth) * len(truth)
        tested += len(truth)
        if time.perf_counter() > end:
            break
    return right / tested, tested


def readings(model: nn.Module, images: Tensor, labels: Tensor) -> Readings:
    """Read images (N, C, H, W) whose labels (N,) are known."""
    with evaluating(model), torch.inference_mode():
        probabilities = torch.cat([model(batch).softmax(1) for batch in images.split(1000)])
    confidence, read = probabilities.max(1)
    classes = probabilities.shape[1]
    return Readings(classes, labels.numpy(), read.numpy(), confidence.numpy())
