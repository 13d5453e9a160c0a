"""Conv2d: cross-correlation with as many kernels as it makes maps."""

from dataclasses import dataclass
from math import prod
from typing import Any

from cnnviz.networks.kinds.layer import (
    Graph,
    Layer,
    Shape,
    Window,
    need_maps,
    number,
    pair,
    window_of,
)


@dataclass(frozen=True)
class Conv2d(Layer):
    """`channels` kernels of `kernel` × `kernel` cells, each with a bias."""

    kind = "conv2d"
    torch_name = "Conv2d"
    prefix = "conv"
    width = "channels"
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
