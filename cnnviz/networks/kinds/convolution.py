"""Conv2d: cross-correlation with as many kernels as it makes maps."""

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from cnnviz.networks.kinds.layer import Graph, Layer, OfNode, Window, number, pair, window_of
from cnnviz.networks.kinds.onnx_windows import swept
from cnnviz.networks.kinds.shapes import Shape, need_maps, times

if TYPE_CHECKING:
    from torch import Tensor

    from cnnviz.networks.kinds.onnx_node import Node


@dataclass(frozen=True)
class Conv2d(Layer):
    """`channels` kernels of `kernel` × `kernel` cells, each with a bias."""

    kind = "conv2d"
    torch_name = "Conv2d"
    prefix = "conv"
    width = "channels"
    usual = (8, 3)
    read_from = ("Conv",)
    words = "Each map is the sum over all maps before it of patch times kernel, plus a bias."

    channels: int = number(1, 512)
    kernel: int = number(1, 15)
    stride: int = number(1, 8, 1)
    padding: int = number(0, 8, 0)
    dilation: int = number(1, 8, 1)

    def window(self, given: Shape) -> Window:
        both = [(n, n) for n in (self.kernel, self.stride, self.padding, self.dilation)]
        return Window(*both)

    def shape(self, given: Shape) -> Shape:
        need_maps(given)
        return (self.channels, *self.window(given).sweep(given))

    def arguments(self, given: Shape) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (given[0], self.channels, self.kernel), self.unusual()

    def parameters(self, given: Shape) -> int:
        return self.channels * (given[0] * self.kernel**2 + 1)

    def multiplications(self, given: Shape) -> int:
        return prod(self.shape(given)) * given[0] * self.kernel**2

    @staticmethod
    def hyperparameters(module: Any) -> dict[str, Any]:
        if module.groups != 1:
            raise ValueError(f"groups must be 1, got {module.groups}")
        if isinstance(module.padding, str):
            raise ValueError(f"padding must be given as numbers, got {module.padding!r}")
        return {
            **window_of(module),
            "dilation": pair(module.dilation),
            "padding_mode": module.padding_mode,
        }

    @staticmethod
    def gradient_factors(
        module: Any, given: "Tensor", gradient: "Tensor", parameter: str, place: tuple[int, ...]
    ) -> tuple["Tensor", "Tensor"]:
        import torch
        import torch.nn.functional as F

        made = gradient[:, place[0]]  # (B, H', W')
        if parameter == "bias":
            return made, torch.ones_like(made)
        _, channel, row, column = place
        (down, across), (rows, columns) = pair(module.stride), made.shape[1:]
        top, left = (d * at for d, at in zip(pair(module.dilation), (row, column), strict=True))
        tall, wide = pair(module.padding)
        mode = "constant" if module.padding_mode == "zeros" else module.padding_mode
        padded = F.pad(given, (wide, wide, tall, tall), mode=mode)[:, channel]
        bottom, right = top + down * (rows - 1) + 1, left + across * (columns - 1) + 1
        return made, padded[:, top:bottom:down, left:right:across]

    @classmethod
    def onnx(cls, graph: Graph, module: Any) -> None:
        if module.padding_mode != "zeros":
            raise ValueError(
                f"is padded by {module.padding_mode!r}, and ONNX export knows 'zeros' alone"
            )
        size, dilation = pair(module.kernel_size), pair(module.dilation)
        if module.padding == "same":
            both = [d * (k - 1) for d, k in zip(dilation, size, strict=True)]
            pads = [*(total // 2 for total in both), *(total - total // 2 for total in both)]
        elif module.padding == "valid":
            pads = [0, 0, 0, 0]
        else:
            pads = pair(module.padding) * 2
        graph.weighted(
            "Conv",
            kernel_shape=size,
            strides=pair(module.stride),
            pads=pads,
            dilations=dilation,
            group=module.groups,
        )

    @classmethod
    def of_onnx(cls, node: "Node") -> OfNode:
        import numpy as np

        need_maps(node.given)
        weight = node.weights(1, dimensions=4)
        if weight is None:
            raise ValueError("it has no weights")
        channels, read, *sides = weight.shape
        groups = node.integer("group", 1)
        if groups < 1 or read * groups != node.given[0] or channels % groups:
            raise ValueError(
                f"it has weights for {read * groups} maps in {groups} groups, "
                f"and reads {node.given[0]}"
            )
        windows = swept(node, (sides[0], sides[1]))
        if windows.kernel != tuple(sides):
            raise ValueError(f"its kernel_shape isn't that of its weights, {times(tuple(sides))}")
        filled = windows.filled()
        kernel, stride, padding = filled.square()
        if filled.dilation[0] != filled.dilation[1]:
            raise ValueError(f"its dilation is {times(filled.dilation)}; here both are the same")
        layer = cls(channels, kernel, stride, padding, filled.dilation[0])
        bias = node.weights(2)
        if bias is not None and bias.shape != (channels,):
            raise ValueError(f"its bias has the shape {times(bias.shape)}, and it makes {channels}")

        def tensors() -> dict[str, Any]:
            dense = np.zeros((channels, node.given[0], kernel, kernel), weight.dtype)
            made = channels // groups  # by each group
            (top, left), (height, width) = filled.shift, windows.kernel
            for group in range(groups):
                out = slice(group * made, (group + 1) * made)
                into = slice(group * read, (group + 1) * read)
                dense[out, into, top : top + height, left : left + width] = weight[out]
            return {"weight": dense, "bias": np.zeros(channels) if bias is None else bias}

        notes = []
        if groups > 1:
            notes.append(f"its {groups} groups are one convolution with zeros between them")
        if filled.kernel != windows.kernel:
            notes.append(
                f"its {times(windows.kernel)} kernels are {times(filled.kernel)} with zeros, "
                "since here padding is the same on all sides"
            )
        return OfNode(layer, tensors, tuple(notes))
