"""What a hand did, as a browser tells it, painted as the drawing page's pen would."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.drawing.samples import CANVAS_SIZE, Stroke, paint

MOST_STROKES, MOST_POINTS = 200, 20_000
_RIM = 40.0
"""Pixels that a pen may be outside of the canvas: a little of its round end is in sight."""


def strokes_of(told: Any) -> list[Stroke]:
    """Lists of [x, y] in pixels of the 280x280 canvas, checked.

    Raises ValueError for anything else.
    """
    if not isinstance(told, list) or not 1 <= len(told) <= MOST_STROKES:
        raise ValueError(f"a drawing must be a list of 1 to {MOST_STROKES} strokes")
    strokes: list[Stroke] = []
    for points in told:
        if not isinstance(points, list) or not points:
            raise ValueError("a stroke must be a list of points")
        strokes.append([_point(point) for point in points])
    if sum(map(len, strokes)) > MOST_POINTS:
        raise ValueError(f"a drawing may have {MOST_POINTS:,} points")
    return strokes


def ink_of(told: Any) -> NDArray[np.float32]:
    """(280, 280) in [0, 1]. Raises ValueError as `strokes_of`."""
    return paint(strokes_of(told))


def _point(told: Any) -> tuple[float, float]:
    if not isinstance(told, list) or len(told) != 2:
        raise ValueError("a point must be [x, y]")
    x, y = (_within(number) for number in told)
    return x, y


def _within(number: Any) -> float:
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise ValueError(f"a place must be a number, got {number!r:.40}")
    return min(max(float(number), -_RIM), CANVAS_SIZE + _RIM)
