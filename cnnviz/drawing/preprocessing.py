"""From a drawing to what the network sees, as MNIST's own digits were made.

MNIST's digits are size-normalised into 20x20 and placed by centre of mass in 28x28
(http://yann.lecun.com/exdb/mnist/). A network trained on them misreads a digit that is merely
shrunk to 28x28, so a drawing takes the same way. Pictures from files and cameras are opened in
`cnnviz.drawing.pictures`, and their ink is found in `cnnviz.drawing.photographs`.

The recipe of `prepare`, exact enough to be written again in another language. All sums are
float64, only the result is float32. `ink` is (H, W) in [0, 1], 1 where the pen was. The numbers
are those of MNIST's frame (`cnnviz.drawing.frames`): for another, 28 is its height or width and
20 its `box`.

1.  The ink's box: the rows and columns from the first to the last with a pixel above
    `INK_THRESHOLD` = 8.5/255 (of 8-bit alpha: 9 or more). There is none: the result is all zeros
    and `empty`.
2.  With `centre`:
    a. Crop to the box, h x w. With L = max(h, w), the new height is max(1, floor(20h/L + 1/2)),
       in whole numbers floor((40h + L) / 2L), and the new width likewise.
    b. Resample by area: new row i covers the rows from i*h/new_h to (i+1)*h/new_h, and is their
       mean weighted by how much of each it covers; then the same for columns. Larger and smaller.
    c. The centre of mass (cy, cx) of the result, rows and columns counted from 0.
    d. Paste it into 28x28 zeros, its first row at ceil(13.5 - cy - 1e-6), held between 0 and
       28 - new_h; columns likewise. So the centre of mass comes to [13.5, 14.5], where it is in
       MNIST's test digits; the 1e-6 lets a tie fall the same way whatever the order of summing.
    With the frame's `middle` at the ink's box, floor((28 - new_h) / 2) instead.
3.  Without `centre`, or where the frame has no `box`: pad the shorter side with zeros to a square,
    floor(difference/2) of them before, and resample the whole by area to 28x28; where the frame
    is no square, to its shorter side, in the middle of the other, floor(difference/2) before.
4.  On a white ground the picture is 1 - ink; every channel has the same.
"""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from PIL import Image

from cnnviz.drawing.frames import MNIST, Frame
from cnnviz.drawing.photographs import find_ink
from cnnviz.drawing.pictures import grey, open_picture

INK_THRESHOLD = 8.5 / 255


@dataclass(frozen=True, eq=False)
class Prepared:
    """What the network sees, and the steps that led there.

    `centred` is the ink (H, W) float32 in [0, 1] in the `frame`, whether it was centred or not,
    and `image` (C, H, W) the network's input. `cropped` (h, w) is the ink's box and `scaled` the
    box resampled, in the middle of a square of the frame's `box`; both are None where there was
    no centring. `inverted` says that the ink was dark on light paper, `empty` that there was none.
    `light` (C, H, W) is a picture that isn't ink at all: then it is the input.
    """

    centred: np.ndarray
    cropped: np.ndarray | None = None
    scaled: np.ndarray | None = None
    inverted: bool = False
    empty: bool = False
    centre: bool = field(default=True, kw_only=True)
    frame: Frame = field(default=MNIST, kw_only=True)
    light: np.ndarray | None = field(default=None, kw_only=True)

    @property
    def image(self) -> np.ndarray:
        """(C, H, W) float32 in [0, 1]: the network's input."""
        if self.light is not None:
            return self.light
        light = self.centred if self.frame.ground == "black" else 1 - self.centred
        return np.repeat(light[None], self.frame.channels, axis=0)


def ink_from_canvas(rgba: np.ndarray) -> np.ndarray:
    """Ink (H, W) float32 in [0, 1] of a transparent canvas (H, W, 4) uint8: its alpha.

    So a pen of any colour draws the same ink. Raises ValueError for another shape or type.
    """
    if rgba.ndim != 3 or rgba.shape[2] != 4 or 0 in rgba.shape:
        raise ValueError(f"rgba must have shape (H, W, 4), got {rgba.shape}")
    if rgba.dtype != np.uint8:
        raise ValueError(f"rgba must be uint8, got {rgba.dtype}")
    return rgba[:, :, 3].astype(np.float32) / np.float32(255)


def ink_from_picture(data: bytes | Image.Image) -> np.ndarray:
    """Ink (H, W) float32 in [0, 1] of a picture: see `read_picture`."""
    return read_picture(data)[0]


def read_picture(data: bytes | Image.Image) -> tuple[np.ndarray, bool]:
    """Ink (H, W) float32 in [0, 1], at most 384 pixels a side, and whether it was dark on light.

    Takes a PNG, JPEG, GIF, BMP, TIFF or WebP file's content, or a Pillow picture. A picture on
    pure black, as MNIST's are, is taken as it is; dark ink on light paper is inverted, and uneven
    light is flattened. Strokes on a transparent ground are ink where they are opaque.

    Raises ValueError, with the reason in words for people, for a file that isn't a picture, is
    damaged, smaller than 8x8, larger than 12.5 million pixels (JPEG 25, WebP 9 million), or has
    no ink in it.
    """
    light, alpha = grey(open_picture(data) if isinstance(data, bytes) else data)
    if alpha is not None and float(alpha.min()) < 0.9:
        visible = alpha > 0.5
        if not visible.any():
            raise ValueError("No ink was found: the picture is transparent.")
        rows, columns = np.flatnonzero(visible.any(axis=1)), np.flatnonzero(visible.any(axis=0))
        box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        tones = np.percentile(light[visible], [5, 95])
        if visible[box].mean() < 0.5 or tones[1] - tones[0] < 0.15:
            return alpha.astype(np.float32), bool(tones.mean() < 0.5)
        # A cut-out of a whole picture: its ground goes on behind the transparent part.
        light = light * alpha + float(np.median(light[visible])) * (1 - alpha)
    ink, inverted = find_ink(light)
    return ink.astype(np.float32), inverted


def prepare(
    ink: np.ndarray, centre: bool = True, *, inverted: bool = False, frame: Frame = MNIST
) -> Prepared:
    """Ink (H, W) in [0, 1] to a picture in `frame`, by the recipe of this module.

    `inverted` is only passed on. Raises ValueError for ink that isn't one finite picture in
    [0, 1].
    """
    ink = np.asarray(ink)
    if ink.ndim != 2 or ink.size == 0:
        raise ValueError(f"ink must have shape (H, W), got {ink.shape}")
    lowest, highest = float(ink.min()), float(ink.max())
    if not (lowest >= 0 and highest <= 1):  # also true of NaN
        raise ValueError(f"ink must be from 0 to 1, got {lowest:g} to {highest:g}")

    if highest <= INK_THRESHOLD:
        nothing = np.zeros(frame.shape[1:], dtype=np.float32)
        centred = centre and frame.box is not None
        return Prepared(nothing, inverted=inverted, empty=True, centre=centred, frame=frame)
    if not centre or frame.box is None:
        side = min(frame.height, frame.width)
        whole = _in_the_middle(_resample(_square(ink), side, side), frame.shape[1:])
        return Prepared(whole, inverted=inverted, centre=False, frame=frame)

    marked = ink > INK_THRESHOLD
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    cropped = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = cropped.shape
    longest = max(height, width)
    scaled = _resample(
        cropped,
        max(1, (2 * frame.box * height + longest) // (2 * longest)),
        max(1, (2 * frame.box * width + longest) // (2 * longest)),
    )
    if frame.middle == "mass":
        mass = scaled.sum()
        centre_row = scaled.sum(axis=1) @ np.arange(scaled.shape[0]) / mass
        centre_column = scaled.sum(axis=0) @ np.arange(scaled.shape[1]) / mass
        centred = np.zeros(frame.shape[1:], dtype=np.float32)
        _paste(
            scaled,
            centred,
            _offset(centre_row, scaled.shape[0], frame.height),
            _offset(centre_column, scaled.shape[1], frame.width),
        )
    else:
        centred = _in_the_middle(scaled, frame.shape[1:])
    return Prepared(
        centred,
        cropped=cropped.astype(np.float32),
        scaled=_in_the_middle(scaled, (frame.box, frame.box)),
        inverted=inverted,
        frame=frame,
    )


def _offset(centre_of_mass: float, size: int, of: int) -> int:
    """Where `size` rows begin, so that their centre of mass is in the middle `of` so many."""
    wanted = int(np.ceil((of - 1) / 2 - centre_of_mass - 1e-6))
    return min(max(wanted, 0), of - size)


def _in_the_middle(picture: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """On zeros of `shape`, float32."""
    field = np.zeros(shape, dtype=np.float32)
    rows, columns = picture.shape
    _paste(picture, field, (shape[0] - rows) // 2, (shape[1] - columns) // 2)
    return field


def _paste(picture: np.ndarray, into: np.ndarray, row: int, column: int) -> None:
    into[row : row + picture.shape[0], column : column + picture.shape[1]] = picture


def _square(ink: np.ndarray) -> np.ndarray:
    height, width = ink.shape
    if height == width:
        return ink
    square = np.zeros((max(height, width),) * 2, dtype=np.float64)
    _paste(ink, square, max(0, width - height) // 2, max(0, height - width) // 2)
    return square


def _resample(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """Area averaging to (height, width), as two products with coverage matrices; float64."""
    rows = _coverage(picture.shape[0], height)  # (height, H)
    columns = _coverage(picture.shape[1], width)  # (width, W)
    # Weighted means of numbers in [0, 1] may come out a rounding error above 1.
    return np.clip(rows @ picture.astype(np.float64, copy=False) @ columns.T, 0.0, 1.0)


@lru_cache(maxsize=256)
def _coverage(old: int, new: int) -> np.ndarray:
    """(new, old): the share of each old cell in each new one; every row sums to 1."""
    edges = np.arange(new + 1) * old / new
    cells = np.arange(old)
    overlap = np.minimum(edges[1:, None], cells + 1) - np.maximum(edges[:-1, None], cells)
    return np.clip(overlap, 0.0, None) * (new / old)
