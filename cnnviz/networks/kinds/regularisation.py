"""BatchNorm2d and Dropout: what they do in training isn't what they do when the network is used."""

from dataclasses import dataclass
from math import prod
from typing import Any

from cnnviz.networks.kinds.activations import Pointwise
from cnnviz.networks.kinds.layer import Graph, Layer, Shape, need_maps, number


@dataclass(frozen=True)
class BatchNorm2d(Layer):
    kind = "batchnorm2d"
    torch_name = "BatchNorm2d"
    prefix = "norm"
    same_place = True
    words = (
        "Moves and scales each map by four numbers: less the mean, over the standard deviation, "
        "times a weight, plus a bias. In training mean and variance are the batch's own."
    )

    def shape(self, given: Shape) -> Shape:
        need_maps(given)
        return given

    def arguments(self, given: Shape) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (given[0],), {}

    def parameters(self, given: Shape) -> int:
        return 2 * given[0]

    def multiplications(self, given: Shape) -> int:
        return prod(given)

    @staticmethod
    def hyperparameters(module: Any) -> dict[str, Any]:
        if module.running_mean is None:
            raise ValueError("track_running_stats must be True, got False")
        return {"eps": module.eps}

    @classmethod
    def onnx(cls, graph: Graph, module: Any) -> None:
        import torch

        if module.running_mean is None:
            raise ValueError("keeps no running statistics, which ONNX export needs")
        plain = torch.ones_like(module.running_mean), torch.zeros_like(module.running_mean)
        weight, bias = (module.weight, module.bias) if module.affine else plain
        tensors = {
            "weight": weight,
            "bias": bias,
            "running_mean": module.running_mean,
            "running_var": module.running_var,
        }
        names = [graph.constant(key, tensor) for key, tensor in tensors.items()]
        graph.node("BatchNormalization", *names, epsilon=module.eps)


@dataclass(frozen=True)
class Dropout(Pointwise):
    """`share` of the values become 0 in training; torch calls it p."""

    kind = "dropout"
    torch_name = "Dropout"
    prefix = "dropout"
    draws = True
    words = (
        "In training, makes 0 of a share of the values, drawn anew for each picture, and divides "
        "the others by what is left; else it passes everything on."
    )
    onnx_operator = "Identity"

    share: float = number(0, 0.95, 0.5, whole=False)

    def arguments(self, given: Shape) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.share,), {}

    @staticmethod
    def hyperparameters(module: Any) -> dict[str, Any]:
        return {"share": module.p}
