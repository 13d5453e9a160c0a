"""Ten hand-drawn digits, so that the page is never empty and works without MNIST.

They are strokes, not pictures: knots that a pen went through, in pixels of the 280x280 canvas.
Pillow paints them (`ink`).
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

CANVAS_SIZE = 280
STROKE_WIDTH = 20

Point = tuple[float, float]
Stroke = Sequence[Point]

# One list of knots a stroke, x to the right and y down. The pen runs smoothly through the knots;
# a knot given twice in a row is a corner. Sizes and places differ, as they do in anybody's hand.
_KNOTS: dict[int, tuple[tuple[Point, ...], ...]] = {
    0: (
        (
            *((166, 62), (139, 60), (114, 80), (98, 116), (95, 154), (105, 190)),
            *((129, 210), (158, 207), (182, 183), (195, 146), (194, 107), (181, 76)),
            *((158, 61), (147, 59)),
        ),
    ),
    1: (
        (
            *((95, 95), (107, 83), (121, 62), (121, 62), (118, 104), (114, 150)),
            *((110, 194), (107, 236)),
        ),
    ),
    2: (
        (
            *((48, 82), (59, 53), (86, 33), (121, 31), (148, 51), (150, 83)),
            *((132, 116), (101, 150), (70, 180), (45, 206), (45, 206), (82, 200)),
            *((125, 205), (183, 202)),
        ),
    ),
    3: (
        (
            *((105, 85), (129, 69), (161, 69), (183, 86), (182, 112), (162, 132)),
            *((133, 141), (133, 141), (165, 143), (190, 161), (196, 189), (181, 217)),
            *((151, 231), (120, 226), (97, 209)),
        ),
    ),
    4: (
        (
            *((111, 69), (98, 101), (83, 133), (67, 158), (67, 158), (99, 160)),
            *((138, 156), (188, 152)),
        ),
        (*((157, 93), (153, 133), (148, 177), (144, 231)),),
    ),
    5: (
        (
            *((99, 106), (97, 127), (92, 156), (92, 156), (111, 146), (134, 145)),
            *((157, 157), (168, 181), (162, 208), (142, 229), (113, 235), (86, 224)),
        ),
        (*((99, 105), (129, 104), (170, 98)),),
    ),
    6: (
        (
            *((191, 43), (164, 59), (140, 89), (125, 128), (120, 167), (132, 201)),
            *((158, 216), (186, 208), (203, 183), (199, 156), (180, 141), (154, 147)),
            *((132, 165), (125, 178)),
        ),
    ),
    7: (
        (
            *((74, 65), (109, 68), (149, 63), (190, 60), (190, 60), (176, 95)),
            *((157, 136), (140, 178), (128, 223)),
        ),
    ),
    8: (
        (
            *((161, 74), (143, 58), (119, 60), (104, 77), (110, 98), (131, 114)),
            *((155, 132), (166, 156), (156, 181), (131, 192), (107, 183), (97, 160)),
            *((106, 137), (128, 118), (150, 101), (162, 84), (157, 71)),
        ),
    ),
    9: (
        (
            *((181, 68), (160, 48), (131, 50), (109, 72), (108, 100), (128, 118)),
            *((155, 113), (174, 91), (182, 65), (182, 65), (181, 107), (176, 158)),
            *((168, 217),),
        ),
    ),
}


def smooth(knots: Stroke, step: float = 4.0) -> list[Point]:
    """Points about `step` pixels apart on the Catmull-Rom spline through `knots`.

    A knot given twice in a row is a corner.
    """
    points: list[Point] = [knots[0]]
    runs: list[list[Point]] = [[knots[0]]]
    for previous, knot in pairwise(knots):
        if knot == previous:
            runs.append([knot])
        else:
            runs[-1].append(knot)
    for run in runs:
        knots_of_run = np.array([run[0], *run, run[-1]], dtype=float)
        for p0, p1, p2, p3 in zip(*(knots_of_run[i:] for i in range(4)), strict=False):
            pieces = max(1, round(float(np.hypot(*(p2 - p1))) / step))
            for t in np.arange(1, pieces + 1) / pieces:
                x, y = 0.5 * (
                    2 * p1
                    + (p2 - p0) * t
                    + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2
                    + (3 * p1 - p0 - 3 * p2 + p3) * t**3
                )
                points.append((round(float(x), 1), round(float(y), 1)))
    return points


STROKES: dict[int, tuple[tuple[Point, ...], ...]] = {
    digit: tuple(tuple(smooth(knots)) for knots in strokes) for digit, strokes in _KNOTS.items()
}


def _strokes(digit: int) -> tuple[tuple[Point, ...], ...]:
    if digit not in STROKES:
        raise ValueError(f"digit must be a whole number from 0 to 9, got {digit!r}")
    return STROKES[digit]


def ink(digit: int, size: int = CANVAS_SIZE, stroke_width: float = STROKE_WIDTH) -> np.ndarray:
    """The sample painted with round caps: (size, size) float32 in [0, 1], 1 where the ink is.

    `stroke_width` is in pixels of the 280x280 canvas, as the strokes are.
    """
    if size < 1:
        raise ValueError(f"size must be at least 1, got {size}")
    return _ink(digit, size, stroke_width).copy()


@lru_cache(maxsize=64)
def _ink(digit: int, size: int, stroke_width: float) -> np.ndarray:
    return paint(_strokes(digit), size, stroke_width)


def paint(
    strokes: Sequence[Stroke], size: int = CANVAS_SIZE, stroke_width: float = STROKE_WIDTH
) -> np.ndarray:
    """Any strokes in pixels of the canvas, painted with round caps, as `ink` has them."""
    fine = 4  # painted this much larger and averaged, for soft edges as the canvas has them
    scale = fine * size / CANVAS_SIZE
    picture = Image.new("L", (fine * size, fine * size))
    draw = ImageDraw.Draw(picture)
    width = stroke_width * scale
    for points in strokes:
        scaled = [(x * scale, y * scale) for x, y in points]
        draw.line(scaled, fill=255, width=max(1, round(width)))
        for x, y in scaled:
            # Pillow's lines have neither caps nor joints.
            draw.circle((x, y), width / 2, fill=255)
    blocks = np.asarray(picture, dtype=np.float32).reshape(size, fine, size, fine)
    return blocks.mean(axis=(1, 3)) / np.float32(255)
