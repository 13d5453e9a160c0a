"""What the article shows of its network: the convolutions' maps of the image, and the filters."""

import numpy as np

from cnnviz.images.png import picture, sheet
from cnnviz.networks.kinds import KINDS
from cnnviz.networks.trace import Layer, Trace, activated
from cnnviz.palette import LIGHT, Theme
from cnnviz.spelling import fixed

MAP_WIDTH, KERNEL_WIDTH = 104, 42  # CSS pixels, about


def maps(trace: Trace, theme: Theme = LIGHT) -> str:
    """HTML: the feature maps of each convolution after its activation, each on its own scale."""
    parts = []
    for convolution, layer in activated(trace):
        values = layer.values.numpy()
        scale = round(MAP_WIDTH / values.shape[2])
        tiles = [
            _map(each, f"map {index} of {layer.name}", scale, theme)
            for index, each in enumerate(values)
        ]
        parts.append(
            _titled(
                f"{_stage(convolution, layer)}, each map on its own scale",
                f'<div class="maps">{"".join(tiles)}</div>',
            )
        )
    return f'<div class="pictures">{"".join(parts)}</div>'


def filters(trace: Trace, theme: Theme = LIGHT) -> str:
    """HTML: each convolution's kernels, a row an input channel, all of a layer on one scale."""
    parts = []
    for layer, _ in activated(trace):
        assert layer.weight is not None
        weights = layer.weight.numpy()
        largest = float(np.abs(weights).max()) or 1.0
        out, into, height, width = weights.shape
        by_input = weights.transpose(1, 0, 2, 3).reshape(-1, height, width)
        parts.append(
            _titled(
                f"{layer.name} kernels, −{fixed(largest, 2)} to {fixed(largest, 2)}",
                picture(
                    sheet(by_input / largest, out),
                    f"the {into} × {out} kernels of {layer.name}",
                    round(KERNEL_WIDTH / width),
                    theme,
                ),
            )
        )
    return f'<div class="pictures">{"".join(parts)}</div>'


def _map(values: np.ndarray, name: str, scale: int, theme: Theme) -> str:
    """A map (H, W) on a scale of its own; one that is nothing but zeros says so."""
    largest = float(np.abs(values).max())
    dead = "" if largest > 0 else "<figcaption>all 0</figcaption>"
    alt = name if largest > 0 else f"{name}, all 0"
    return f"<figure>{picture(values / (largest or 1), alt, scale, theme)}{dead}</figure>"


def _titled(title: str, content: str) -> str:
    return f'<div><p class="muted">{title}</p>{content}</div>'


def _stage(convolution: Layer, layer: Layer) -> str:
    if layer is convolution:
        return convolution.name
    return f"{convolution.name} after {KINDS[layer.kind].torch_name}"
