"""A map over a drawing: a value a pixel, or a cell, which can be pointed at and pinned."""

from typing import Literal, Protocol

from torch import Tensor

from cnnviz.components.modules import component_in
from cnnviz.drawing.colour import grey
from cnnviz.drawing.frames import Frame
from cnnviz.views.letters import letters

_component = component_in("ink_map", '<div class="ink-map"></div>')


class Cells(Protocol):
    """Where cells lie on the picture, in its pixels: the first one's corner, and their size."""

    @property
    def top(self) -> float: ...
    @property
    def left(self) -> float: ...
    @property
    def height(self) -> float: ...
    @property
    def width(self) -> float: ...


def ink_map(
    values: Tensor,
    image: Tensor,
    frame: Frame,
    *,
    key: str,
    label: str,
    scale: float | None = None,
    cells: Cells | None = None,
    channel: Tensor | None = None,
    paint: Literal["signed", "ink"] = "signed",
    view: str | None = None,
    group: str = "",
    hint: str = "",
) -> None:
    """Paint `values` (h, w) over the picture `image` (C, H, W) of `frame`, whose ink is outlined.

    A value belongs to a pixel, or to one of `cells`. Signed ones have their full colour at `scale`,
    the largest of them where it is None. A click pins the input's pixel in the network view of the
    page whose key is `view`, in a picture with several channels that of its `channel` (H, W) there,
    which is said; maps of one `group` point at the same pixel. `hint` is what stands below while
    nothing is pointed at.
    """
    light = image.numpy()
    dark = 1 - grey(light) if len(light) == 3 else light[0]
    if len(light) == 1 and frame.ground == "white":
        dark = 1 - dark
    most = float(values.abs().max()) if values.numel() else 0.0
    _component(
        key=key,
        data={
            "view": view,
            "channel": None if channel is None else letters(channel.float().numpy(), "<f4"),
            "group": group,
            "label": label,
            "inkWord": "darkness" if frame.ground == "white" else "ink",
            "size": list(image.shape[-2:]),
            "ink": letters(dark, "<f4"),
            "shape": list(values.shape),
            "values": letters(values.numpy(), "<f4"),
            "cells": cells and _cells(cells),
            "scale": most if scale is None else scale,
            "kind": paint,
            "outlined": paint == "signed",
            "hint": hint,
        },
        height="content",
    )


def _cells(cells: Cells) -> dict[str, float]:
    return {
        "top": cells.top,
        "left": cells.left,
        "height": cells.height,
        "width": cells.width,
    }
