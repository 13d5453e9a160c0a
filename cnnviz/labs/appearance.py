"""A picture turned, resized, thickened and made noisy, and what that does to its probability."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, cos, pi, sin

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnviz.labs.translation import class_probability, shift

FINER = 4
NOISE_SEED = 7


@dataclass(frozen=True)
class Appearance:
    """`rotation` in degrees anticlockwise, `size` as a factor, `stroke` in pixels added to the
    stroke's radius (negative: taken away), `noise` as the standard deviation of what is added."""

    rotation: float = 0.0
    size: float = 1.0
    stroke: float = 0.0
    noise: float = 0.0


@dataclass(frozen=True)
class Range:
    """What a slider covers: `start` to `stop` in `step`s, `unit` as shown beside the number."""

    start: float
    stop: float
    step: float
    unit: str

    def values(self) -> list[float]:
        count = round((self.stop - self.start) / self.step)
        return [round(self.start + index * self.step, 6) for index in range(count + 1)]


RANGES: Mapping[str, Range] = {
    "rotation": Range(-90, 90, 5, "°"),
    "size": Range(0.4, 1.6, 0.05, "×"),
    "stroke": Range(-1.5, 2.0, 0.25, " px"),
    "noise": Range(0.0, 1.0, 0.05, ""),
}


def change(image: Tensor, appearance: Appearance, paper: float = 0.0) -> Tensor:
    """An image (1, C, H, W) in [0, 1] thickened, resized and turned about the middle, noise last.

    What isn't ink is `paper`, 0 or 1, and so is what comes in. The noise is one fixed picture of
    normal numbers, scaled, so a curve over it is smooth and the same tomorrow; the result is
    clamped to [0, 1]. An appearance of nothing changes nothing.
    """
    changed = image
    if appearance.stroke or appearance.size != 1 or appearance.rotation:
        # What is done to ink leaves paper, of 0, what it is.
        ink = (image - paper).abs()
        ink = _thicken(ink, appearance.stroke) if appearance.stroke else ink
        if appearance.size != 1 or appearance.rotation:
            ink = _turn(ink, appearance.rotation, appearance.size)
        changed = (paper - ink).abs()
    if appearance.noise:
        generator = torch.Generator().manual_seed(NOISE_SEED)
        normal = torch.randn(image.shape, generator=generator)
        changed = (changed + appearance.noise * normal).clamp(0, 1)
    return changed


def _turn(image: Tensor, degrees: float, factor: float) -> Tensor:
    if factor <= 0:
        raise ValueError(f"size must be more than 0, got {factor}")
    angle = degrees * pi / 180
    # grid_sample asks where each output pixel comes from, so this is the inverse of the turn. It
    # counts rows and columns from -1 to 1 whatever there are of each, and a turn doesn't.
    wide = image.shape[-1] / image.shape[-2]
    matrix = torch.tensor(
        [[cos(angle), -sin(angle) / wide, 0.0], [sin(angle) * wide, cos(angle), 0.0]],
        dtype=image.dtype,
    )
    grid = F.affine_grid(matrix[None] / factor, list(image.shape), align_corners=False)
    return F.grid_sample(image, grid, align_corners=False).clamp(0, 1)


def _thicken(image: Tensor, radius: float) -> Tensor:
    """Dilation (or, negative, erosion) by a disc of `radius` pixels, on a grid four times finer."""
    height, width = image.shape[-2:]
    fine = F.interpolate(image, scale_factor=FINER, mode="bilinear", align_corners=False)
    reach = ceil(abs(radius) * FINER)
    offsets = torch.arange(-reach, reach + 1)
    inside = offsets[:, None] ** 2 + offsets[None, :] ** 2 <= (abs(radius) * FINER) ** 2
    # Erosion is dilation of the paper.
    paper = -fine if radius < 0 else fine
    outside = 0.0
    bordered = F.pad(paper, (reach,) * 4, value=outside)
    rows, columns = fine.shape[-2:]
    widest = torch.full_like(fine, -1.0)
    for dy, dx in inside.nonzero().tolist():
        widest = torch.maximum(widest, bordered[..., dy : dy + rows, dx : dx + columns])
    result = -widest if radius < 0 else widest
    return F.adaptive_avg_pool2d(result, (height, width))


def curves(
    models: Sequence[nn.Module],
    image: Tensor,
    label: int,
    appearance: Appearance,
    name: str,
    place: tuple[int, int] = (0, 0),
    paper: float = 0.0,
) -> tuple[list[float], list[Tensor]]:
    """Probability of class `label` as `name` goes through its whole range, the rest as it is.

    Gives the range's values, and for each model the probabilities in that order; all at `place`,
    a shift (dx, dy).
    """
    values = RANGES[name].values()
    changed = [change(image, replace(appearance, **{name: value}), paper) for value in values]
    images = shift(torch.cat(changed), *place, paper)
    return values, [class_probability(model, images, label) for model in models]
