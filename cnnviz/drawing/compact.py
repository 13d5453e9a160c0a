"""A drawing as a short text, which fits into a page's address.

| the text | what it is |
| --- | --- |
| `empty` | a canvas without ink |
| `s…` | strokes: thinned, in eighths of a pixel, each point as its step from the one before |
| `p…` | the picture (H, W) that the network sees, where strokes would be too long |

After the letter comes base64url without padding. Of strokes it is a row of whole numbers, seven
bits a byte: for each stroke how many points, then for each point how far right and how far down
(zigzag: 0, -1, 1, -2 …), the first from the canvas's corner. Of a picture it is height, width, how
many levels above 0, and the levels row by row in raw deflate.

Thinned strokes stay within an eighth of a pixel of the pen's path on the canvas (less than a whole
one where a drawing wouldn't fit otherwise), and round their places by half an eighth. Of a drawing
that isn't centred no pixel of the network's input then changes by more than `INPUT_TOLERANCE`;
centring can put one in thirty a whole pixel further, namely those that lay on the very edge between
two places. A picture is exact to half of one of its steps.

What comes from a link may be anything: every bound is held before memory is taken.
"""

import base64
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from cnnviz.drawing.samples import CANVAS_SIZE, STROKE_WIDTH, Point, Stroke, paint

MOST_CHARACTERS = 1000
"""Of a drawing's text; a link has 1,500 in all."""

EMPTY = "empty"
INPUT_TOLERANCE = 0.1
"""The largest change of a pixel of the network's input, of 1: see above."""

MOST_POINTS = MOST_CHARACTERS * 3 // 4 // 2  # a point takes two bytes at the least
MOST_SIDE = 64  # of a picture

_UNIT = 0.125  # pixels of the canvas
_TOLERANCES = (0.125, 0.25, 0.5)  # pixels of the canvas
_FLAT = 0.05  # pixels of the canvas
_OUTSIDE = 2 * CANVAS_SIZE  # as far the pen may have gone from the middle, in pixels
_MOST_COMMANDS = 4000  # of one path that a browser has sent
_MOST_FLAT = 40_000  # points of all its paths in straight pieces: a minute and a half of drawing
_LEVELS = (255, 31)
_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


@dataclass(frozen=True, eq=False)
class Compact:
    """A drawing of a link: `strokes` in pixels of the canvas, or else the `picture` (H, W) in
    [0, 1], 1 as ink, that the network saw. Neither: the canvas was empty. `text` is what it was
    read from."""

    strokes: tuple[Stroke, ...] = ()
    picture: np.ndarray | None = None
    text: str = EMPTY

    @property
    def ink(self) -> np.ndarray:
        """The strokes as `samples.paint` has them: (280, 280) in [0, 1]."""
        return paint(self.strokes)


def read(text: str) -> Compact:
    """Raises ValueError, in a few words, for a text that is no drawing."""
    if text == EMPTY:
        return Compact()
    if len(text) > MOST_CHARACTERS:
        raise ValueError(
            f"a drawing must have at most {MOST_CHARACTERS} characters, got {len(text)}"
        )
    kind, body = text[:1], text[1:]
    if kind not in ("s", "p") or not _ALPHABET.fullmatch(body) or len(body) % 4 == 1:
        raise ValueError("must be a drawing as a link has it; this one is damaged")
    content = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    if kind == "s":
        return Compact(strokes=_strokes(content), text=text)
    return Compact(picture=_picture(content), text=text)


def of_strokes(strokes: Sequence[Stroke]) -> str | None:
    """Their text, as finely as fits; None where they don't fit. Raises ValueError for a number that
    isn't on the canvas or near it."""
    drawn = [np.asarray(stroke, dtype=np.float64).reshape(-1, 2) for stroke in strokes]
    for points in drawn:
        if not len(points) or not (np.abs(points - CANVAS_SIZE / 2) <= _OUTSIDE).all():  # NaN, too
            raise ValueError("a stroke must have points, on the canvas")
    if not drawn:
        return EMPTY
    placed = [_without_repeats(np.round(points / _UNIT)).tobytes() for points in drawn]
    for level in range(len(_TOLERANCES)):
        thin = [_thinned(points, level) for points in placed]
        if sum(map(len, thin)) <= MOST_POINTS and len(text := _spelled(thin)) <= MOST_CHARACTERS:
            return text
    return None


def of_picture(picture: np.ndarray) -> str | None:
    """The text of (H, W) in [0, 1], in 255 steps or else in 31; None where it doesn't fit."""
    height, width = picture.shape
    if max(height, width) > MOST_SIDE:
        return None
    for levels in _LEVELS:
        packer = zlib.compressobj(9, wbits=-15)
        values = np.round(np.clip(picture, 0, 1) * levels).astype(np.uint8).tobytes()
        packed = bytes((height, width, levels)) + packer.compress(values) + packer.flush()
        if len(text := "p" + _letters(packed)) <= MOST_CHARACTERS:
            return text
    return None


def thinned(points: np.ndarray, tolerance: float) -> np.ndarray:
    """Those of the `points` (n, 2) from which the others' path strays by `tolerance` at most, by
    Ramer, Douglas and Peucker (https://doi.org/10.1016/S0146-664X(72)80017-0)."""
    kept = np.zeros(len(points), dtype=bool)
    kept[[0, -1]] = True
    parts = np.array([(0, len(points) - 1)])  # (parts, 2): first and last of each
    # All parts at once: a stroke of a thousand points has hundreds of them, one inside another.
    while len(parts := parts[parts[:, 1] - parts[:, 0] > 1]):
        sizes = parts[:, 1] - parts[:, 0] - 1
        begins = np.cumsum(sizes) - sizes
        part = np.repeat(np.arange(len(parts)), sizes)
        inside = parts[part, 0] + 1 + np.arange(len(part)) - begins[part]
        starts = points[parts[:, 0]]
        chords = points[parts[:, 1]] - starts
        lengths = np.einsum("ij,ij->i", chords, chords)[part]
        off, chord = points[inside] - starts[part], chords[part]
        along = np.einsum("ij,ij->i", off, chord) / np.where(lengths > 0, lengths, 1)
        away = off - np.clip(along, 0, 1)[:, None] * chord
        distances = np.einsum("ij,ij->i", away, away)
        furthest = np.maximum.reduceat(distances, begins)
        # The first of the furthest in each part.
        reached = np.flatnonzero(distances == furthest[part])
        firsts = reached[np.diff(part[reached], prepend=-1) > 0]
        too_far = furthest > tolerance**2
        middles, parts = inside[firsts[too_far]], parts[too_far]
        kept[middles] = True
        parts = np.concatenate(
            [np.stack([parts[:, 0], middles], 1), np.stack([middles, parts[:, 1]], 1)]
        )
    return points[kept]


def strokes_of_paths(objects: Sequence[Mapping[str, Any]]) -> list[Stroke]:
    """The pen's path of each of the objects that the canvas (Fabric.js) has sent, in its pixels.

    Raises ValueError for what its pen doesn't make, or not in minutes: it came from a browser.
    """
    flat: list[Stroke] = []
    left = _MOST_FLAT
    for each in objects:
        flat.append(_flattened(each.get("path"), left))
        left -= len(flat[-1])
    return flat


def paths_of_strokes(strokes: Iterable[Stroke], colour: str) -> list[dict[str, Any]]:
    """The same the other way: objects that the canvas can begin with."""
    return [_path(stroke, colour) for stroke in strokes]


def _flattened(path: Any, most: int) -> Stroke:
    """The canvas's quadratic curves in straight pieces, as many as keep within `_FLAT`; of `most`
    points."""
    odd = ValueError("a stroke of the canvas must be a path of its pen")
    if not isinstance(path, list) or not 0 < len(path) <= _MOST_COMMANDS:
        raise odd
    try:
        ends = np.array([command[-2:] for command in path], dtype=np.float64)
        curves = np.array([command[0] == "Q" for command in path])
        bends = np.array([command[1:3] for command in path], dtype=np.float64)
    except (TypeError, ValueError, IndexError, KeyError):
        raise odd from None
    if ends.shape != (len(path), 2) or bends.shape != ends.shape:
        raise odd
    starts = np.concatenate([ends[:1], ends[:-1]])
    # A quadratic curve leaves n equal pieces by at most |start - 2 bend + end| / 4n².
    bent = np.where(curves, np.abs(starts - 2 * bends + ends).max(axis=1), 0)
    if not (bent <= 8 * _OUTSIDE).all():  # also true of NaN
        raise odd
    pieces = max(1, int(np.ceil(np.sqrt(bent.max() / (4 * _FLAT)))))
    if pieces * len(path) > most:
        raise ValueError("strokes must be shorter than these to be kept in a link")
    t = (np.arange(1, pieces + 1) / pieces)[:, None, None]
    points = (1 - t) ** 2 * starts + 2 * t * (1 - t) * bends + t**2 * ends  # (pieces, n, 2)
    points[:, ~curves] = ends[~curves]
    return points.transpose(1, 0, 2).reshape(-1, 2)  # type: ignore[return-value]


def _path(stroke: Stroke, colour: str) -> dict[str, Any]:
    points = np.asarray(stroke, dtype=np.float64)
    (left, top), (right, bottom) = points.min(0).tolist(), points.max(0).tolist()
    first, *rest = points.tolist()
    # A dot is a line to where it begins, and a little further, as the canvas's own is.
    rest = rest or [[first[0] + 0.01, first[1]]]
    return {
        "type": "Path",
        "originX": "center",
        "originY": "center",
        "left": (left + right) / 2,
        "top": (top + bottom) / 2,
        "width": right - left,
        "height": bottom - top,
        "fill": None,
        "stroke": colour,
        "strokeWidth": STROKE_WIDTH,
        "strokeLineCap": "round",
        "strokeLineJoin": "round",
        "path": [["M", *first], *(["L", *point] for point in rest)],
    }


@lru_cache(maxsize=128)
def _thinned(placed: bytes, level: int) -> np.ndarray:
    """A stroke's points in units, thinned as far as that; of a drawing only the last is new."""
    if level:
        return thinned(_thinned(placed, level - 1), _TOLERANCES[level] / _UNIT)
    return thinned(np.frombuffer(placed).reshape(-1, 2), _TOLERANCES[0] / _UNIT)


def _without_repeats(points: np.ndarray) -> np.ndarray:
    return points[np.r_[True, (points[1:] != points[:-1]).any(axis=1)]]


def _spelled(strokes: Sequence[np.ndarray]) -> str:
    numbers: list[int] = []
    at = np.zeros(2, dtype=np.int64)
    for stroke in strokes:
        points = stroke.astype(np.int64)
        steps = np.diff(points, axis=0, prepend=at[None])
        at = points[-1]
        numbers += [len(points), *np.where(steps < 0, -2 * steps - 1, 2 * steps).ravel().tolist()]
    content = bytearray()
    for number in numbers:
        while number > 127:
            content.append(number & 127 | 128)
            number >>= 7
        content.append(number)
    return "s" + _letters(bytes(content))


def _strokes(content: bytes) -> tuple[Stroke, ...]:
    numbers = _numbers(content)
    strokes: list[Stroke] = []
    right = down = 0
    for count in numbers:
        if not 0 < count <= MOST_POINTS:
            raise ValueError("must be a drawing as a link has it; this one is damaged")
        points: list[Point] = []
        for _ in range(count):
            across, along = next(numbers, None), next(numbers, None)
            if across is None or along is None:
                raise ValueError("must be a whole drawing; this one is cut off")
            right, down = right + _signed(across), down + _signed(along)
            if max(abs(right), abs(down)) * _UNIT > _OUTSIDE + CANVAS_SIZE:
                raise ValueError("must be a drawing on the canvas; this one leaves it")
            points.append((right * _UNIT, down * _UNIT))
        strokes.append(tuple(points))
    if not strokes:
        raise ValueError("must be a whole drawing; this one is cut off")
    return tuple(strokes)


def _signed(number: int) -> int:
    """0, 1, 2, 3, 4 … as 0, -1, 1, -2, 2 …"""
    return number >> 1 if number % 2 == 0 else -(number + 1 >> 1)


def _numbers(content: bytes) -> Iterator[int]:
    """As many as `content` has; one that is cut off is none. None has more than three bytes."""
    number = shift = 0
    for byte in content:
        number |= (byte & 127) << shift
        if byte > 127 and shift < 14:
            shift += 7
            continue
        yield number
        number = shift = 0


def _picture(content: bytes) -> np.ndarray:
    if len(content) < 4 or not (0 < content[0] <= MOST_SIDE and 0 < content[1] <= MOST_SIDE):
        raise ValueError("must be a picture as a link has it; this one is damaged")
    height, width, levels = content[:3]
    size = height * width
    unpacker = zlib.decompressobj(wbits=-15)
    try:
        values = unpacker.decompress(content[3:], size + 1)
    except zlib.error:
        values = b""
    if len(values) != size or levels not in _LEVELS or max(values) > levels:
        raise ValueError("must be a picture as a link has it; this one is damaged")
    picture = np.frombuffer(values, np.uint8).reshape(height, width)
    return picture.astype(np.float32) / np.float32(levels)


def _letters(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
