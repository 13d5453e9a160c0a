"""A seeded hand that draws symbols: no two of its drawings are alike, as nobody's are.

Each drawing of a symbol has its own place, size, stretch, slant and turn, each of its points a
little shake, and its strokes are drawn smoothly or from corner to corner as the symbol has them.
"""

import numpy as np

from cnnviz.drawing.samples import Point, Stroke, smooth

_CIRCLE = tuple(
    (0.5 + 0.5 * float(np.cos(a)), 0.5 + 0.5 * float(np.sin(a))) for a in np.linspace(0, 6.6, 14)
)
_SPIRAL = tuple(
    (0.5 + float(a / 32 * np.cos(a)), 0.5 + float(a / 32 * np.sin(a)))
    for a in np.linspace(0.5, 15.5, 30)
)
_STAR = tuple(
    (0.5 + 0.5 * float(np.sin(a)), 0.5 - 0.5 * float(np.cos(a))) for a in 0.8 * np.pi * np.arange(6)
)

# In a unit square, x to the right and y down; a curve's points are knots, a line's its corners.
LINES: dict[str, tuple[tuple[Point, ...], ...]] = {
    "triangle": (((0.5, 0), (1, 1), (0, 1), (0.5, 0)),),
    "square": (((0, 0), (1, 0), (1, 1), (0, 1), (0, 0)),),
    "cross": (((0, 0), (1, 1)), ((1, 0), (0, 1))),
    "plus": (((0.5, 0), (0.5, 1)), ((0, 0.5), (1, 0.5))),
    "arrow": (((0, 0.5), (1, 0.5)), ((0.65, 0.15), (1, 0.5), (0.65, 0.85))),
    "house": (((0, 1), (0, 0.45), (0.5, 0), (1, 0.45), (1, 1), (0, 1)),),
    "zigzag": (tuple((i / 4, float(i % 2)) for i in range(5)),),
    "star": (_STAR,),
    "tick": (((0, 0.6), (0.35, 1), (1, 0)),),
    "hourglass": (((0, 0), (1, 0), (0, 1), (1, 1), (0, 0)),),
    "ladder": (((0.2, 0), (0.2, 1)), ((0.8, 0), (0.8, 1)), ((0.2, 0.35), (0.8, 0.35)),
               ((0.2, 0.7), (0.8, 0.7))),
}  # fmt: skip
CURVES: dict[str, tuple[tuple[Point, ...], ...]] = {
    "circle": (_CIRCLE,),
    "spiral": (_SPIRAL,),
    "wave": (tuple((i / 8, 0.5 + 0.35 * float(np.sin(i * np.pi / 2))) for i in range(9)),),
    "heart": (
        *(((0.5, 0.3), (0.3, 0.02), (0.02, 0.2), (0.15, 0.6), (0.5, 1)),),
        *(((0.5, 0.3), (0.7, 0.02), (0.98, 0.2), (0.85, 0.6), (0.5, 1)),),
    ),
    "moon": (((0.7, 0), (0.2, 0.2), (0.1, 0.6), (0.4, 0.95), (0.8, 0.95), (0.5, 0.7),
              (0.45, 0.35), (0.7, 0)),),
    "smile": (((0, 0.4), (0.2, 0.8), (0.5, 0.95), (0.8, 0.8), (1, 0.4)),
              ((0.3, 0.1), (0.31, 0.12)), ((0.7, 0.1), (0.71, 0.12))),
}  # fmt: skip

SETS = (
    ("triangle", "circle", "square"),
    ("cross", "plus", "star"),
    ("heart", "moon", "smile"),
    ("spiral", "zigzag", "wave"),
    ("house", "hourglass", "ladder"),
)
"""Five sets of three, some alike."""


def strokes(symbol: str, pen: np.random.Generator) -> list[Stroke]:
    """One drawing of `symbol`, in pixels of the 280x280 canvas."""
    knots = LINES.get(symbol) or CURVES[symbol]
    size = pen.uniform(110, 200) * pen.uniform(0.85, 1.15, 2)
    size = np.minimum(size, 225)
    corner = np.array([pen.uniform(25, 255 - side) for side in size])
    turn, slant = np.radians(pen.normal(0, 7)), pen.normal(0, 0.12)
    rotate = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    lean = np.array([[1, slant], [0, 1]])
    drawn: list[Stroke] = []
    for stroke in knots:
        points = (np.array(stroke, float) - 0.5) * size
        points = points @ (rotate @ lean).T + corner + size / 2
        points = np.clip(points + pen.normal(0, 5, points.shape), 12, 268)
        listed = [(round(float(x), 1), round(float(y), 1)) for x, y in points]
        drawn.append(smooth(listed) if symbol in CURVES else listed)
    return drawn
