"""What pooling buys, in pictures and numbers: calmer maps, fewer numbers, fewer parameters."""

from typing import Literal

import numpy as np
import streamlit as st
import torch
from torch import Tensor, nn

from cnnviz.components import theme
from cnnviz.components.grid_editor import Place, grid_editor
from cnnviz.components.live_slider import live_slider
from cnnviz.images.cells import Paint, framed_cells
from cnnviz.labs import grids, pooling
from cnnviz.networks.trace import trace
from cnnviz.spelling import count, percent
from cnnviz.ui import lesson, link
from cnnviz.ui.addresses import POOLING
from cnnviz.ui.drawing import current_drawing
from cnnviz.ui.fragments import fragment
from cnnviz.ui.model import current_model
from cnnviz.ui.tables import table


@st.cache_data(show_spinner=False)
def _counted(kind: Literal["max", "none"]) -> pooling.Downstream:
    return pooling.downstream(kind)


def feature_maps() -> Tensor:
    """Pills for a layer of the model in use, and its maps of the drawing: (1, C, H, W)."""
    checkpoint = current_model()
    drawing = current_drawing(checkpoint.frame)
    steps = trace(checkpoint.model, drawing)
    names = [step.name for step in steps.layers if step.values.ndim == 3]
    if not names:
        st.info("The model in use has no maps. Pick a CNN at the top right.")
        return drawing
    chosen = st.pills(
        "Layer",
        names,
        default=names[min(1, len(names) - 1)],
        required=True,
        key="layer",
        bind="query-params",
    )
    assert chosen is not None
    st.caption("What this layer of the model in use makes of your drawing.")
    return steps[chosen].values[None]


def weights_of_window(view: str, window: tuple[int, int]) -> Tensor:
    """A grid to edit, over the kernel in the network view `view`: the weights (rows, columns).

    At first they keep a window's first number.
    """
    rows, columns = window
    first = np.zeros(window, np.float32)
    first[0, 0] = 1
    grid = link.parameter(POOLING.page, "weights", grids.parse, first)
    if grid.shape != window:
        grid = first

    def edited(changed: grids.Grid) -> None:
        st.session_state[f"{POOLING.page}_weights"] = changed

    grid_editor(
        "weights of the strided convolution",
        grid,
        key=f"pooling_weights_{rows}_{columns}",
        place=Place(view, "kernel", (0, 0)),
        on_edit=edited,
        sizes=None,
    )
    st.caption(
        "Type in the kernel itself. As it opens, it keeps each window's first number and "
        f"drops the rest. With 1/{rows * columns} everywhere it is average pooling."
    )
    link.remember("weights", grids.as_text(grid), grids.as_text(first))
    return torch.from_numpy(grid)


@fragment
def what_changes(image: Tensor, layer: nn.Module, paint: Paint, names: tuple[str, str]) -> None:
    """An `image` (1, C, H, W) and what `layer` makes of it, in place and moved to the right.

    By how much is kept in the address. The changed cells of the first map are framed; `names` are
    those of the image and the output.
    """
    st.subheader("Features, not exact pixels: what does a small shift change?", anchor=False)
    pixels = live_slider(
        "Move the input to the right by",
        0,
        pooling.FURTHEST,
        1,
        key=f"{POOLING.page}_shift",
        unit=" px",
    )
    link.keep(POOLING, "shift", pixels)
    plain = pooling.sensitivity(lambda maps: maps, image, pixels)
    pooled = pooling.sensitivity(layer, image, pixels)
    lesson.told(
        "pooling_shift",
        lambda: {
            "pooling.shift": pixels,
            "pooling.before": float(plain.changed.float().mean()),
            "pooling.after": float(pooled.changed.float().mean()),
        },
    )
    paints: tuple[Paint, Paint] = (paint, "signed" if float(pooled.before.min()) < 0 else paint)
    several = " (its first map)" if image.shape[1] > 1 else ""
    for column, name, each, how in zip(
        st.columns(2, gap="medium"), names, (plain, pooled), paints, strict=True
    ):
        scale = float(each.before.abs().max())
        changed, of = int(each.changed.sum()), each.changed.numel()
        nothing = np.zeros(tuple(each.before.shape[1:]), bool)
        pictures = [
            framed_cells(
                values[0].numpy(),
                marks,
                theme.current(),
                paint=how,
                scale=scale,
                alt=f"{name}, {words}",
            )
            for values, marks, words in (
                (each.before, nothing, "in place"),
                (each.after, each.changed[0].numpy(), f"moved by {pixels} px"),
            )
        ]
        with column:
            st.html(
                f'<div class="cell-pictures"><figure>{pictures[0]}<figcaption>{name}{several}, in '
                f"place</figcaption></figure><figure>{pictures[1]}<figcaption>moved by {pixels} "
                "px</figcaption></figure></div>"
            )
            st.markdown(
                f"**{count(changed)} of {count(of)}** numbers change, {percent(changed / of, 0)}; "
                f"the whole changes by {percent(each.distance, 0)} of its length."
            )
    st.caption(
        "Framed: numbers that change by more than a tenth of the largest. *Length* is the root of "
        "the sum of all squares. " + _verdict(plain, pooled)
    )


def _verdict(plain: pooling.Sensitivity, pooled: pooling.Sensitivity) -> str:
    if plain.distance == 0:
        return "Nothing has moved yet."
    if pooled.distance < plain.distance:
        return "The smaller map changes less: this softens a small shift, and doesn't undo it."
    return "The smaller map changes no less: here it doesn't soften the shift."


def fewer_numbers(image: Tensor, output: Tensor, winners: int | None) -> None:
    """Counts for an `image` (1, C, H, W) and its `output` (C, H', W'), and what the article's
    network saves by its pooling; `winners` is how many numbers of the image are passed on."""
    without, article = _counted("none"), _counted("max")
    st.subheader("Fewer numbers, less work", anchor=False)
    st.markdown(
        f"**{count(image.numel())}** numbers go in, **{count(output.numel())}** come out: "
        f"{percent(output.numel() / image.numel(), 0)}."
        + (
            ""
            if winners is None
            else f" {count(winners)} of the numbers that go in are the largest of some window; the "
            "others leave no trace."
        )
    )
    with st.expander("What it saves in the network of the article *Convolutional Neural Networks*"):
        table(
            ("in the network", "without pooling", "with pooling"),
            (
                (
                    "multiplications",
                    count(without.multiplications),
                    count(article.multiplications),
                ),
                (
                    "numbers into the last layer",
                    count(without.features),
                    count(article.features),
                ),
            ),
        )


def less_overfitting() -> None:
    """What can be said of overfitting without training: how many parameters there are."""
    without, article = _counted("none"), _counted("max")
    st.subheader("Less overfitting?", anchor=False)
    st.markdown(
        "Without pooling the network of the article *Convolutional Neural Networks* has "
        f"**{count(without.parameters)}** parameters, "
        f"{count(without.last_layer)} of them in its last layer; with pooling "
        f"**{count(article.parameters)}**."
    )
    st.caption(
        "Fewer parameters can learn fewer accidents of the training data by heart. That is "
        "all these numbers show. Whether it overfits is seen only in training: train both on "
        "a few hundred images, on the Training page, and compare the test accuracies."
    )
