"""A map as a picture of its cells, some of them framed."""

import html
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.images.png import png_url
from cnnviz.palette import Theme, rgb

Paint = Literal["signed", "ink", "light"]

FINEST = 448  # pixels of the longer side, at most
FEWEST = 4  # pixels of a cell's side, so that a frame can be seen around what it holds


def framed_cells(
    values: NDArray[np.float32],
    framed: NDArray[np.bool_],
    theme: Theme,
    *,
    paint: Paint,
    scale: float,
    alt: str,
) -> str:
    """HTML: `values` (H, W), a square a cell, with those `framed` (H, W) in the accent.

    `paint` says what a value is: signed on the app's two ramps up to `scale`, ink on paper, or
    light, both in [0, 1]. The picture takes the width that it is given.
    """
    height, width = values.shape
    side = max(FEWEST, FINEST // max(height, width))
    picture = np.repeat(np.repeat(painted(values, theme, paint, scale), side, 0), side, 1)
    at = np.repeat(np.repeat(framed, side, 0), side, 1)
    row, column = np.indices((height * side, width * side)) % side
    thick = max(1, side // 8)
    edge = (np.minimum(row, column) < thick) | (np.maximum(row, column) >= side - thick)
    picture[at & edge] = rgb(theme.accent)
    return (
        f'<img class="cells" src="{png_url(Image.fromarray(picture))}" alt="{html.escape(alt)}" '
        f'width="{width * side}" height="{height * side}">'
    )


def painted(
    values: NDArray[np.float32], theme: Theme, paint: Paint, scale: float
) -> NDArray[np.uint8]:
    """(H, W, 3) uint8: the colour of each of `values` (H, W), by the rules of `framed_cells`."""
    if paint == "ink":
        return _mixed(values, [theme.surface, theme.text])
    if paint == "light":
        return _mixed(values, ["#000000", "#ffffff"])
    share = values / (scale or 1)
    up = _mixed(share, [theme.surface, *theme.positive])
    down = _mixed(-share, [theme.surface, *theme.negative])
    return np.where((share < 0)[..., None], down, up)


def _mixed(shares: NDArray[np.float32], stops: list[str]) -> NDArray[np.uint8]:
    """(H, W, 3): each share of 1 on a ramp of evenly spaced colours."""
    at = np.clip(shares, 0, 1)
    points = np.linspace(0, 1, len(stops))
    channels = zip(*map(rgb, stops), strict=True)
    mixed = [np.interp(at, points, np.asarray(channel, np.float64)) for channel in channels]
    return np.stack(mixed, axis=-1).round().astype(np.uint8)
