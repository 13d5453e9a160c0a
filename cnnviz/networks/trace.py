"""`trace`: what every layer of a small sequential model made of one image."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cnnviz.networks.kinds import KINDS, kind_of
from cnnviz.networks.modes import evaluating


@dataclass(frozen=True, eq=False)
class Layer:
    """One step of a trace.

    `values` has the layer's output without the batch dimension: (C, H, W) for maps, (N,) for
    vectors. `weight` is (C_out, C_in, kH, kW) for a convolution, (N_out, N_in) for a linear
    layer, (C,) for batch normalisation, else None; `bias` is (C_out,), (N_out,) or (C,), or None.
    `buffers` are what a layer keeps besides, by torch's names: `running_mean` (C,).
    """

    name: str
    kind: str
    hyperparameters: Mapping[str, Any]
    values: Tensor
    weight: Tensor | None = None
    bias: Tensor | None = None
    buffers: Mapping[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Trace:
    """An image's way through a model: `image` (C, H, W), then a `Layer` a module, in order.

    `logits` and `probabilities` (their softmax) are (N,) where the model ends in a vector,
    else None (the labs' one-layer models).
    """

    image: Tensor
    layers: tuple[Layer, ...]
    logits: Tensor | None
    probabilities: Tensor | None

    def __getitem__(self, name: str) -> Layer:
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise KeyError(f"no layer {name!r}; there are {[layer.name for layer in self.layers]}")


def as_image(picture: NDArray[np.float32]) -> Tensor:
    """A picture (C, H, W), or the ink (H, W) of a prepared drawing, as a network reads it:
    (1, C, H, W), a copy."""
    image = torch.tensor(picture, dtype=torch.float32)
    return image[None, None] if image.ndim == 2 else image[None]


def trace(model: nn.Sequential, image: Tensor) -> Trace:
    """Run `image` (1, C, H, W) through `model` and keep what every module gave.

    The values are copies, so in-place modules can't change what was recorded; the train/eval mode
    is put back even when the model raises. Nothing needs gradients.

    Raises ValueError for a model that isn't a plain `nn.Sequential` of known modules, or an
    image that isn't one finite picture.
    """
    if not isinstance(model, nn.Sequential) or type(model).forward is not nn.Sequential.forward:
        raise ValueError(f"model must be a plain nn.Sequential, got {type(model).__name__}")
    if image.ndim != 4 or image.shape[0] != 1:
        raise ValueError(f"image must have shape (1, C, H, W), got {tuple(image.shape)}")
    if not bool(torch.isfinite(image).all()):
        raise ValueError("image must be finite, got NaN or infinite values")

    # Not named_children(), which leaves out the second use of a module that is used twice.
    modules = {name: module for name, module in model._modules.items() if module is not None}
    descriptions: dict[str, tuple[str, dict[str, Any]]] = {}
    for name, module in modules.items():
        try:
            kind = kind_of(module)
        except ValueError as error:
            raise ValueError(f"layer {name!r} {error}") from None
        try:
            descriptions[name] = (kind.kind, kind.hyperparameters(module))
        except ValueError as error:
            raise ValueError(f"layer {name!r}: {error}") from None

    outputs = _outputs(model, image)
    layers = tuple(
        Layer(
            name=name,
            kind=descriptions[name][0],
            hyperparameters=descriptions[name][1],
            values=values,
            weight=_copy(getattr(module, "weight", None)),
            bias=_copy(getattr(module, "bias", None)),
            # A count of batches says nothing about a picture.
            buffers={
                key: b.detach().clone()
                for key, b in module._buffers.items()
                if b is not None and b.ndim
            },
        )
        for (name, module), values in zip(modules.items(), outputs, strict=True)
    )
    last = layers[-1].values if layers else image[0]
    logits = last if last.ndim == 1 else None
    return Trace(
        image=image.detach().clone()[0],
        layers=layers,
        logits=logits,
        probabilities=None if logits is None else logits.softmax(dim=0),
    )


def activated(trace: Trace) -> list[tuple[Layer, Layer]]:
    """Each convolution with the last of the layers behind it that keep every value in its place.

    That is its activation, with a normalisation or without; itself where none follows.
    """
    found = []
    for at, convolution in enumerate(trace.layers):
        if convolution.kind != "conv2d":
            continue
        last = convolution
        for layer in trace.layers[at + 1 :]:
            if not KINDS[layer.kind].same_place:
                break
            last = layer
        found.append((convolution, last))
    return found


def _outputs(model: nn.Sequential, image: Tensor) -> list[Tensor]:
    """What each module gave, in the order they ran, without the batch dimension."""
    outputs: list[Tensor] = []
    # Module by module, as `nn.Sequential` does it, and not by hooks: those would see whoever else
    # calls the same model at the same time. An in-place first layer would otherwise write into the
    # caller's image.
    values = image.clone()
    with evaluating(model), torch.no_grad():
        for module in model:
            values = module(values)
            outputs.append(values.detach()[0].clone(memory_format=torch.contiguous_format))
    return outputs


def _copy(parameter: Tensor | None) -> Tensor | None:
    return None if parameter is None else parameter.detach().clone()
