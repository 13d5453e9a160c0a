"""Moving a picture: what follows it, what stays, and what a classifier makes of it.

Shifts are (dx, dy) in pixels, right and down; what leaves the field is gone and paper comes in,
whose value is 0 where ink is light, 1 where it is dark (`Frame.paper`). Nothing is centred here:
with the usual preprocessing there would be nothing to see.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from cnnviz.drawing.frames import Frame
from cnnviz.networks.trace import Trace

RADIUS = 10
"""The furthest shift, in pixels; of smaller pictures than MNIST's `radius_of` says it."""

AT_ONCE = 64
"""Pictures that a network reads together: the maps of 441 at once may be more than memory has."""


def radius_of(frame: Frame) -> int:
    """The furthest shift of pictures of `frame`, in pixels: as far as MNIST's digits are moved for
    their size, and no more than those."""
    return min(RADIUS, max(1, RADIUS * min(frame.height, frame.width) // 28))


def shift(image: Tensor, dx: int, dy: int, paper: float = 0.0) -> Tensor:
    """Image (..., H, W) moved right by `dx` and down by `dy`, `paper` coming in."""
    height, width = image.shape[-2:]
    moved = torch.full_like(image, paper)
    if abs(dx) >= width or abs(dy) >= height:
        return moved
    moved[..., max(dy, 0) : height + min(dy, 0), max(dx, 0) : width + min(dx, 0)] = image[
        ..., max(-dy, 0) : height + min(-dy, 0), max(-dx, 0) : width + min(-dx, 0)
    ]
    return moved


def all_shifts(image: Tensor, radius: int = RADIUS, paper: float = 0.0) -> Tensor:
    """An image (1, C, H, W) at every shift: ((2r+1)², C, H, W), dy outermost, from -r to r."""
    places = range(-radius, radius + 1)
    return torch.cat([shift(image, dx, dy, paper) for dy in places for dx in places])


def probabilities(model: nn.Module, images: Tensor) -> Tensor:
    """Softmax of images (B, C, H, W): (B, classes)."""
    with torch.inference_mode():
        return torch.cat([model(some).softmax(dim=1) for some in images.split(AT_ONCE)])


def class_probability(model: nn.Module, images: Tensor, label: int) -> Tensor:
    """Softmax of class `label` for images (B, C, H, W): (B,)."""
    return probabilities(model, images)[:, label].clone()


def robustness(
    models: Sequence[nn.Module], image: Tensor, radius: int = RADIUS, paper: float = 0.0
) -> list[Tensor]:
    """Probabilities of all classes at every shift: (2r+1, 2r+1, classes) a model, rows dy."""
    images = all_shifts(image, radius, paper)
    side = 2 * radius + 1
    return [probabilities(model, images).reshape(side, side, -1) for model in models]


def ink_kept(image: Tensor, radius: int = RADIUS, paper: float = 0.0) -> Tensor:
    """The share of the ink still in the field at every shift: (2r+1, 2r+1), rows dy."""
    ink = (image - paper).abs()
    total = ink.sum()
    side = 2 * radius + 1
    kept = all_shifts(ink, radius).flatten(1).sum(dim=1).reshape(side, side)
    return kept / total if total > 0 else torch.ones_like(kept)


@dataclass(frozen=True)
class Drift:
    """How one layer's maps answered to a shift of the input.

    `step` is the layer's stride in input pixels, so that (dx, dy) pixels are (dx / step, dy / step)
    of its cells; `moved` is that in whole cells, a half away from zero. `changed` is the difference
    of the maps place by place, `residual` that after moving them back by `moved`, over the cells
    that both have; both as lengths, ‖after − before‖ / ‖before‖ of the whole layer.
    """

    name: str
    step: int
    moved: tuple[int, int]
    changed: float
    residual: float


def whole_cells(pixels: int, step: int) -> int:
    """`pixels` in cells of `step` pixels, rounded; a half away from zero, in either direction."""
    cells = (2 * abs(pixels) + step) // (2 * step)
    return cells if pixels >= 0 else -cells


def drifts(before: Trace, after: Trace, dx: int, dy: int) -> list[Drift]:
    """Equivariance, layer by layer, of two traces of one model: an image and the image shifted.

    The list ends before a layer without maps, with other strides down than across, with one number
    a map, which has no place to go to, or with no cell left in sight once it is moved back.
    """
    answers = []
    step = 1
    for first, second in zip(before.layers, after.layers, strict=True):
        if first.values.ndim != 3 or first.values[0].numel() == 1:
            break
        stride = first.hyperparameters.get("stride", [1, 1])
        if stride[0] != stride[1]:
            break
        step *= stride[0]
        moved = (whole_cells(dx, step), whole_cells(dy, step))
        length = float(first.values.norm()) or 1.0
        ours, theirs = _overlap(first.values, second.values, *moved)
        if not ours.numel():
            break
        answers.append(
            Drift(
                name=first.name,
                step=step,
                moved=moved,
                changed=float((second.values - first.values).norm()) / length,
                residual=float((theirs - ours).norm()) / length,
            )
        )
    return answers


def _overlap(before: Tensor, after: Tensor, dx: int, dy: int) -> tuple[Tensor, Tensor]:
    """The cells of maps (C, H, W) that lie in both, when `after` is `before` moved."""
    height, width = before.shape[-2:]
    rows = slice(max(-dy, 0), max(height - max(dy, 0), 0))
    columns = slice(max(-dx, 0), max(width - max(dx, 0), 0))
    rows_after = slice(max(dy, 0), max(height - max(-dy, 0), 0))
    columns_after = slice(max(dx, 0), max(width - max(-dx, 0), 0))
    return before[:, rows, columns], after[:, rows_after, columns_after]


def strongest_unit(steps: Trace) -> str | None:
    """Where the first layer's first map is largest, as `layer.channel.row.column`; None where the
    first layer makes no maps."""
    first = steps.layers[0]
    if first.values.ndim != 3:
        return None
    row, column = divmod(int(first.values[0].argmax()), first.values.shape[2])
    return f"{first.name}.0.{row}.{column}"


def for_shuffled_pixels(model: nn.Sequential, permutation: Tensor) -> nn.Sequential:
    """A network that flattens first, made to read shuffled images as it reads plain ones.

    `permutation` (N,): pixel i of a shuffled image is pixel `permutation[i]` of the plain one.
    Only the columns of the first linear layer change places, so no such network can prefer one
    order of the pixels to another. Raises ValueError for a network that begins otherwise.
    """
    first = model[1] if len(model) > 1 else None
    if not isinstance(model[0], nn.Flatten) or not isinstance(first, nn.Linear):
        raise ValueError("model must begin with a Flatten and a Linear layer")
    permuted = deepcopy(model)
    linear = permuted[1]
    assert isinstance(linear, nn.Linear)
    with torch.no_grad():
        linear.weight.copy_(first.weight[:, permutation])
    return permuted
