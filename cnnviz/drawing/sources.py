"""What can stand in for a drawing: a sample, an image of a data set, a picture from outside."""

from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from cnnviz.drawing import samples
from cnnviz.drawing.colour import fitted, grey, middle, read_colour
from cnnviz.drawing.frames import MNIST, Frame
from cnnviz.drawing.preprocessing import Prepared, prepare, read_picture

CANVAS = samples.CANVAS_SIZE
DIGITS = tuple("0123456789")
# Pixels of the canvas: a press of the pen, which is 20 wide, without a move.
DOT = 32
MOSTLY_INK = 0.6


@dataclass(frozen=True, eq=False)
class Source:
    """`ink` (H, W) in [0, 1] with 1 as ink, `shown` the same as it lies on the canvas.

    `label` is which of the `classes` it truly is, where that is known. `normalised` ink is a
    picture of a data set as it is: a network for such pictures sees it unchanged. `light` (3, H, W)
    is the picture in colour, where there is one, for networks that read colours. `address` is the
    parameter of a link that brings it back, and its text, where it has one.
    """

    title: str
    ink: np.ndarray
    shown: np.ndarray
    label: int | None = None
    normalised: bool = False
    inverted: bool = False
    digit: int | None = None  # which of our own samples it is
    classes: tuple[str, ...] = DIGITS
    light: np.ndarray | None = None
    address: tuple[str, str] | None = None

    @property
    def truth(self) -> str | None:
        """The class that it truly is, by name; None where nobody has said."""
        known = self.digit if self.label is None else self.label
        return None if known is None else self.classes[known]


def sample(digit: int) -> Source:
    """One of our ten drawings. Raises ValueError for anything but 0 to 9."""
    return Source(
        title=f"our {digit}",
        ink=samples.ink(digit),
        shown=samples.ink(digit, 2 * CANVAS),  # sharp on a fine screen, too
        digit=digit,
        address=("sample", str(digit)),
    )


def seen_before(picture: np.ndarray, text: str) -> Source:
    """The `picture` (H, W) in [0, 1] that a network saw of a drawing, from a link's `text`."""
    factor = max(1, CANVAS // max(picture.shape))
    return Source(
        title="the link's picture",
        ink=picture,
        shown=_square(picture.repeat(factor, axis=0).repeat(factor, axis=1)),
        normalised=True,
        address=("drawing", text),
    )


def picture_for(frame: Frame, content: bytes, name: str) -> Source:
    """A photograph or a picture from a file as networks for pictures of `frame` need it: in colour
    or as ink. Raises ValueError when there is nothing to read."""
    return (colour_picture if frame.channels == 3 else picture)(content, name)


def picture(content: bytes, name: str) -> Source:
    """A photograph or a picture from a file. Raises ValueError when there is nothing to read."""
    ink, inverted = read_picture(content)
    return Source(title=PurePath(name).name, ink=ink, shown=_square(ink), inverted=inverted)


def colour_picture(content: bytes, name: str) -> Source:
    """A photograph for networks that read colours. Raises ValueError where it can't be read."""
    light = read_colour(content)
    ink = 1 - grey(light)
    return Source(title=PurePath(name).name, ink=ink, shown=_square(ink), light=light)


def seen(
    source: Source | None,
    drawn: np.ndarray | None,
    centre: bool,
    frame: Frame = MNIST,
    beneath: Source | None = None,
) -> Prepared:
    """What a network for pictures of `frame` sees of `source`, else of the ink `drawn` (None:
    nothing was drawn). Where it sees colours, those of what lay `beneath` the first stroke stay:
    ink takes the light away."""
    if source is None:
        ink = np.zeros((CANVAS, CANVAS)) if drawn is None else drawn
        colours = colours_of(beneath, frame)
        strokes = prepare(ink, centre and colours is None, frame=frame)
        if colours is None or strokes.empty:
            return strokes
        return _of_light(colours * (1 - strokes.centred), frame)
    if (light := colours_of(source, frame)) is not None:
        return _of_light(light, frame)
    if source.normalised and (1, *source.ink.shape) == frame.shape:
        return Prepared(source.ink, empty=not source.ink.any(), centre=False, frame=frame)
    return prepare(source.ink, centre, inverted=source.inverted, frame=frame)


def colours_of(source: Source | None, frame: Frame) -> np.ndarray | None:
    """The picture (3, H, W) that a network for pictures of `frame` sees of a `source` in colour;
    None where one of them has no colours."""
    if source is None or source.light is None or frame.channels != 3:
        return None
    same = source.normalised and source.light.shape == frame.shape
    return source.light if same else fitted(source.light, frame)


def on_canvas(source: Source | None, frame: Frame) -> np.ndarray | None:
    """The same as it lies on the canvas, fine enough to look at: (3, S, S)."""
    if source is None or source.light is None or frame.channels != 3:
        return None
    return middle(source.light, frame, CANVAS)


def _of_light(light: np.ndarray, frame: Frame) -> Prepared:
    return Prepared(1 - grey(light), centre=False, frame=frame, light=light)


def doubt(ink: np.ndarray) -> str | None:
    """Why no digit can be made out in the drawing `ink` (280, 280), whatever a network says.

    None where it may well be one. A network has no class for what isn't a digit.
    """
    marked = ink > 0.5
    if marked.mean() > MOSTLY_INK:
        return "most of the canvas is ink"
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    if len(rows) and max(np.ptp(rows), np.ptp(columns)) < DOT:
        return "that is no more than a dot"
    return None


def _square(ink: np.ndarray) -> np.ndarray:
    """Padded to a square, as the canvas is, and no finer than it can show."""
    height, width = ink.shape
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    square = np.pad(ink, ((top, side - height - top), (left, side - width - left)))
    step = max(1, side // (2 * CANVAS))
    return square[::step, ::step]
