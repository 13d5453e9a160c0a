"""Grad-CAM at any layer of maps, by Captum, and where its cells lie on the picture."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

from cnnviz.networks.kinds.layer import Window
from cnnviz.networks.trace import Trace
from cnnviz.reasons.question import Question


@dataclass(frozen=True)
class Cells:
    """Where the cells of a map lie on the picture, in pixels: the first one's upper left corner at
    `top` and `left`, each `height` × `width` large, the next beside it.

    A cell is put round the middle of what its unit sees, and is as large as the step to the next.
    """

    top: float
    left: float
    height: float
    width: float


def layers_of_maps(traced: Trace) -> list[str]:
    """The names of the layers that Grad-CAM can be asked at: all that make maps (C, H, W), from the
    first convolution on."""
    kinds = [layer.kind for layer in traced.layers]
    if "conv2d" not in kinds:
        return []
    return [
        layer.name for layer in traced.layers[kinds.index("conv2d") :] if layer.values.ndim == 3
    ]


def usual_layer(traced: Trace) -> str | None:
    """Where it is mostly asked: at the last convolution's activations; None without one."""
    from cnnviz.networks.trace import activated

    found = activated(traced)
    return found[-1][1].name if found else None


def grad_cam(model: nn.Sequential, image: Tensor, question: Question, layer: str) -> Tensor:
    """(h, w): the maps of `layer`, each weighted by the mean of the score's gradient over it, added
    up, with their sign (Selvaraju et al. 2017, who then keep what is above 0).

    Raises ValueError for a layer that isn't there or makes no maps.
    """
    from captum.attr import LayerGradCam

    # Its hooks see whoever runs the model at the same time, so it gets one of its own.
    own = copy.deepcopy(model).eval()
    module = own._modules.get(layer)
    if module is None:
        raise ValueError(f"layer must be one of {', '.join(own._modules)}, got {layer!r}")
    found = cast("Tensor", LayerGradCam(question.of(own), module).attribute(image)).detach()
    if found.ndim != 4:
        raise ValueError(f"layer must make maps, {layer} makes a vector")
    return found[0, 0]


def cells(windows: Iterable[Window | None]) -> Cells:
    """Where the cells lie of a map that is made by layers with these windows, one after another
    (None: place by place)."""
    middle, jump = [0.5, 0.5], [1.0, 1.0]
    for window in windows:
        if window is None:
            continue
        for side in range(2):
            middle[side] += ((window.extent[side] - 1) / 2 - window.padding[side]) * jump[side]
            jump[side] *= window.stride[side]
    return Cells(middle[0] - jump[0] / 2, middle[1] - jump[1] / 2, *jump)


def spread(values: Tensor, where: Cells, size: tuple[int, int]) -> Tensor:
    """(H, W): each pixel with the value of the cell (h, w) it lies in, or of the nearest one."""
    rows, columns = (
        ((torch.arange(count) + 0.5 - start) / step).floor().long().clamp(0, most - 1)
        for count, start, step, most in zip(
            size,
            (where.top, where.left),
            (where.height, where.width),
            values.shape,
            strict=True,
        )
    )
    return values[rows][:, columns]
