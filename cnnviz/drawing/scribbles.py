"""Drawings that aren't digits, by a seeded pen: what a network without such a class must face.

Four kinds: `scribbles` (smooth curves through random places), `letters` and `shapes` (drawn from
strokes, with a hand's scale, slant and shake; none that is also a digit, such as O, Z or S), and
`dots`. The same pen as the drawing page's, 20 pixels wide on a canvas of 280 by 280.
"""

from collections.abc import Callable, Sequence

import numpy as np

from cnnviz.drawing.samples import Stroke, paint, smooth

_LOW, _HIGH = 30.0, 250.0  # where the pen goes, in pixels of the canvas

# Strokes in a unit square, x to the right and y down. Straight from point to point.
_LETTERS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "A": (((0, 1), (0.5, 0), (1, 1)), ((0.2, 0.6), (0.8, 0.6))),
    "E": (((1, 0), (0, 0), (0, 1), (1, 1)), ((0, 0.5), (0.8, 0.5))),
    "F": (((1, 0), (0, 0), (0, 1)), ((0, 0.5), (0.8, 0.5))),
    "H": (((0, 0), (0, 1)), ((1, 0), (1, 1)), ((0, 0.5), (1, 0.5))),
    "K": (((0, 0), (0, 1)), ((1, 0), (0, 0.5), (1, 1))),
    "M": (((0, 1), (0, 0), (0.5, 0.6), (1, 0), (1, 1)),),
    "N": (((0, 1), (0, 0), (1, 1), (1, 0)),),
    "R": (((0, 1), (0, 0), (0.8, 0.05), (0.9, 0.3), (0.7, 0.5), (0, 0.5)), ((0.4, 0.5), (1, 1))),
    "T": (((0, 0), (1, 0)), ((0.5, 0), (0.5, 1))),
    "W": (((0, 0), (0.25, 1), (0.5, 0.3), (0.75, 1), (1, 0)),),
    "X": (((0, 0), (1, 1)), ((1, 0), (0, 1))),
}
_TURN = np.linspace(0, 2 * np.pi, 40)
_SHAPES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "triangle": (((0.5, 0), (1, 1), (0, 1), (0.5, 0)),),
    "square": (((0, 0), (1, 0), (1, 1), (0, 1), (0, 0)),),
    "house": (((0, 1), (0, 0.4), (0.5, 0), (1, 0.4), (1, 1), (0, 1)), ((0, 0.4), (1, 0.4))),
    "zigzag": (tuple((i / 6, i % 2) for i in range(7)),),
    "plus": (((0.5, 0), (0.5, 1)), ((0, 0.5), (1, 0.5))),
    "grid": (
        *(((x, 0), (x, 1)) for x in (0.25, 0.75)),
        *(((0, y), (1, y)) for y in (0.25, 0.75)),
    ),
    "star": (
        tuple((0.5 + 0.5 * np.sin(a), 0.5 - 0.5 * np.cos(a)) for a in 0.8 * np.pi * np.arange(6)),
    ),
    "spiral": (tuple((0.5 + a / 34 * np.cos(a), 0.5 + a / 34 * np.sin(a)) for a in 2.5 * _TURN),),
    "face": (
        tuple((0.5 + 0.5 * np.cos(a), 0.5 + 0.5 * np.sin(a)) for a in _TURN),
        ((0.3, 0.35), (0.31, 0.36)),
        ((0.7, 0.35), (0.71, 0.36)),
        ((0.25, 0.65), (0.5, 0.8), (0.75, 0.65)),
    ),
    "stripes": tuple(((x, 0), (x, 1)) for x in (0, 1 / 3, 2 / 3, 1)),
}


def _scribble(pen: np.random.Generator) -> list[Stroke]:
    """One to three smooth curves, each through 4 to 12 random places."""
    return [
        smooth(tuple(map(tuple, pen.uniform(_LOW, _HIGH, (int(pen.integers(4, 13)), 2)))))
        for _ in range(int(pen.integers(1, 4)))
    ]


def _dots(pen: np.random.Generator) -> list[Stroke]:
    """Three to twelve dots."""
    places = pen.uniform(_LOW, _HIGH, (int(pen.integers(3, 13)), 2))
    return [[(float(x), float(y))] for x, y in places]


def _figure(
    figures: dict[str, tuple[tuple[tuple[float, float], ...], ...]], pen: np.random.Generator
) -> list[Stroke]:
    """One of `figures` with a hand's width, height, slant, place and shake."""
    strokes = figures[sorted(figures)[int(pen.integers(len(figures)))]]
    width, height = pen.uniform(80, 190), pen.uniform(110, 200)
    slant, shake = pen.uniform(-0.25, 0.25), 6.0
    left, top = pen.uniform(_LOW, _HIGH - width), pen.uniform(_LOW, _HIGH - height)
    drawn = []
    for stroke in strokes:
        points = np.array(stroke, dtype=float) * (width, height) + (left, top)
        points[:, 0] += slant * (top + height / 2 - points[:, 1])
        points += pen.normal(0, shake, points.shape)
        drawn.append([(float(x), float(y)) for x, y in points])
    return drawn


KINDS: dict[str, Callable[[np.random.Generator], list[Stroke]]] = {
    "scribbles": _scribble,
    "letters": lambda pen: _figure(_LETTERS, pen),
    "shapes": lambda pen: _figure(_SHAPES, pen),
    "dots": _dots,
}


def ink(kind: str, count: int, seed: int) -> Sequence[np.ndarray]:
    """`count` drawings of `kind`: (280, 280) float32 in [0, 1] each, 1 where the ink is.

    The same `seed` gives the same drawings. Raises ValueError for a kind that isn't in `KINDS`.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    pen = np.random.default_rng([seed, list(KINDS).index(kind)])
    return [paint(KINDS[kind](pen)) for _ in range(count)]
