"""Ink in a photograph or scan: dark on light or light on dark, under uneven light.

The paper is a quadratic surface fitted to the picture, plus what stays of the rest when everything
thinner than a third of the picture is taken away (a morphological opening; together a top-hat
transform, as in P. Soille, "Morphological Image Analysis", 2003, chapter 4). Ink is what differs
from it clearly, and specks are left out.
"""

import numpy as np
from PIL import Image

# As shares of white: less contrast than this is paper, not ink.
_FAINTEST = 0.12
_TINY_SIDE = 64
_MAP_SIDE = 96
# MNIST's strokes are about 2.5 of 20 pixels wide; a thin pen's lines would fade when shrunk.
_STROKE = 0.10


def find_ink(light: np.ndarray) -> tuple[np.ndarray, bool]:
    """Ink (H, W) in [0, 1] in a grey picture (H, W) in [0, 1], and whether it was dark on light.

    A picture drawn on pure black or pure white is taken as it is. Raises ValueError where there
    is no ink to be found.
    """
    if (plain := _digital(light)) is not None:
        return plain
    surface = _light_without_ink(light)
    inverted = _is_dark_on_light(light, surface)
    above = _above_paper(1 - light, 1 - surface) if inverted else _above_paper(light, surface)
    return _thickened(_without_specks(above)), inverted


def _digital(light: np.ndarray) -> tuple[np.ndarray, bool] | None:
    """Ink of a picture whose ground is pure black or white, else None."""
    border = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
    between = float(((light > 6 / 255) & (light < 249 / 255)).mean())
    # Small pictures are mostly soft edges; in a large one, many greys mean a photograph.
    if between > 0.15 and max(light.shape) > _TINY_SIDE:
        return None
    ground = float(np.median(border))
    if ground <= 6 / 255 and float((light <= 6 / 255).mean()) > 0.3:
        ink, inverted = light, False
    elif ground >= 249 / 255 and float((light >= 249 / 255).mean()) > 0.3:
        ink, inverted = 1 - light, True
        # A grey pencil on white is meant as ink, and JPEG's ripples are not.
        strongest = float(ink.max())
        ink = np.where(ink < 0.1 * strongest, 0.0, ink / max(strongest, _FAINTEST))
    else:
        return None
    if float(ink.max()) < _FAINTEST:
        raise _no_ink()
    return (_thickened(ink) if max(light.shape) > _TINY_SIDE and inverted else ink), inverted


def _no_ink() -> ValueError:
    return ValueError("No ink was found: the picture is almost one colour.")


def _light_without_ink(light: np.ndarray) -> np.ndarray:
    """The quadratic surface that most of the picture follows: how light falls on the paper."""
    small = _resized(light, _MAP_SIDE)
    terms, values = _quadratic_terms(small.shape), small.ravel()
    solution, weights = np.zeros(terms.shape[1]), np.ones_like(values)
    for _ in range(6):
        root = np.sqrt(weights)
        solution, *_ = np.linalg.lstsq(terms * root[:, None], values * root, rcond=None)
        rest = values - terms @ solution
        # Cauchy's weights: ink counts ever less towards the paper's surface.
        weights = 1 / (1 + (rest / (2 * np.median(np.abs(rest)) + 1e-3)) ** 2)
    return (_quadratic_terms(light.shape) @ solution).reshape(light.shape)


def _is_dark_on_light(light: np.ndarray, surface: np.ndarray) -> bool:
    """Which way the ink differs from its paper, by two signs that fail in different pictures.

    Ink covers less than paper, so it is what stands out of the median of a wide window; that one
    sees thin lines, and follows a shadow's edge, but takes a bold digit's holes for ink. And a
    frame near the picture's edge is mostly paper, from which ink lies farther than other paper;
    that one fails where a shadow is as dark as thin lines. Each goes from -1, dark ink, to 1. Of
    140 made photographs, with pens from 2 to 16 % of the digit, the weighted sum got all right.
    """
    small = _resized(light - surface, _TINY_SIDE)
    window = max(3, round(0.5 * min(small.shape))) | 1
    around = np.lib.stride_tricks.sliding_window_view(
        np.pad(small, window // 2, mode="reflect"), (window, window)
    ).reshape(*small.shape, window**2)
    # The median of an odd number of values; np.median looks for NaNs, which takes four times as
    # long.
    middle = window**2 // 2
    around = np.partition(around, middle, axis=-1)[..., middle]
    standing_out = (small - around) ** 5
    first = standing_out.sum() / max(np.abs(standing_out).sum(), 1e-12)

    small = _resized(light, 2 * _TINY_SIDE)
    # Not at the edge itself, where a table may show beyond the paper.
    top, left = (max(1, round(0.06 * side)) for side in small.shape)
    inner = small[top:-top, left:-left]
    frame = np.median(np.concatenate([inner[0], inner[-1], inner[:, 0], inner[:, -1]]))
    darkest, lightest = np.percentile(small, [0.5, 99.5])
    second = (darkest + lightest - 2 * frame) / max(lightest - darkest, 1e-12)
    return bool(first + 1.25 * second < 0)


def _quadratic_terms(shape: tuple[int, ...]) -> np.ndarray:
    """(H*W, 6): 1, y, x, xy, y², x² with y and x from -1 to 1."""
    rows, columns = np.meshgrid(*(np.linspace(-1, 1, side) for side in shape), indexing="ij")
    return np.stack(
        [np.ones_like(rows), rows, columns, rows * columns, rows**2, columns**2], axis=-1
    ).reshape(-1, 6)


def _above_paper(bright: np.ndarray, surface: np.ndarray) -> np.ndarray:
    """Soft ink of a picture in which ink is brighter than its ground.

    `surface` has the ground's slow changes; what is left of them, such as a shadow's edge, the
    opening takes.
    """
    flat = bright - surface
    small = _resized(flat, _MAP_SIDE)
    window = max(3, round(0.33 * small.size**0.5))
    opened = _spread(_spread(small, window, np.minimum), window, np.maximum)
    ground = np.asarray(
        Image.fromarray(_blurred(opened, max(1, window // 6)).astype(np.float32)).resize(
            (bright.shape[1], bright.shape[0]), Image.Resampling.BILINEAR
        ),
        dtype=np.float64,
    )
    # Relative to how far ink could go at all: a shadow weakens paper and contrast alike.
    contrast = (flat - ground) / np.maximum(1 - surface - ground, 0.1)
    # A level that is paper, even where bold ink covers half of the picture.
    contrast -= np.percentile(contrast, 30)
    # One odd pixel isn't ink.
    soft = _blurred(contrast, 1)
    noise = 1.4826 * float(np.median(np.abs(contrast - soft)))
    strongest = float(np.percentile(soft, 99.9))
    if strongest < max(_FAINTEST, 4 * noise):
        raise _no_ink()
    low = max(0.3 * strongest, min(3.5 * noise, 0.6 * strongest))
    high = max(0.75 * strongest, low + 0.1 * strongest)
    return np.clip((soft - low) / (high - low), 0.0, 1.0)


def _without_specks(ink: np.ndarray) -> np.ndarray:
    """Only the parts that could be a digit: no dust, no table beyond the paper's edge."""
    labels = _parts(ink > 0.3)
    count = np.bincount(labels.ravel(), weights=ink.ravel())
    # A stroke is dark in its middle; what is faint all over is left of a shadow.
    peak = np.zeros(len(count))
    np.maximum.at(peak, labels.ravel(), ink.ravel())
    count[peak < 0.6] = 0
    count[0] = 0
    border = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    inside = count.copy()
    inside[border] = 0
    # What touches the edge goes, unless the digit itself does.
    if inside.max() >= max(0.0005 * ink.size, 0.01 * count.max()):
        count = inside
    kept = (count > 0) & (count >= 0.05 * count.max())
    if not kept.any():
        raise _no_ink()
    # Soft edges belong to the part that they surround.
    return np.where(_spread(kept[labels].astype(np.float64), 5, np.maximum) > 0, ink, 0.0)


def _parts(marked: np.ndarray) -> np.ndarray:
    """Connected parts, by their edges or corners: 0 outside, else a number a part."""
    # Runs in a row are joined with the runs they touch in the row above (union-find).
    parent = [0]

    def root(label: int) -> int:
        while parent[label] != label:
            parent[label] = parent[parent[label]]
            label = parent[label]
        return label

    labels = np.zeros(marked.shape, dtype=np.int64)
    above: list[tuple[int, int, int]] = []
    for index, row in enumerate(marked):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
        runs = []
        for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            touching = [root(label) for a, b, label in above if a <= stop and b >= start]
            label = min(touching, default=len(parent))
            if not touching:
                parent.append(label)
            for other in touching:
                parent[other] = label
            labels[index, start:stop] = label
            runs.append((start, stop, label))
        above = runs
    return np.array([root(label) for label in range(len(parent))])[labels]


def _thickened(ink: np.ndarray) -> np.ndarray:
    """Lines as thick, for the digit's size, as MNIST's are at least."""
    marked = ink > 0.5
    if not marked.any():
        return ink
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    longest = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    # A line of width w and length n has area wn and 2n of edge; counted along rows and columns
    # an edge is 4/pi times its length on the average over directions (Cauchy and Crofton).
    edge = int((marked[1:] != marked[:-1]).sum()) + int((marked[:, 1:] != marked[:, :-1]).sum())
    width = 2 * float(marked.sum()) / max(edge * np.pi / 4, 1)
    missing = _STROKE * longest - width
    if missing < 1:
        return ink
    return _spread(ink, 2 * round(missing / 2) + 1, np.maximum)


def _spread(picture: np.ndarray, window: int, extreme: np.ufunc) -> np.ndarray:
    """The maximum or minimum over a square window around each pixel."""
    before, after = (window - 1) // 2, window // 2
    for axis in (0, 1):
        padding = [(0, 0), (0, 0)]
        padding[axis] = (before, after)
        padded = np.pad(picture, padding, mode="edge")
        picture = extreme.reduce(
            np.lib.stride_tricks.sliding_window_view(padded, window, axis=axis), axis=-1
        )
    return picture


def _blurred(picture: np.ndarray, radius: int) -> np.ndarray:
    for axis in (0, 1):
        padding = [(0, 0), (0, 0)]
        padding[axis] = (radius, radius)
        padded = np.pad(picture, padding, mode="edge")
        picture = np.lib.stride_tricks.sliding_window_view(padded, 2 * radius + 1, axis=axis).mean(
            axis=-1
        )
    return picture


def _resized(picture: np.ndarray, side: int) -> np.ndarray:
    shrunk = Image.fromarray(picture.astype(np.float32))
    shrunk.thumbnail((side, side), Image.Resampling.BOX, reducing_gap=None)
    return np.asarray(shrunk, dtype=np.float64)
