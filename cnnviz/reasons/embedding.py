"""Where a picture lies among the test pictures, in what a layer makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cnnviz.reasons.examples import Examples
from cnnviz.reasons.kept import Arrays, Kept
from cnnviz.reasons.stages import Stages
from cnnviz.spelling import count

NEIGHBOURS = 5
MOST_VALUES = 20_000_000
"""Of all pictures together: 80 MB. A wide layer is asked about fewer pictures."""

APART = 1_000
"""Pictures for the small views, a layer each."""

PICTURE = "input"
"""What the pixels are called where a layer's name stands."""


@dataclass(frozen=True, eq=False)
class Plane:
    """Two directions through a layer's values, and the pictures on them.

    A picture whose values there are v (K,) lies at (v − `mean`) · `axes`ᵀ; `axes` are (2, K).
    `points` (N, 2) are those of the test pictures; `share` (2,) is how much of their variance lies
    along each axis.
    """

    layer: str
    mean: NDArray[np.float32]
    axes: NDArray[np.float32]
    points: NDArray[np.float32]
    share: NDArray[np.float32]

    def place(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, K) values -> (n, 2)."""
        return ((values - self.mean) @ self.axes.T).astype(np.float32)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What is kept of it; `of_arrays` reads it."""
        return {
            "mean": self.mean,
            "axes": self.axes,
            "points": self.points,
            "share": self.share,
        }

    @classmethod
    def of_arrays(cls, layer: str, kept: Arrays) -> Plane:
        mean, axes, points, share = (
            np.asarray(kept[key], np.float32) for key in ("mean", "axes", "points", "share")
        )
        return cls(layer, mean, axes, points, share)


def values_of(stages: Stages, image: Tensor, layer: str) -> NDArray[np.float32]:
    """What the layer makes of images (N, C, H, W), each in one row: (N, K). `PICTURE` are the
    pixels themselves."""
    with torch.inference_mode():
        made = image if layer == PICTURE else stages.through(image, layer)
        return made.flatten(1).numpy()


def values(stages: Stages, examples: Examples, layer: str) -> NDArray[np.float32]:
    """The same of the examples, or of as many of the first as `MOST_VALUES` allows: (n, K).

    Raises ValueError where some aren't numbers.
    """
    size = prod(stages.picture) if layer == PICTURE else stages[layer].size
    examples = examples.first(max(2, MOST_VALUES // size))
    made = np.empty((len(examples), size), np.float32)
    start = 0
    for batch in examples.batches():
        made[start : start + len(batch)] = values_of(stages, batch, layer)
        start += len(batch)
    examples.check_answered(layer, made)
    return made


@dataclass(frozen=True, eq=False)
class Among:
    """The test pictures in the values of a layer: those (N, K), and the plane of the two principal
    components."""

    values: NDArray[np.float32]
    plane: Plane

    def nearest(
        self, one: NDArray[np.float32], many: int = NEIGHBOURS
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The pictures whose values are nearest to `one` (K,), and their distances, the nearest
        first; of equals the first."""
        # Not by |a|² − 2ab + |b|², which loses the small distances that count here.
        distances = np.sqrt(
            np.concatenate(
                [((part - one) ** 2).sum(axis=1) for part in np.array_split(self.values, 16)]
            )
        )
        order = np.argsort(distances, kind="stable")[:many]
        return order, distances[order]


def among(stages: Stages, examples: Examples, layer: str) -> Among:
    """The test pictures on the two principal components of a layer's values; kept by digests.

    Raises ValueError for a layer that isn't there, values that aren't numbers, and fewer than three
    pictures or two values.
    """
    name = f"{stages.digest}-{examples.digest}-{layer}"

    def make() -> dict[str, NDArray[np.generic]]:
        made = values(stages, examples, layer)
        return {"values": made} | principal(made, layer).arrays()

    kept = _KEPT.get(name, make)
    return Among(np.asarray(kept["values"], np.float32), Plane.of_arrays(layer, kept))


def principal(values: NDArray[np.float32], layer: str) -> Plane:
    """The plane of the first two principal components of values (N, K), by scikit-learn.

    Raises ValueError for fewer than three pictures or two values.
    """
    from sklearn.decomposition import PCA

    if len(values) < 3 or values.shape[1] < 2:
        raise ValueError(
            f"{layer} has {values.shape[1]} values of {count(len(values))} test pictures; a plane "
            "needs 2 values and 3 pictures"
        )
    pca = PCA(2, random_state=0).fit(values)
    axes = np.asarray(pca.components_, np.float32)
    mean = np.asarray(pca.mean_, np.float32)
    share = np.nan_to_num(np.asarray(pca.explained_variance_ratio_, np.float32))
    points = np.asarray((values - mean) @ axes.T, np.float32)
    return Plane(layer, mean, axes, points, share)


@dataclass(frozen=True, eq=False)
class Separation:
    """How the classes lie apart in a layer: the first test pictures on its own `plane`, and the
    share, 0 to 1, of all their `NEIGHBOURS` nearest in the layer that are of the same class."""

    plane: Plane
    same: float


def separations(stages: Stages, examples: Examples) -> Iterator[Separation]:
    """Of the picture itself and then of each layer that has two values at least, as they come;
    the first `APART` examples."""
    some = examples.first(APART)
    layers = [PICTURE, *(stage.name for stage in stages if stage.size > 1)]
    for layer in layers:
        yield _separation(stages, some, layer)


def _separation(stages: Stages, some: Examples, layer: str) -> Separation:
    from sklearn.neighbors import NearestNeighbors

    name = f"{stages.digest}-{some.digest}-{layer}"

    def make() -> dict[str, NDArray[np.generic]]:
        made = values(stages, some, layer)
        plane = principal(made, layer)
        many = min(NEIGHBOURS, len(made) - 1)
        # Without a query a picture isn't its own neighbour.
        nearest = NearestNeighbors(n_neighbors=many, algorithm="brute").fit(made).kneighbors()[1]
        labels = some.labels[: len(made)]
        same = float((labels[nearest] == labels[:, None]).mean())
        return plane.arrays() | {"same": np.array([same])}

    kept = _SEPARATIONS.get(name, make)
    return Separation(Plane.of_arrays(layer, kept), float(np.asarray(kept["same"])[0]))


_KEPT = Kept("values", 256_000_000)
_SEPARATIONS = Kept("separations", 32_000_000)
