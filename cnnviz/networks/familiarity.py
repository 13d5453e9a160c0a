"""Whether a picture is unlike all that a network was trained on, measured on the picture itself.

A classifier has no class for what isn't a digit: it shares its whole vote among those it has. So
the picture is compared with the training set. Each class is described by its mean and its first
`COMPONENTS` principal directions (of 784); what a class can't be made up to is the residual, and
the class that leaves least of it counts. Two numbers come of that: the residual's energy (what a
scribble has too much of) and its share of the picture's own energy (what a few dots have, faint
as they are). A picture is unlike the training set where either is above its threshold.

The statistics and thresholds are those of a data set, not of a network, and lie in one file of
`checkpoints/`; `python -m benchmarks.familiarity --write` fits and measures them anew.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from cnnviz.files import write_atomically
from cnnviz.networks.checkpoints import CHECKPOINTS, Checkpoint

COMPONENTS = 32
_STEPS = 127  # directions are kept as whole numbers: a quarter of a megabyte in place of one


@dataclass(frozen=True, eq=False)
class Familiarity:
    """`means` (K, P) and orthonormal `directions` (K, D, P) of K classes of pictures of P pixels.

    `most_residual` and `most_share` are the thresholds: a picture above either is unlike all of
    them.
    """

    means: Tensor
    directions: Tensor
    most_residual: float
    most_share: float

    def scores(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Of `images` (N, 1, H, W) in [0, 1]: the least residual's energy and its share, (N,) each.

        A picture without ink has residual and share 0: there is nothing in it that doesn't fit.
        """
        flat = images.flatten(1)
        if flat.shape[1] != self.means.shape[1]:
            raise ValueError(
                f"images must have {self.means.shape[1]} pixels each, got {flat.shape[1]}"
            )
        # One class at a time: all at once would take ten times the memory.
        energies = []
        for mean, directions in zip(self.means, self.directions, strict=True):
            apart = flat - mean
            explained = apart @ directions.T
            energies.append(apart.square().sum(1) - explained.square().sum(1))
        residual = torch.stack(energies).amin(0).clamp_min(0)
        energy = flat.square().sum(1)
        inked = energy > 0
        residual = torch.where(inked, residual, 0.0)
        return residual, torch.where(inked, residual / energy.clamp_min(1e-12), 0.0)

    def unlike(self, images: Tensor) -> Tensor:
        """(N,) bool: which of `images` (N, 1, H, W) in [0, 1] are unlike the training set."""
        residual, share = self.scores(images)
        return (residual > self.most_residual) | (share > self.most_share)


def fit(images: Tensor, labels: Tensor) -> Familiarity:
    """Describe the classes of `images` (N, 1, H, W) with `labels` (N,); nothing is unlike yet."""
    means, directions = [], []
    for label in labels.unique():
        members = images[labels == label].flatten(1).double()
        mean = members.mean(0)
        apart = members - mean
        # Of the covariance (P, P), not of the pictures: the same directions in a tenth of the time.
        _, vectors = torch.linalg.eigh(apart.T @ apart)
        means.append(mean.float())
        directions.append(vectors[:, -COMPONENTS:].T.float())
    return Familiarity(torch.stack(means), torch.stack(directions), float("inf"), float("inf"))


def save(path: Path, fitted: Familiarity) -> None:
    """Write it as safetensors: means as uint8, directions as int8 with a scale each."""
    scale = fitted.directions.abs().amax(2, keepdim=True) / _STEPS
    tensors = {
        "means": (fitted.means * 255).round().to(torch.uint8),
        "directions": (fitted.directions / scale).round().to(torch.int8),
        "scale": scale,
    }
    metadata = {
        "most_residual": repr(fitted.most_residual),
        "most_share": repr(fitted.most_share),
    }
    write_atomically(path, safetensors.torch.save(tensors, metadata))


def load(path: Path) -> Familiarity:
    """What `save` wrote."""
    with safetensors.safe_open(path, framework="pt") as file:
        metadata = file.metadata()
        directions = file.get_tensor("directions").float() * file.get_tensor("scale")
        means = file.get_tensor("means").float() / 255
    return Familiarity(
        means, directions, float(metadata["most_residual"]), float(metadata["most_share"])
    )


MNIST = CHECKPOINTS / "mnist_familiarity.safetensors"


@lru_cache(maxsize=1)
def of_mnist() -> Familiarity:
    """MNIST's 60,000 training digits; read once, so don't change it."""
    return load(MNIST)


def of(checkpoint: Checkpoint) -> Familiarity | None:
    """What `checkpoint` was trained on, as its file says; None where that isn't known."""
    recipe = checkpoint.recipe
    on_mnist = recipe.get("dataset") == "mnist" and recipe.get("shuffle_pixels") is None
    return of_mnist() if on_mnist else None
