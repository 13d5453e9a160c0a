"""Small pictures in colour for the labs: one painted by rule, or anybody's own."""

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from cnnviz.drawing import pictures

SIDE = 48


def scene(side: int = SIDE) -> Tensor:
    """A house by the sea in the evening: (1, 3, side, side) in [0, 1], red, green, blue.

    Flat areas, straight edges, curves and texture: something for every kernel.
    """
    if side < 8:
        raise ValueError(f"side must be at least 8, got {side}")
    y, x = torch.meshgrid(torch.linspace(0, 1, side), torch.linspace(0, 1, side), indexing="ij")
    sky = torch.stack([0.35 + 0.6 * y, 0.55 + 0.2 * y, 0.85 - 0.35 * y])
    picture = sky.clone()

    def paint(where: Tensor, red: float, green: float, blue: float) -> None:
        picture[:, where] = torch.tensor([red, green, blue])[:, None]

    paint((x - 0.74) ** 2 + (y - 0.3) ** 2 < 0.13**2, 1.0, 0.86, 0.35)
    sea = y > 0.62
    waves = torch.sin(60 * y + 4 * torch.sin(9 * x)) > 0.3
    paint(sea, 0.1, 0.3, 0.5)
    paint(sea & waves, 0.25, 0.5, 0.68)
    paint(y > 0.86 - 0.06 * torch.sin(5 * x), 0.82, 0.7, 0.45)
    paint((x > 0.12) & (x < 0.46) & (y > 0.48) & (y < 0.84), 0.92, 0.9, 0.84)
    paint((y < 0.48) & (y > 0.26) & ((x - 0.29).abs() < (y - 0.26) * 1.05), 0.66, 0.2, 0.16)
    paint((x > 0.25) & (x < 0.34) & (y > 0.64) & (y < 0.84), 0.35, 0.22, 0.14)
    paint((x > 0.16) & (x < 0.23) & (y > 0.54) & (y < 0.62), 0.3, 0.45, 0.6)
    paint((x > 0.36) & (x < 0.43) & (y > 0.54) & (y < 0.62), 0.3, 0.45, 0.6)
    return picture[None].clamp(0, 1)


def in_channels(picture: Tensor, channels: int) -> Tensor:
    """A picture (1, 1 or 3, H, W) with 1, 2 or 3 channels.

    Of colours, one channel is their brightness (Rec. 601 weights), two are red and green. Of grey,
    each channel is the same.
    """
    if channels not in (1, 2, 3):
        raise ValueError(f"channels must be 1, 2 or 3, got {channels}")
    if picture.shape[1] == 1:
        return picture.repeat(1, channels, 1, 1)
    if channels == 1:
        weights = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
        return (picture * weights).sum(dim=1, keepdim=True)
    return picture[:, :channels].clone()


def from_file(data: bytes, longest: int) -> Tensor:
    """A picture file made smaller, (1, 3, H, W) in [0, 1] with no side over `longest` pixels.

    Transparent parts are white. Raises ValueError, saying why, for what isn't a picture.
    """
    picture = pictures.open_picture(data)
    if picture.mode.startswith(("I", "F")):
        light, _ = pictures.grey(picture)
        picture = Image.fromarray((255 * light).round().astype(np.uint8))
    picture = ImageOps.exif_transpose(picture)
    if picture.has_transparency_data:
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture.convert("RGBA"))
    colour = picture.convert("RGB")
    colour.thumbnail((longest, longest), Image.Resampling.BOX)
    values = torch.from_numpy(np.asarray(colour).copy())  # (H, W, 3)
    return values.permute(2, 0, 1)[None].float() / 255
