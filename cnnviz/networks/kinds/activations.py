"""Activations: each value from the one in the same place, in maps and vectors alike."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cnnviz.networks.kinds.layer import Graph, Layer, OfNode, number, single
from cnnviz.networks.kinds.shapes import Shape

if TYPE_CHECKING:
    from cnnviz.networks.kinds.onnx_node import Node


@dataclass(frozen=True)
class Pointwise(Layer):
    """What keeps the shape; most of them are known to ONNX by a name alone."""

    same_place = True
    onnx_operator = ""

    def shape(self, given: Shape) -> Shape:
        return given

    @classmethod
    def onnx(cls, graph: Graph, module: Any) -> None:
        graph.node(cls.onnx_operator)


@dataclass(frozen=True)
class ReLU(Pointwise):
    kind = "relu"
    torch_name = "ReLU"
    prefix = "relu"
    words = "Keeps what is positive and sets the rest to zero."
    onnx_operator = "Relu"
    selects = True
    read_from = ("Relu",)


@dataclass(frozen=True)
class LeakyReLU(Pointwise):
    kind = "leakyrelu"
    torch_name = "LeakyReLU"
    prefix = "leaky"
    words = "Keeps what is positive and makes the rest small: its slope times the value."
    read_from = ("LeakyRelu",)

    slope: float = number(0, 1, 0.01, whole=False)

    def arguments(self, given: Shape) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.slope,), {}

    @staticmethod
    def hyperparameters(module: Any) -> dict[str, Any]:
        return {"slope": module.negative_slope}

    @classmethod
    def onnx(cls, graph: Graph, module: Any) -> None:
        graph.node("LeakyRelu", alpha=module.negative_slope)

    @classmethod
    def of_onnx(cls, node: "Node") -> OfNode:
        return OfNode(cls(single(node.real("alpha", 0.01))))


@dataclass(frozen=True)
class Tanh(Pointwise):
    kind = "tanh"
    torch_name = "Tanh"
    prefix = "tanh"
    words = "Squeezes each value to between −1 and 1."
    onnx_operator = "Tanh"
    read_from = ("Tanh",)


@dataclass(frozen=True)
class Sigmoid(Pointwise):
    kind = "sigmoid"
    torch_name = "Sigmoid"
    prefix = "sigmoid"
    words = "Squeezes each value to between 0 and 1."
    onnx_operator = "Sigmoid"
    read_from = ("Sigmoid",)
