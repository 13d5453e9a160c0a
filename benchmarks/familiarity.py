"""How often the draw page says that a drawing is unlike all digits, and how often it's wrong.

`python -m benchmarks.familiarity --write` fits the statistics to MNIST's 60,000 training digits,
sets both thresholds on the even test digits, and measures on the odd ones and on drawings by a
seeded pen that aren't digits. Without `--write` the shipped file stays, and is what is measured.
"""

import dataclasses
import sys

import torch
from torch import Tensor

from benchmarks.table import Row
from cnnviz.datasets import images
from cnnviz.drawing import samples, scribbles
from cnnviz.drawing.preprocessing import prepare
from cnnviz.networks import familiarity
from cnnviz.networks.familiarity import Familiarity
from cnnviz.networks.trace import as_image

EACH = 0.99
"""The share of the even test digits that each of the two thresholds lets pass."""
COUNT, SEED = 200, 1
PEN_WIDTHS = (12, 16, 20, 26, 32)


def fitted() -> Familiarity:
    data = images.load("mnist")
    found = familiarity.fit(data.train_images, data.train_labels)
    residual, share = found.scores(data.test_images[::2])
    return dataclasses.replace(
        found,
        most_residual=float(residual.quantile(EACH)),
        most_share=float(share.quantile(EACH)),
    )


def measure() -> list[Row]:
    """Of the file that is shipped."""
    shipped = familiarity.of_mnist()
    return [
        Row(f"Called unlike any digit: {kind}", 100 * rate, "%", note=f"of {many:,}")
        for kind, (rate, many) in rates(shipped).items()
    ]


def rates(found: Familiarity) -> dict[str, tuple[float, int]]:
    """The share of each kind of picture that is called unlike, and how many there were."""
    called = {"odd test digits": _rate(found, images.load("mnist").test_images[1::2])}
    drawn = [
        as_image(prepare(samples.ink(digit, stroke_width=width)).centred)
        for digit in range(10)
        for width in PEN_WIDTHS
    ]
    called["our ten digits, five pens"] = _rate(found, torch.cat(drawn))
    for kind in scribbles.KINDS:
        pictures = [as_image(prepare(ink).centred) for ink in scribbles.ink(kind, COUNT, SEED)]
        called[kind] = _rate(found, torch.cat(pictures))
    return called


def _rate(found: Familiarity, pictures: Tensor) -> tuple[float, int]:
    return float(found.unlike(pictures).float().mean()), len(pictures)


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        familiarity.save(familiarity.MNIST, fitted())
    # What is measured is what is shipped, rounded as it is.
    for row in measure():
        print(f"{row.what}: {row.value:.1f} % {row.note}")
