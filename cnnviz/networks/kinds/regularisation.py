"""BatchNorm2d and Dropout: what they do in training isn't what they do when the network is used."""

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from cnnviz.networks.kinds.activations import Pointwise
from cnnviz.networks.kinds.layer import Graph, Layer, OfNode, number, single
from cnnviz.networks.kinds.shapes import Shape, need_maps

if TYPE_CHECKING:
    from torch import Tensor

    from cnnviz.networks.kinds.onnx_node import Node

_EPS = 1e-5
"""torch's own, which every layer here has."""


@dataclass(frozen=True)
class BatchNorm2d(Layer):
    kind = "batchnorm2d"
    torch_name = "BatchNorm2d"
    prefix = "norm"
    same_place = True
    read_from = ("BatchNormalization",)
    words = (
        "Moves and scales each map by four numbers: minus the mean, divided by the standard "
        "deviation, times a weight, plus a bias. In training, mean and deviation are those of the "
        "batch."
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

    @staticmethod
    def gradient_factors(
        module: Any, given: "Tensor", gradient: "Tensor", parameter: str, place: tuple[int, ...]
    ) -> tuple["Tensor", "Tensor"]:
        import torch

        (channel,) = place
        made = gradient[:, channel]  # (B, H, W)
        if parameter == "bias":
            return made, torch.ones_like(made)
        deviation = (module.running_var[channel] + module.eps).sqrt()
        return made, (given[:, channel] - module.running_mean[channel]) / deviation

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

    @classmethod
    def of_onnx(cls, node: "Node") -> OfNode:
        need_maps(node.given)
        node.ignore("momentum", "consumed_inputs")
        if node.integer("training_mode", 0):
            raise ValueError("it normalises as in training (training_mode is 1)")
        if node.opset < 7 and not node.integer("is_test", 0):
            raise ValueError("it normalises as in training (is_test is 0)")
        if node.opset < 9 and not node.integer("spatial", 1):
            raise ValueError("it has a mean for each place (spatial is 0); here a map has one")
        names = ("weight", "bias", "running_mean", "running_var")
        tensors = {}
        for place, name in enumerate(names, start=1):
            tensor = node.weights(place)
            if tensor is None or tensor.shape != (node.given[0],):
                raise ValueError(f"{node.given[0]} maps need as many numbers for its {name}")
            tensors[name] = tensor
        eps = single(node.real("epsilon", _EPS))
        notes = ()
        if eps != _EPS:
            tensors["running_var"] = tensors["running_var"] + (eps - _EPS)
            notes = (f"its epsilon of {eps:g} is part of the variances",)
            if not (tensors["running_var"] >= 0).all():
                raise ValueError(f"its epsilon of {eps:g} is less than the {_EPS:g} of this kind")
        return OfNode(cls(), lambda: {**tensors, "num_batches_tracked": 0}, notes)


@dataclass(frozen=True)
class Dropout(Pointwise):
    """`share` of the values become 0 in training; torch calls it p."""

    kind = "dropout"
    torch_name = "Dropout"
    selects = True
    prefix = "dropout"
    draws = True
    words = (
        "In training, sets a share p of the values to 0, drawn anew for each picture, and divides "
        "the others by 1 − p; a trained network passes everything on."
    )
    onnx_operator = "Identity"
    read_from = ("Dropout",)

    share: float = number(0, 0.95, 0.5, whole=False)

    def arguments(self, given: Shape) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.share,), {}

    @staticmethod
    def hyperparameters(module: Any) -> dict[str, Any]:
        return {"share": module.p}

    @classmethod
    def of_onnx(cls, node: "Node") -> OfNode:
        node.ignore("seed", "consumed_inputs")
        if node.opset < 7 and not node.integer("is_test", 0):
            raise ValueError("it drops values as in training (is_test is 0)")
        training = node.tensor(2)
        if training is not None and training.any():
            raise ValueError("it drops values as in training (training_mode is true)")
        ratio = node.real("ratio", 0.5) if node.opset < 12 else node.weights(1)
        return OfNode(cls(0.5 if ratio is None else single(float(ratio))))
