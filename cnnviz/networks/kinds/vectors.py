"""Flatten and Linear: from maps to a vector, and from a vector to another."""

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from cnnviz.networks.kinds.layer import Graph, Layer, OfNode, number
from cnnviz.networks.kinds.shapes import Shape, times

if TYPE_CHECKING:
    from torch import Tensor

    from cnnviz.networks.kinds.onnx_node import Node


@dataclass(frozen=True)
class Flatten(Layer):
    kind = "flatten"
    torch_name = "Flatten"
    selects = True
    prefix = "flatten"
    numbered = False
    words = "Lays all maps out in one row: map by map, row by row."
    read_from = ("Flatten", "Reshape", "Squeeze")

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

    @classmethod
    def of_onnx(cls, node: "Node") -> OfNode | None:
        given = (node.batch, *node.given)
        made = _reshaped(node, given)
        if made == given:
            return None
        # A file that is for one picture at a time may say 1 for a batch of any size.
        if made not in ((node.batch, prod(node.given)), (1, prod(node.given))):
            made, given, row = (
                _spelled(shape, node.batch)
                for shape in (made, given, (node.batch, prod(node.given)))
            )
            raise ValueError(
                f"it makes {made} of {given}; here maps can be laid out in one row, {row}"
            )
        return OfNode(cls())


def _reshaped(node: "Node", given: Shape) -> Shape:
    """The shape that a Flatten, Reshape or Squeeze makes, the batch's dimension included."""
    if node.operator == "Flatten":
        axis = node.integer("axis", 1)
        axis += len(given) * (axis < 0)
        return prod(given[:axis]), prod(given[axis:])
    if node.operator == "Squeeze":
        axes = node.integers("axes") or node.whole(1)
        if not axes:
            axes = [place for place, side in enumerate(given) if side == 1]
        gone = {axis % len(given) for axis in axes}
        if any(given[axis] != 1 for axis in gone):
            raise ValueError("it takes away a side that isn't 1")
        return tuple(side for place, side in enumerate(given) if place not in gone)
    target = node.integers("shape") or node.whole(1)
    if not target:
        raise ValueError("it doesn't say which shape it makes")
    if not node.integer("allowzero", 0):
        target = tuple(
            given[place] if side == 0 and place < len(given) else side
            for place, side in enumerate(target)
        )
    rest = prod(side for side in target if side != -1)
    fill = prod(given) // rest if rest > 0 else 0
    return tuple(fill if side == -1 else side for side in target)


def _spelled(shape: Shape, batch: int) -> str:
    """N×8×5×5"""
    return "×".join("N" if side == batch else str(side) for side in shape)


@dataclass(frozen=True)
class Linear(Layer):
    kind = "linear"
    torch_name = "Linear"
    prefix = "fc"
    numbered = False
    width = "features"
    usual = (10,)
    words = "Each output is the sum of all inputs, each times its weight, plus a bias."
    read_from = ("Gemm", "MatMul")

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

    @staticmethod
    def gradient_factors(
        module: Any, given: "Tensor", gradient: "Tensor", parameter: str, place: tuple[int, ...]
    ) -> tuple["Tensor", "Tensor"]:
        import torch

        made = gradient[:, place[0]]  # (B,)
        return made, torch.ones_like(made) if parameter == "bias" else given[:, place[1]]

    @classmethod
    def onnx(cls, graph: Graph, module: Any) -> None:
        graph.weighted("Gemm", transB=1)

    @classmethod
    def of_onnx(cls, node: "Node") -> OfNode:
        import numpy as np

        if len(node.given) != 1:
            raise ValueError(f"it reads {times(node.given)} maps; here it reads a vector")
        weight = node.weights(1, dimensions=2)
        if weight is None:
            raise ValueError("it has no weights")
        scale, bias_scale, bias = 1.0, 1.0, None
        if node.operator == "Gemm":
            node.ignore("broadcast")
            if node.integer("transA", 0):
                raise ValueError("it turns what it reads on its side (transA is 1)")
            scale, bias_scale = node.real("alpha", 1.0), node.real("beta", 1.0)
            weight = weight if node.integer("transB", 0) else weight.T
            bias = node.weights(2)
        else:
            weight = weight.T
        features, read = weight.shape
        if read != node.given[0]:
            raise ValueError(f"it has weights for {read} values, and reads {node.given[0]}")
        if bias is not None and (
            bias.size not in (1, features) or bias.shape[-1:] not in ((), (1,), (features,))
        ):
            raise ValueError(
                f"its bias has the shape {times(bias.shape)}, and it makes {features} values"
            )
        return OfNode(
            cls(features),
            lambda: {
                "weight": scale * weight,
                "bias": np.zeros(features) + (0 if bias is None else bias_scale * bias.reshape(-1)),
            },
        )
