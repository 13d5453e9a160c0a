"""Lessons for tests: drawings by the seeded pen."""

import numpy as np

from cnnviz.drawing.samples import paint
from cnnviz.teaching.lesson import Lesson, Picture, as_picture, begun
from tests.teaching import pen


def pictures(symbol: str, count: int, seed: int) -> list[Picture]:
    hand = np.random.default_rng(seed)
    drawn = (as_picture(paint(pen.strokes(symbol, hand))) for _ in range(count))
    return [picture for picture in drawn if picture is not None]


def lesson(names: tuple[str, ...] = pen.SETS[0], count: int = 4, seed: int = 1) -> Lesson:
    made = begun(names)
    for symbol in made.symbols:
        made = made.drawn(symbol.id, *pictures(symbol.name, count, seed + symbol.id))
    return made
