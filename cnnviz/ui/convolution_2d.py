"""The 2D lab's parts: convolution beside cross-correlation, the output's size, what it costs."""

from collections.abc import Sequence

import streamlit as st
import torch
from torch import Tensor

from cnnviz.components.network_view import Painting, Words, network_view
from cnnviz.labs import convolution_2d
from cnnviz.labs.convolution_2d import Settings
from cnnviz.networks.trace import Trace
from cnnviz.spelling import count, short
from cnnviz.ui.tables import table


def side_by_side(correlated: Trace, convolved: Trace, kernels: Tensor, painting: Painting) -> None:
    """Both traces of one image, by `kernels` (C_out, C_in, kH, kW) and by these turned."""
    titles = ("Not flipped, as nn.Conv2d: cross-correlation", "Flipped first: convolution")
    keys = ("conv2d", "conv2d_flipped")
    for column, key, steps, title in zip(
        st.columns(2), keys, (correlated, convolved), titles, strict=True
    ):
        with column:
            network_view(steps, key=key, painting=painting, words=Words(title))
    difference = float((convolved["conv"].values - correlated["conv"].values).abs().max())
    if torch.equal(kernels, convolution_2d.flipped(kernels)):
        st.markdown("**Equal**: flipped (turned by 180°), this kernel is itself.")
    elif difference == 0:
        st.markdown("**Equal on this input**, though the flip changes the kernel.")
    else:
        st.markdown(
            f"**Not equal**: they differ by up to {short(difference, 4)}, because flipped (turned "
            "by 180°) the kernel is another one."
        )


def how_large(image: Tensor, kernels: Tensor, settings: Settings) -> None:
    """The size's formula for an `image` (1, C, H, W) and kernels."""
    st.subheader("How large is the output?", anchor=False)
    filled = [
        convolution_2d.formula(
            image.shape[2 + axis],
            kernels.shape[2 + axis],
            settings.stride[axis],
            settings.padding[axis],
            settings.dilation[axis],
        )
        for axis in (0, 1)
    ]
    table(
        ("axis", "⌊(input + 2·padding − dilation·(kernel − 1) − 1) / stride + 1⌋"),
        zip(("rows", "columns"), filled, strict=True),
        align="ll",
    )


def what_it_costs(image: Tensor, kernels: Tensor, output: Sequence[int]) -> None:
    """Weights and multiplications beside those of a fully connected layer with that `output`."""
    st.subheader("What does it cost?", anchor=False)
    counts = convolution_2d.cost(image.shape[1:], kernels.shape, output)
    table(
        ("count", "convolution", "fully connected, same output"),
        (
            ("weights", count(counts.weights), count(counts.dense)),
            ("multiplications", count(counts.multiplications), count(counts.dense)),
        ),
    )
    st.caption(
        "Without biases. A fully connected layer has a weight for every pair of input and "
        "output; a convolution uses the same few everywhere."
    )
