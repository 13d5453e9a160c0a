"""What the article shows of its network: the convolutions' maps of the image, and the filters."""

import numpy as np

from cnnviz.images.png import picture, sheet
from cnnviz.networks.trace import Layer, Trace
from cnnviz.palette import LIGHT, Theme

ROW = 4  # maps a row
MAP_WIDTH, KERNEL_WIDTH = 104, 42  # CSS pixels, about


def maps(trace: Trace, theme: Theme = LIGHT) -> str:
    """HTML: the feature maps of each convolution after its activation, each on its own scale."""
    parts = []
    for convolution, layer in _convolutions(trace):
        values = layer.values.numpy()
        largest = np.abs(values).max(axis=(1, 2), keepdims=True)
        parts.append(
            _titled(
                f"{convolution.name} after {layer.kind.replace('relu', 'ReLU')}, "
                f"each map on its own scale",
                picture(
                    sheet(values / np.where(largest > 0, largest, 1), min(ROW, len(values))),
                    f"the {len(values)} feature maps of {layer.name}",
                    round(MAP_WIDTH / values.shape[2]),
                    theme,
                ),
            )
        )
    return f'<div class="pictures">{"".join(parts)}</div>'


def filters(trace: Trace, theme: Theme = LIGHT) -> str:
    """HTML: each convolution's kernels, a row an input channel, all of a layer on one scale."""
    parts = []
    for layer, _ in _convolutions(trace):
        assert layer.weight is not None
        weights = layer.weight.numpy()
        largest = float(np.abs(weights).max()) or 1.0
        out, into, height, width = weights.shape
        by_input = weights.transpose(1, 0, 2, 3).reshape(-1, height, width)
        parts.append(
            _titled(
                f"{layer.name} filters, −{largest:.2f} to {largest:.2f}",
                picture(
                    sheet(by_input / largest, out),
                    f"the {into} × {out} kernels of {layer.name}",
                    round(KERNEL_WIDTH / width),
                    theme,
                ),
            )
        )
    return f'<div class="pictures">{"".join(parts)}</div>'


def _titled(title: str, content: str) -> str:
    return f'<div><p class="muted">{title}</p>{content}</div>'


def _convolutions(trace: Trace) -> list[tuple[Layer, Layer]]:
    """Each convolution with what follows it: its activation, or itself where there is none."""
    followers = [*trace.layers[1:], trace.layers[-1]]
    return [
        (layer, after if after.kind in ("relu", "tanh") else layer)
        for layer, after in zip(trace.layers, followers, strict=True)
        if layer.kind == "conv2d"
    ]
