"""Flatten and Linear: from maps to a vector, and from a vector to another."""

from dataclasses import dataclass
from math import prod
from typing import Any

from cnnviz.networks.kinds.layer import Graph, Layer, Shape, number, times


@dataclass(frozen=True)
class Flatten(Layer):
    kind = "flatten"
    torch_name = "Flatten"
    prefix = "flatten"
    numbered = False
    words = "Lays all maps out in one row: map by map, row by row."

    def shape(self, given: Shape) -> Shape:
        return (prod(given),)

    @staticmethod
    def hyperparameters(module: Any) -> dict[str, Any]:
        if (module.start_dim, module.end_dim) != (1, -1):
            raise ValueError(
                "Flatten must go from dimension 1 to -1, "
                f"got {module.start_dim} to {module.end_dim}"
            )
        return {}

    @classmethod
    def onnx(cls, graph: Graph, module: Any) -> None:
        if (module.start_dim, module.end_dim) != (1, -1):
            raise ValueError("flattens other dimensions than all but the first")
        graph.node("Flatten")


@dataclass(frozen=True)
class Linear(Layer):
    kind = "linear"
    torch_name = "Linear"
    prefix = "fc"
    numbered = False
    width = "features"
    words = "Each output is the sum of all inputs, each times its weight, plus a bias."

    features: int = number(1, 4096)

    def shape(self, given: Shape) -> Shape:
        if len(given) != 1:
            raise ValueError(f"it reads a vector, and gets {times(given)} maps")
        return (self.features,)

    def arguments(self, given: Shape) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (given[0], self.features), {}

    def parameters(self, given: Shape) -> int:
        return self.features * (given[0] + 1)

    def multiplications(self, given: Shape) -> int:
        return self.features * given[0]

    @classmethod
    def onnx(cls, graph: Graph, module: Any) -> None:
        graph.weighted("Gemm", transB=1)
