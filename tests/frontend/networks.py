"""Random small networks, as Python traces them and as JavaScript reads them."""

from typing import Any, Literal

import numpy as np
import torch
from hypothesis import strategies as st
from torch import Tensor, nn
from torchvision import transforms

from cnnviz.networks.trace import Trace, trace
from cnnviz.views.letters import letters
from tests.javascript import Node

PADDING_MODES: list[Literal["zeros", "reflect", "replicate", "circular"]] = [
    "zeros",
    "reflect",
    "replicate",
    "circular",
]

# Turns what `encode` gives into the network object of the view's modules.
DECODE = """
const floats = (text) =>
  new Float32Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
function decode(sent) {
  let inShape = sent.shape;
  const layers = sent.layers.map((layer) => {
    const weight = layer.weight && floats(layer.weight);
    const bias = layer.bias && floats(layer.bias);
    const kept = Object.entries(layer.buffers).map(([key, text]) => [key, floats(text)]);
    const decoded = { ...layer, weight, bias, buffers: Object.fromEntries(kept), inShape };
    inShape = layer.shape;
    return decoded;
  });
  const network = { image: { shape: sent.shape }, layers };
  return { network, values: sent.values.map(floats) };
}
"""


def evaluate(node: Node, body: str, sent: Any) -> Any:
    """`node.run`, with `decode` at hand, which makes a network of what `encode` sent."""
    return node.run(f"{DECODE} {body}", sent)


def base64_floats(values: Tensor | np.ndarray) -> str:
    return letters(values, "<f4")


def encode(steps: Trace) -> dict[str, Any]:
    """A trace as JSON: the network, and `values` [image, then each layer's output]."""
    layers = [
        {
            "name": layer.name,
            "kind": layer.kind,
            "shape": list(layer.values.shape),
            "hyper": dict(layer.hyperparameters),
            "weight": None if layer.weight is None else base64_floats(layer.weight),
            "weightShape": None if layer.weight is None else list(layer.weight.shape),
            "bias": None if layer.bias is None else base64_floats(layer.bias),
            "buffers": {key: base64_floats(buffer) for key, buffer in layer.buffers.items()},
        }
        for layer in steps.layers
    ]
    values = [base64_floats(steps.image), *(base64_floats(layer.values) for layer in steps.layers)]
    return {"shape": list(steps.image.shape), "layers": layers, "values": values}


def unit_of(shape: tuple[int, ...], index: int) -> dict[str, int]:
    """The unit at a flat index, as the modules name it."""
    place = [int(i) for i in np.unravel_index(index, shape)]
    return dict(
        zip(("channel", "row", "col") if len(shape) == 3 else ("index",), place, strict=True)
    )


@st.composite
def pinned(draw: st.DrawFn) -> tuple[Trace, list[tuple[int, int]]]:
    """A trace, and for each layer three of its units: (layer, flat index), a corner among them."""
    steps = draw(traces())
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    pins = [
        (layer, index)
        for layer, step in enumerate(steps.layers)
        for index in {0, *(int(i) for i in generator.integers(0, step.values.numel(), 2))}
    ]
    return steps, pins


def with_pins(steps: Trace, pins: list[tuple[int, int]]) -> dict[str, Any]:
    """`encode`, and the units as `pins` [{layer, unit}]."""
    units = [
        {"layer": layer, "unit": unit_of(tuple(steps.layers[layer].values.shape), index)}
        for layer, index in pins
    ]
    return {**encode(steps), "pins": units}


def _pair(draw: st.DrawFn, low: int, high: int) -> tuple[int, int]:
    return draw(st.integers(low, high)), draw(st.integers(low, high))


def _convolution(draw: st.DrawFn, shape: list[int]) -> nn.Module | None:
    kernel, stride, dilation = _pair(draw, 1, 4), _pair(draw, 1, 3), _pair(draw, 1, 3)
    mode = draw(st.sampled_from(PADDING_MODES))
    # torch can't mirror more cells than there are.
    limits = [min(3, side - 1) if mode == "reflect" else min(3, side) for side in shape[1:]]
    padding = draw(st.integers(0, limits[0])), draw(st.integers(0, limits[1]))
    if not _fits(shape, kernel, padding, dilation):
        return None
    return nn.Conv2d(
        shape[0],
        draw(st.integers(1, 3)),
        kernel,
        stride,
        padding,
        dilation,
        bias=draw(st.booleans()),
        padding_mode=mode,
    )


def _pooling(draw: st.DrawFn, shape: list[int]) -> nn.Module | None:
    kernel, stride = _pair(draw, 1, 4), _pair(draw, 1, 3)
    padding = draw(st.integers(0, kernel[0] // 2)), draw(st.integers(0, kernel[1] // 2))
    ceil_mode = draw(st.booleans())
    if draw(st.booleans()):
        dilation = _pair(draw, 1, 3)
        if not _fits(shape, kernel, padding, dilation):
            return None
        return nn.MaxPool2d(kernel, stride, padding, dilation, ceil_mode=ceil_mode)
    if not _fits(shape, kernel, padding, (1, 1)):
        return None
    return nn.AvgPool2d(
        kernel, stride, padding, ceil_mode=ceil_mode, count_include_pad=draw(st.booleans())
    )


def _in_place(draw: st.DrawFn, shape: list[int]) -> nn.Module:
    share = draw(st.sampled_from((0.01, 0.5)))
    made = nn.ReLU(), nn.Tanh(), nn.Sigmoid(), nn.Dropout(share), nn.LeakyReLU(share)
    return draw(st.sampled_from(made))


def _normalisation(draw: st.DrawFn, shape: list[int]) -> nn.Module:
    """Of each map, with numbers as training leaves them; or the mean of each map."""
    if draw(st.integers(0, 3)) == 0:
        return nn.AdaptiveAvgPool2d(1)
    if draw(st.integers(0, 2)) == 0:
        numbers = st.sampled_from((0.5, 0.1307, 2.25))
        mean, std = (draw(st.tuples(*[numbers] * shape[0])) for _ in range(2))
        return transforms.Normalize([-mean[0], *mean[1:]], std)
    module = nn.BatchNorm2d(
        shape[0], draw(st.sampled_from((1e-5, 0.1))), affine=draw(st.booleans())
    )
    with torch.no_grad():
        assert module.running_mean is not None
        assert module.running_var is not None
        module.running_mean.normal_()
        module.running_var.uniform_(0.01, 4)
        for parameter in module.parameters():
            parameter.normal_()
    return module


def _fits(shape: list[int], kernel: Any, padding: Any, dilation: Any) -> bool:
    return all(
        d * (k - 1) + 1 <= side + 2 * p
        for side, k, p, d in zip(shape[1:], kernel, padding, dilation, strict=True)
    )


def _finite(values: Tensor) -> bool:
    """A dilated max pooling may see nothing but padding, minus infinity."""
    return bool(torch.isfinite(values).all())


@st.composite
def networks(draw: st.DrawFn) -> tuple[nn.Sequential, Tensor]:
    """A random network and a picture (1, C, H, W): up to five map layers, then maybe vectors."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = [draw(st.integers(1, 3)), draw(st.integers(3, 12)), draw(st.integers(3, 12))]
    # Whole steps of 1/4 give ties to the poolings.
    image = torch.from_numpy(generator.integers(-4, 8, (1, *shape)) / 4).float()
    torch.manual_seed(int(generator.integers(2**31)))
    modules: list[nn.Module] = []
    values = image
    for _ in range(draw(st.integers(1, 5))):
        shape = list(values.shape[1:])
        make = draw(st.sampled_from([_convolution, _pooling, _in_place, _normalisation]))
        module = make(draw, shape)
        if module is None:
            continue
        with torch.no_grad():
            following = module.eval()(values)
        if _finite(following):
            modules.append(module)
            values = following
    if draw(st.booleans()):
        hidden = draw(st.integers(1, 6))
        modules += [nn.Flatten(), nn.Linear(values.numel(), hidden)]
        if draw(st.booleans()):
            modules += [nn.ReLU(), nn.Linear(hidden, draw(st.integers(2, 10)))]
    if not modules:
        modules = [nn.ReLU()]
    return nn.Sequential(*modules), image


def traces() -> st.SearchStrategy[Trace]:
    """A random network's trace of a random picture."""
    return networks().map(lambda made: trace(*made))


def with_scores(model: nn.Sequential, image: Tensor, classes: int = 3) -> nn.Sequential:
    """`model`, ending in the scores of two classes or more."""
    last = list(model)[-1]
    if not isinstance(last, nn.Linear) or last.out_features < 2:
        with torch.no_grad():
            made = model.eval()(image.clone()).numel()
        model = nn.Sequential(*model, nn.Flatten(), nn.Linear(made, classes))
    return model.eval()
