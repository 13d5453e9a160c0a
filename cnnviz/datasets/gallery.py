"""Test images of the data sets, to be drawn on."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.datasets.catalogue import named
from cnnviz.drawing.colour import grey
from cnnviz.drawing.sources import CANVAS, DIGITS, Source


def test_image(dataset: str, index: int) -> Source:
    """A data set's test image `index`, as torchvision's `test_set[index]` has it.

    Raises ValueError for another index, `stored.Unavailable` without the data set.
    """
    row = named(dataset)
    pictures = row.stored.load("test")
    if not 0 <= index < len(pictures.labels):
        raise ValueError(f"number must be from 0 to {len(pictures.labels) - 1}, got {index}")
    image = pictures.images[index]
    if image.dtype == np.uint8:
        image = image.astype(np.float32) / np.float32(255)
    title = f"{row.title} test image {index}"
    source = of_image(title, image, int(pictures.labels[index]), row.classes)
    return replace(source, address=("test", f"{dataset}.{index}"))


def of_image(
    title: str, image: NDArray[np.float32], label: int | None, classes: tuple[str, ...] = DIGITS
) -> Source:
    """A data set's own `image` (C, H, W) in [0, 1], which a network for such sees as it is."""
    light = image if len(image) == 3 else None
    ink = image[0] if light is None else 1 - grey(light)
    factor = max(1, CANVAS // max(ink.shape))
    return Source(
        title=title,
        ink=ink,
        shown=ink.repeat(factor, axis=0).repeat(factor, axis=1),
        label=label,
        normalised=True,
        classes=classes,
        light=light,
    )


def next_with_label(dataset: str, label: int, after: int) -> int:
    """The number of a data set's first test image of class `label` after number `after`, around.

    Raises ValueError for a label that isn't there, `stored.Unavailable` without the data set.
    """
    row = named(dataset)
    found = np.flatnonzero(row.stored.load("test").labels == label)
    if not len(found):
        raise ValueError(f"label must be from 0 to {len(row.classes) - 1}, got {label}")
    later = found[found > after]
    return int(later[0] if len(later) else found[0])
