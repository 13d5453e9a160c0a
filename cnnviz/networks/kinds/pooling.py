"""Pooling: one number for each window of a map, or for the whole map."""

from dataclasses import dataclass
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
class _Pooling(Layer):
    """Windows of `kernel` × `kernel` cells, `stride` apart: side by side where that is None."""

    prefix = "pool"

    kernel: int = number(1, 15)
    stride: int | None = number(1, 15, None, optional=True)
    padding: int = number(0, 7, 0)

    def __post_init__(self) -> None:
        super().__post_init__()
        if 2 * self.padding > self.kernel:
            raise ValueError(
                f"{self.kind} padding must be at most half the kernel of {self.kernel}, "
                f"got {self.padding}"
            )

    def window(self, given: Shape) -> Window:
        stride = self.kernel if self.stride is None else self.stride
        return Window(*((n, n) for n in (self.kernel, stride, self.padding)))

    def shape(self, given: Shape) -> Shape:
        need_maps(given)
        return (given[0], *self.window(given).sweep(given))

    def arguments(self, given: Shape) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.kernel,), self.unusual()


@dataclass(frozen=True)
class MaxPool2d(_Pooling):
    kind = "maxpool2d"
    torch_name = "MaxPool2d"
    words = "Keeps the largest value of each window."

    @staticmethod
    def hyperparameters(module: Any) -> dict[str, Any]:
        if module.return_indices:
            raise ValueError("return_indices must be False, got True")
        return {
            **window_of(module),
            "dilation": pair(module.dilation),
            "ceil_mode": module.ceil_mode,
        }

    @classmethod
    def onnx(cls, graph: Graph, module: Any) -> None:
        if module.return_indices:
            raise ValueError("returns indices, which ONNX export doesn't know")
        graph.max_pool()


@dataclass(frozen=True)
class AvgPool2d(_Pooling):
    kind = "avgpool2d"
    torch_name = "AvgPool2d"
    words = "Takes the mean of each window."

    @staticmethod
    def hyperparameters(module: Any) -> dict[str, Any]:
        if module.divisor_override is not None:
            raise ValueError(f"divisor_override must be None, got {module.divisor_override}")
        return {
            **window_of(module),
            "ceil_mode": module.ceil_mode,
            "count_include_pad": module.count_include_pad,
        }

    @classmethod
    def onnx(cls, graph: Graph, module: Any) -> None:
        graph.average_pool()


@dataclass(frozen=True)
class GlobalAvgPool2d(Layer):
    """torch's AdaptiveAvgPool2d(1)."""

    kind = "globalavgpool2d"
    torch_name = "AdaptiveAvgPool2d"
    prefix = "pool"
    words = "Takes the mean of each whole map."

    def window(self, given: Shape) -> Window:
        return Window((given[1], given[2]))

    def shape(self, given: Shape) -> Shape:
        need_maps(given)
        return (given[0], 1, 1)

    def arguments(self, given: Shape) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (1,), {}

    @staticmethod
    def hyperparameters(module: Any) -> dict[str, Any]:
        _check_global(module)
        return {}

    @classmethod
    def onnx(cls, graph: Graph, module: Any) -> None:
        _check_global(module)
        graph.node("GlobalAveragePool")


def _check_global(module: Any) -> None:
    if module.output_size not in (1, (1, 1)):
        raise ValueError(f"output_size must be 1, got {module.output_size}")
