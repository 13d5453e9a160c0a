"""Small pictures as HTML: an image is a data: URL of a few hundred bytes, sharp at any size."""

import base64
import html
import io
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from PIL import Image

# From -1 over 0 to 1. Zero is transparent, so it takes the surface's colour in either theme.
_POSITIVE = ("#fdc38d", "#e6550d", "#7f2704")
_NEGATIVE = ("#9ecae8", "#3182bd", "#08306b")
_LEVELS = 31  # a side: finer can't be seen, coarser packs better


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def _ramp(stops: Sequence[str]) -> list[tuple[int, ...]]:
    """`_LEVELS` colours (R, G, B, A), fading in from nothing to the first stop and then on."""
    points = [(*_rgb(stops[0]), 0), *((*_rgb(stop), 255) for stop in stops)]
    colours = []
    for level in range(1, _LEVELS + 1):
        at = level / _LEVELS * (len(points) - 1)
        low = min(int(at), len(points) - 2)
        start, stop = list(pairwise(points))[low]
        colours.append(
            tuple(round(a + (b - a) * (at - low)) for a, b in zip(start, stop, strict=True))
        )
    return colours


_PALETTE = [*reversed(_ramp(_NEGATIVE)), (255, 255, 255, 0), *_ramp(_POSITIVE)]


def signed_url(values: np.ndarray, scale: float) -> str:
    """`values` (H, W) as a PNG: orange above 0, blue below, full colour at ±`scale`."""
    parts = np.zeros_like(values) if scale <= 0 else np.clip(values / scale, -1, 1)
    picture = Image.fromarray((np.round(parts * _LEVELS) + _LEVELS).astype(np.uint8))
    picture.putpalette([part for colour in _PALETTE for part in colour], "RGBA")
    return _url(picture)


def ink_url(ink: np.ndarray, finest: int | None = None) -> str:
    """Ink (H, W) in [0, 1] as a PNG that is opaque where the ink is: a mask.

    A side longer than `finest` pixels is made that long.
    """
    alpha = Image.fromarray(np.round(np.asarray(ink) * 255).astype(np.uint8))
    if finest is not None:
        alpha.thumbnail((finest, finest), Image.Resampling.BOX)
    return _url(Image.merge("LA", (Image.new("L", alpha.size), alpha)))


def _url(picture: Image.Image) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"


def tile(url: str, alt: str, width: int, height: int) -> str:
    """One picture of the given size in CSS pixels, its own pixels sharp."""
    return (
        f'<img class="tile" src="{url}" alt="{html.escape(alt)}" width="{width}" height="{height}">'
    )


def ink_tile(ink: np.ndarray, alt: str, size: int) -> str:
    """Ink on a surface, in the theme's own text colour."""
    mask = f"url({ink_url(ink, 2 * size)}) center / contain no-repeat"
    return (
        f'<span class="tile" role="img" aria-label="{html.escape(alt)}" '
        f'style="width: {size}px; height: {size}px">'
        f'<span style="-webkit-mask: {mask}; mask: {mask}"></span></span>'
    )
