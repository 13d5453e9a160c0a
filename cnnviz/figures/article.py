"""The article's two pictures: what the convolutions made of the image, and their filters."""

import numpy as np

from cnnviz.activations import Layer, Trace
from cnnviz.figures.pictures import signed_url, tile

MAP_WIDTH = 104
KERNEL_WIDTH = 42


def maps(trace: Trace) -> str:
    """HTML: the feature maps of each convolution after its activation, each on its own scale."""
    rows = []
    for convolution, layer in _convolutions(trace):
        values = layer.values.numpy()
        tiles = [
            tile(
                signed_url(each, float(np.abs(each).max())),
                f"{layer.name} map {index}, {each.min():.2f} to {each.max():.2f}",
                MAP_WIDTH,
                MAP_WIDTH,
            )
            for index, each in enumerate(values)
        ]
        title = f"{convolution.name} after {layer.kind.replace('relu', 'ReLU')}"
        rows.append(_row(title, tiles))
    return f'<div class="pictures">{"".join(rows)}</div>'


def filters(trace: Trace) -> str:
    """HTML: each convolution's kernels, a row an input channel, all of a layer on one scale."""
    rows = []
    for layer, _ in _convolutions(trace):
        assert layer.weight is not None
        weights = layer.weight.numpy()
        scale = float(np.abs(weights).max())
        columns = []
        for out, kernels in enumerate(weights):
            stack = [
                tile(
                    signed_url(kernel, scale),
                    f"{layer.name} kernel {out}, {into}",
                    KERNEL_WIDTH,
                    KERNEL_WIDTH,
                )
                for into, kernel in enumerate(kernels)
            ]
            columns.append(f'<div class="stack">{"".join(stack)}</div>')
        rows.append(_row(f"{layer.name} filters, −{scale:.2f} to {scale:.2f}", columns))
    return f'<div class="pictures">{"".join(rows)}</div>'


def _row(title: str, tiles: list[str]) -> str:
    return f'<p class="muted">{title}</p><div class="tiles">{"".join(tiles)}</div>'


def _convolutions(trace: Trace) -> list[tuple[Layer, Layer]]:
    """Each convolution with what follows it: its activation, or itself where there is none."""
    followers = [*trace.layers[1:], trace.layers[-1]]
    return [
        (layer, after if after.kind in ("relu", "tanh") else layer)
        for layer, after in zip(trace.layers, followers, strict=True)
        if layer.kind == "conv2d"
    ]
