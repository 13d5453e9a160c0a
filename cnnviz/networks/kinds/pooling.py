"""Pooling: one number for each window of a map, or for the whole map."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from cnnviz.networks.kinds.layer import Graph, Layer, OfNode, Window, number, pair, window_of
from cnnviz.networks.kinds.onnx_windows import swept
from cnnviz.networks.kinds.shapes import Shape, need_maps

if TYPE_CHECKING:
    from cnnviz.networks.kinds.onnx_node import Node


@dataclass(frozen=True)
class _Pooling(Layer):
    """Windows of `kernel` × `kernel` cells, `stride` apart: side by side where that is None."""

    prefix = "pool"
    usual = (2,)
    zeros_around: ClassVar[bool] = True
    """Whether its padding counts as zeros."""

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

    @classmethod
    def of_onnx(cls, node: "Node") -> OfNode:
        need_maps(node.given)
        windows = swept(node, with_zeros=cls.zeros_around)
        if windows.dilation != (1, 1):
            raise ValueError(f"its windows have gaps (dilations {list(windows.dilation)})")
        kernel, stride, padding = windows.square()
        return OfNode(cls(kernel, None if stride == kernel else stride, padding))


@dataclass(frozen=True)
class MaxPool2d(_Pooling):
    kind = "maxpool2d"
    torch_name = "MaxPool2d"
    selects = True
    zeros_around = False
    words = "Keeps the largest value of each window."
    read_from = ("MaxPool",)

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

    @classmethod
    def of_onnx(cls, node: "Node") -> OfNode:
        node.ignore("storage_order")  # of the places, which nothing reads
        return super().of_onnx(node)


@dataclass(frozen=True)
class AvgPool2d(_Pooling):
    kind = "avgpool2d"
    torch_name = "AvgPool2d"
    words = "Takes the mean of each window."
    read_from = ("AveragePool",)

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

    @classmethod
    def of_onnx(cls, node: "Node") -> OfNode:
        node.ignore("count_include_pad")
        own = any(node.integers("pads")) or node.text("auto_pad", "NOTSET").startswith("SAME")
        read = super().of_onnx(node)
        assert isinstance(read.layer, cls)
        if own and read.layer.padding and not node.integer("count_include_pad", 0):
            raise ValueError("its means leave the padding out (count_include_pad is 0)")
        return read


@dataclass(frozen=True)
class GlobalAvgPool2d(Layer):
    """torch's AdaptiveAvgPool2d(1)."""

    kind = "globalavgpool2d"
    torch_name = "AdaptiveAvgPool2d"
    prefix = "pool"
    words = "Takes the mean of each whole map."
    read_from = ("GlobalAveragePool", "ReduceMean")

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

    @classmethod
    def of_onnx(cls, node: "Node") -> OfNode:
        need_maps(node.given)
        if node.operator == "ReduceMean":
            axes = node.integers("axes") or node.whole(1) or ()
            if {axis % 4 for axis in axes} != {2, 3} or node.integer("noop_with_empty_axes", 0):
                raise ValueError("it takes the mean of something else than each whole map")
            if not node.integer("keepdims", 1):
                raise ValueError("it makes a vector at once (keepdims is 0); here flatten does")
        return OfNode(cls())


def _check_global(module: Any) -> None:
    if module.output_size not in (1, (1, 1)):
        raise ValueError(f"output_size must be 1, got {module.output_size}")
