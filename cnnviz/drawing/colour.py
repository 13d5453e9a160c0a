"""Pictures in colour: from a file to what a network of three channels reads."""

import contextlib

import numpy as np
from PIL import Image, ImageOps

from cnnviz.drawing.frames import Frame
from cnnviz.drawing.pictures import open_picture


def read_colour(data: bytes) -> np.ndarray:
    """Red, green and blue light (3, H, W) float32 in [0, 1] of a picture file, upright; what is
    transparent lies on white.

    Raises ValueError, saying why, for what isn't a picture, is damaged or too large.
    """
    opened = open_picture(data)
    with contextlib.suppress(Exception):  # unreadable EXIF: as it lies
        opened = ImageOps.exif_transpose(opened)
    whole = opened.convert("RGBA")
    paper = Image.new("RGBA", whole.size, "white")
    return _light(Image.alpha_composite(paper, whole).convert("RGB"))


def fitted(light: np.ndarray, frame: Frame) -> np.ndarray:
    """The middle of a picture (3, H, W) in [0, 1], as large as fits the frame's shape, by area:
    `frame.shape`; of one channel, its grey."""
    picture = Image.fromarray(np.round(light.transpose(1, 2, 0) * 255).astype(np.uint8))
    size = (frame.width, frame.height)
    small = _light(ImageOps.fit(picture, size, Image.Resampling.BOX))
    return small if frame.channels == 3 else grey(small)[None]


def middle(light: np.ndarray, frame: Frame, side: int) -> np.ndarray:
    """What of a picture (3, H, W) lies under a square canvas for pictures of `frame`, as `fitted`
    takes it: (3, side, side), larger or smaller."""
    picture = Image.fromarray(np.round(light.transpose(1, 2, 0) * 255).astype(np.uint8))
    part = min(frame.height, frame.width)
    size = (round(frame.width * side / part), round(frame.height * side / part))
    whole = _light(ImageOps.fit(picture, size, Image.Resampling.BOX))
    top, left = (size[1] - side) // 2, (size[0] - side) // 2
    return whole[:, top : top + side, left : left + side]


def grey(light: np.ndarray) -> np.ndarray:
    """(H, W) in [0, 1] of (3, H, W): ITU-R 601, as Pillow's "L"."""
    weights = np.array([0.299, 0.587, 0.114], dtype=np.float32)
    return np.tensordot(weights, light, 1).astype(np.float32)


def _light(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture, np.float32).transpose(2, 0, 1) / np.float32(255)
