"""One pooling layer, and what pooling buys: fewer numbers, less work, less trembling.

`layer` gives an `nn.Sequential` with the one module `pool` (or `conv`, for the strided
convolution that is shown for contrast), for `networks.trace`.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnviz.labs.convolution_2d import check_setting
from cnnviz.labs.translation import shift
from cnnviz.networks.architecture import two_convolutions

Kind = Literal["max", "average", "strided convolution"]
POOLINGS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Settings:
    """A pooling window, (rows, columns) each; `dilation` is max pooling's and convolution's,
    `ceil_mode` pooling's. Raises ValueError, with what would do, for what PyTorch refuses."""

    kind: Kind = "max"
    kernel: tuple[int, int] = (2, 2)
    stride: tuple[int, int] = (2, 2)
    padding: tuple[int, int] = (0, 0)
    dilation: tuple[int, int] = (1, 1)
    ceil_mode: bool = False

    def __post_init__(self) -> None:
        if self.kind not in POOLINGS:
            raise ValueError(f"kind must be one of {', '.join(POOLINGS)}, got {self.kind!r}")
        for name, least in (("kernel", 1), ("stride", 1), ("padding", 0), ("dilation", 1)):
            for value in getattr(self, name):
                check_setting(name, value, least)
        if self.kind == "average" and self.dilation != (1, 1):
            raise ValueError(
                f"dilation must be 1 for average pooling, got {max(self.dilation)}; "
                "PyTorch's AvgPool2d has none, MaxPool2d has"
            )
        if self.kind == "strided convolution" and self.ceil_mode:
            raise ValueError("ceil_mode must be off for a convolution; only pooling has it")
        if self.kind != "strided convolution":
            for kernel, padding in zip(self.kernel, self.padding, strict=True):
                # Undilated, so that no window can lie in the padding alone.
                if padding > kernel // 2:
                    raise ValueError(
                        f"padding must be at most half the window, {kernel // 2} for a window of "
                        f"{kernel}, got {padding}"
                    )


def output_size(
    size: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool
) -> int:
    """Rows or columns of the output; the formula of torch.nn.MaxPool2d's page."""
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    if not ceil_mode:
        return room // stride + 1
    count = -(-room // stride) + 1
    # "sliding windows that would start in the right padded region are ignored"
    return count - 1 if (count - 1) * stride >= size + padding else count


def check(image_shape: Sequence[int], settings: Settings) -> None:
    """Whether the window fits an image (C, H, W); ValueError with what would do if not."""
    for axis, name in enumerate(("rows", "columns")):
        size, kernel = image_shape[1 + axis], settings.kernel[axis]
        padding, dilation = settings.padding[axis], settings.dilation[axis]
        span, room = dilation * (kernel - 1) + 1, size + 2 * padding
        # With ceil_mode a window may hang over the edge, so what counts is whether any is left.
        if (
            output_size(size, kernel, settings.stride[axis], padding, dilation, settings.ceil_mode)
            < 1
        ):
            raise ValueError(
                f"the window spans {span} {name}, the padded input has {room}; "
                f"use a window of at most {(room - 1) // dilation + 1}"
                + (" or a smaller dilation" if dilation > 1 else "")
            )


def layer(settings: Settings, channels: int, weights: Tensor | None = None) -> nn.Sequential:
    """`Sequential(pool=...)`, or `Sequential(conv=Conv2d)` where `weights` (kH, kW) act on
    every channel by itself. Without `weights` the convolution keeps each window's first value."""
    kernel, stride, padding = settings.kernel, settings.stride, settings.padding
    if settings.kind == "max":
        pool: nn.Module = nn.MaxPool2d(
            kernel, stride, padding, settings.dilation, ceil_mode=settings.ceil_mode
        )
    elif settings.kind == "average":
        pool = nn.AvgPool2d(kernel, stride, padding, ceil_mode=settings.ceil_mode)
    else:
        conv = nn.Conv2d(channels, channels, kernel, stride, padding, settings.dilation, bias=False)
        if weights is None:
            weights = torch.zeros(kernel)
            weights[0, 0] = 1
        with torch.no_grad():
            conv.weight.zero_()
            for channel in range(channels):
                conv.weight[channel, channel] = weights
        return nn.Sequential(OrderedDict(conv=conv)).eval()
    return nn.Sequential(OrderedDict(pool=pool)).eval()


def wins(image: Tensor, settings: Settings) -> Tensor:
    """How many windows each cell of an image (C, H, W) wins under max pooling: (C, H, W) int64.

    Of equal values the first wins, as torch's `return_indices` has it.
    """
    _, indices = F.max_pool2d(
        image[None],
        settings.kernel,
        settings.stride,
        settings.padding,
        settings.dilation,
        ceil_mode=settings.ceil_mode,
        return_indices=True,
    )
    flat = indices[0].flatten(1)  # (C, windows), positions within a channel
    counts = torch.zeros(image.shape[0], image.shape[1] * image.shape[2], dtype=torch.int64)
    return counts.scatter_add_(1, flat, torch.ones_like(flat)).reshape(image.shape)


CHANGED = 0.1
FURTHEST = 3


@dataclass(frozen=True)
class Sensitivity:
    """What moving the input right by some pixels does to a layer's output, (C, H, W).

    `before` and `after` are that output; `changed` (C, H, W) says which of its values differ by
    more than a tenth of the largest, and `distance` how far it moves as a whole, as
    ‖after − before‖ / ‖before‖.
    """

    before: Tensor
    after: Tensor
    changed: Tensor
    distance: float


def sensitivity(output: Callable[[Tensor], Tensor], image: Tensor, pixels: int) -> Sensitivity:
    """How `output` of an image (1, C, H, W) answers to moving it right by `pixels`."""
    with torch.inference_mode():
        before = output(image)[0]
        difference = output(shift(image, pixels, 0))[0] - before
    norm = float(before.norm())
    return Sensitivity(
        before=before,
        after=before + difference,
        changed=difference.abs() > CHANGED * float(before.abs().max()),
        distance=float(difference.norm()) / norm if norm else 0.0,
    )


@dataclass(frozen=True)
class Downstream:
    """The article's network with or without its pooling: parameters in all, those of its last
    layer, that layer's inputs, multiplications for one image."""

    parameters: int
    last_layer: int
    features: int
    multiplications: int


def downstream(pooling: Literal["max", "average", "none"]) -> Downstream:
    architecture = two_convolutions(pooling=pooling)
    last = architecture.steps[-1]
    return Downstream(
        parameters=architecture.parameters,
        last_layer=last.parameters,
        features=last.given[0],
        multiplications=architecture.multiplications,
    )
