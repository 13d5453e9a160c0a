"""A trace as one picture, for where nothing can be pointed at: a saved notebook, a mail, a slide.

A column a layer, from the picture to the answer; what there is more of than has room is counted.
"""

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from cnnviz.images.cells import painted
from cnnviz.networks.trace import Trace
from cnnviz.palette import LIGHT, Theme
from cnnviz.spelling import count, percent

SCALE = 2  # pixels of a CSS pixel: sharp on today's screens
_TILE, _GAP, _MARGIN, _HEAD, _LINE = 56, 8, 16, 40, 18  # CSS pixels
_MOST_MAPS, _MOST_VALUES, _MOST_CLASSES = 8, 100, 10
_BAR, _NAME = 90, 60


def network_png(
    trace: Trace, classes: Sequence[str] | None = None, *, title: str = "", theme: Theme = LIGHT
) -> bytes:
    """The PNG, about as wide as 80 CSS pixels a layer.

    `classes` name the values of the last layer, where that is a vector; else they are numbered.
    """
    canvas = _Canvas(theme)
    canvas.heading = title
    image = trace.image.numpy()
    is_light = float(image.min()) >= 0 and float(image.max()) <= 1
    canvas.column("input", image.shape)
    if is_light and len(image) == 3:
        canvas.picture(np.round(image.transpose(1, 2, 0) * 255).astype(np.uint8))
    else:
        canvas.maps(image, ink=is_light)
    for layer in trace.layers:
        values = layer.values.numpy()
        canvas.column(layer.name, values.shape)
        if values.ndim == 3:
            canvas.maps(values)
        else:
            canvas.vector(values)
    if trace.probabilities is not None:
        canvas.column("softmax", tuple(trace.probabilities.shape))
        canvas.answer(trace.probabilities.numpy(), classes)
    return canvas.png()


class _Canvas:
    """Columns, drawn from left to right; `x` and `y` are where the next thing goes."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.heading = ""
        self.things: list[tuple[int, int, Image.Image]] = []
        self.words: list[tuple[int, int, str, str]] = []
        self.bars: list[tuple[int, int, int]] = []
        self.x, self.width, self.y, self.height = _MARGIN, 0, 0, 0

    def column(self, name: str, shape: tuple[int, ...]) -> None:
        self.x += self.width + (2 * _GAP if self.width else 0)
        self.y, self.width = _HEAD, _TILE
        self.say(0, name, self.theme.text)
        self.say(_LINE, " x ".join(map(str, shape)), self.theme.muted)

    def say(self, y: int, text: str, colour: str, x: int = 0) -> None:
        self.words.append((self.x + x, y, text, colour))
        # By whole steps: how wide letters are is known only where they are drawn.
        self.width = max(self.width, x + 7 * len(text))
        self.height = max(self.height, y + _LINE)

    def put(self, pixels: NDArray[np.uint8], height: int) -> None:
        rows, columns = pixels.shape[:2]
        width = max(2, round(height * columns / rows))
        size = (width * SCALE, height * SCALE)
        made = Image.fromarray(pixels).resize(size, Image.Resampling.NEAREST)
        self.things.append((self.x, self.y, made))
        self.width = max(self.width, width)
        self.y += height + _GAP
        self.height = max(self.height, self.y)

    def picture(self, colours: NDArray[np.uint8]) -> None:
        self.put(colours, _TILE)

    def maps(self, maps: NDArray[np.float32], ink: bool = False) -> None:
        """The first of them, all on one scale."""
        largest = float(np.abs(maps).max())
        for each in maps[:_MOST_MAPS]:
            self.put(painted(each, self.theme, "ink" if ink else "signed", largest), _TILE)
        self.more(len(maps) - _MOST_MAPS)

    def vector(self, values: NDArray[np.float32]) -> None:
        largest = float(np.abs(values).max())
        shown = values[:_MOST_VALUES]
        height = _MOST_MAPS * (_TILE + _GAP) - _GAP
        cells = painted(shown[:, None], self.theme, "signed", largest)
        cells = np.repeat(cells, max(1, round(len(shown) / (height / 12))), axis=1)
        self.put(cells, height)
        self.more(len(values) - _MOST_VALUES)

    def answer(self, shares: NDArray[np.float32], classes: Sequence[str] | None) -> None:
        names = classes if classes is not None and len(classes) == len(shares) else None
        # Of many classes the likeliest.
        order = np.argsort(-shares)[:_MOST_CLASSES]
        for at in sorted(order) if len(shares) <= _MOST_CLASSES else order:
            name = str(at) if names is None else str(names[at])
            best = at == order[0]
            colour = self.theme.text if best else self.theme.muted
            self.say(self.y, name if len(name) <= 8 else f"{name[:7]}…", colour)
            self.bars.append((self.x + _NAME, self.y + 4, round(_BAR * float(shares[at]))))
            self.say(self.y, percent(float(shares[at])), colour, x=_NAME + _BAR + _GAP)
            self.y += _LINE + _GAP
        self.more(len(shares) - _MOST_CLASSES)
        self.height = max(self.height, self.y)

    def more(self, number: int) -> None:
        if number > 0:
            self.say(self.y, f"+ {count(number)} more", self.theme.muted)

    def png(self) -> bytes:
        top = _MARGIN + (_LINE + _GAP if self.heading else 0)
        size = (self.x + self.width + _MARGIN, top + self.height + _MARGIN)
        picture = Image.new("RGB", (size[0] * SCALE, size[1] * SCALE), self.theme.background)
        pen = ImageDraw.Draw(picture)
        font = ImageFont.load_default(12 * SCALE)

        def write(x: int, y: int, text: str, colour: str) -> None:
            pen.text((x * SCALE, y * SCALE), text, fill=colour, font=font)

        if self.heading:
            write(_MARGIN, _MARGIN - 4, self.heading[:200], self.theme.text)
        for x, y, thing in self.things:
            picture.paste(thing, (x * SCALE, (top + y) * SCALE))
        for x, y, width in self.bars:
            box = (x, top + y, x + max(1, width), top + y + 9)
            pen.rectangle([side * SCALE for side in box], fill=self.theme.orange)
        for x, y, text, colour in self.words:
            write(x, top + y, text, colour)
        buffer = io.BytesIO()
        # Few colours: a quarter of the size.
        picture.quantize(64, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
        return buffer.getvalue()
