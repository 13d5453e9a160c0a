"""Small pictures as HTML: an image is a data: URL of a few hundred bytes, sharp at any size."""

import base64
import html
import io
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from PIL import Image

from cnnviz.palette import LIGHT, Theme, rgb

_LEVELS = 31  # a side: finer can't be seen, coarser packs better


def _ramp(stops: Sequence[str]) -> list[tuple[int, ...]]:
    """`_LEVELS` colours (R, G, B, A), fading in from nothing to the first stop and then on."""
    points = [(*rgb(stops[0]), 0), *((*rgb(stop), 255) for stop in stops)]
    colours = []
    for level in range(1, _LEVELS + 1):
        at = level / _LEVELS * (len(points) - 1)
        low = min(int(at), len(points) - 2)
        start, stop = list(pairwise(points))[low]
        colours.append(
            tuple(round(a + (b - a) * (at - low)) for a, b in zip(start, stop, strict=True))
        )
    return colours


@lru_cache(maxsize=2)
def _palette(theme: Theme) -> list[int]:
    """From -1 over 0 to 1, as RGBA after RGBA. Zero is transparent: the surface's own colour."""
    colours = [*reversed(_ramp(theme.negative)), (255, 255, 255, 0), *_ramp(theme.positive)]
    return [channel for colour in colours for channel in colour]


def sheet(maps: np.ndarray, columns: int, gap: int = 1) -> np.ndarray:
    """Maps (N, H, W) side by side in rows of `columns`, with `gap` zeros between: (H', W')."""
    count, height, width = maps.shape
    rows = -(-count // columns)
    field = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap), maps.dtype)
    for index, each in enumerate(maps):
        top, left = index // columns * (height + gap), index % columns * (width + gap)
        field[top : top + height, left : left + width] = each
    return field


def signed_url(values: np.ndarray, theme: Theme = LIGHT) -> str:
    """`values` (H, W) in [-1, 1] as a PNG: orange above 0, blue below, for a page of `theme`."""
    picture = Image.fromarray((np.round(values * _LEVELS) + _LEVELS).astype(np.uint8))
    picture.putpalette(_palette(theme), "RGBA")
    return png_url(picture)


def ink_url(ink: np.ndarray, finest: int | None = None) -> str:
    """Ink (H, W) in [0, 1] as a PNG that is opaque where the ink is: a mask.

    A side longer than `finest` pixels is made that long.
    """
    alpha = Image.fromarray(np.round(np.asarray(ink) * 255).astype(np.uint8))
    if finest is not None:
        alpha.thumbnail((finest, finest), Image.Resampling.BOX)
    # Sixteen degrees of black, told apart by their opacity: half a byte a pixel.
    degrees = Image.fromarray(((np.asarray(alpha, np.uint16) + 8) // 17).astype(np.uint8))
    degrees.putpalette([0] * 48)
    return png_url(degrees, bits=4, transparency=bytes(range(0, 256, 17)))


def png_url(picture: Image.Image, **how: Any) -> str:
    """The picture as a data: URL; `how` are Pillow's own options."""
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", **how)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"


def picture(values: np.ndarray, alt: str, scale: int, theme: Theme = LIGHT) -> str:
    """`values` (H, W) in [-1, 1], `scale` CSS pixels a value and no blur."""
    height, width = values.shape
    return (
        f'<img class="sharp" src="{signed_url(values, theme)}" alt="{html.escape(alt)}" '
        f'width="{scale * width}" height="{scale * height}">'
    )


def light_url(light: np.ndarray, size: int) -> str:
    """Red, green and blue light (3, H, W) in [0, 1], the longer side `size` pixels and no blur."""
    picture = Image.fromarray(np.round(light.transpose(1, 2, 0) * 255).astype(np.uint8))
    height, width = light.shape[1:]
    scale = size / max(height, width)
    whole = (max(1, round(width * scale)), max(1, round(height * scale)))
    return png_url(picture.resize(whole, Image.Resampling.NEAREST))


def thumbnail_url(picture: np.ndarray, size: int, theme: Theme = LIGHT, light: bool = False) -> str:
    """A picture (C, H, W) in [0, 1], the longer side `size` pixels: light where it has colours or
    is `light`, else ink on paper."""
    if len(picture) == 3 or light:
        return light_url(np.broadcast_to(picture, (3, *picture.shape[1:])), size)
    paper, full = (np.array(rgb(colour)) for colour in (theme.surface, theme.text))
    colours = paper + picture[0][..., None] * (full - paper)  # (H, W, 3)
    return light_url(colours.transpose(2, 0, 1) / 255, size)
