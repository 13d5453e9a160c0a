from typing import Literal

import numpy as np
import streamlit as st
import torch

from cnnviz import grids, pooling, translation
from cnnviz.activations import trace
from cnnviz.components import image_source, link, page
from cnnviz.components.grid_editor import grid_editor
from cnnviz.components.network_view import network_view

NAME = "pooling"
FEATURES = "feature map"
link.asked(NAME)
page.header()
rail, stage = page.rail_and_stage()


@st.cache_data(show_spinner=False)
def measured(kind: Literal["max", "none"]) -> pooling.Downstream:
    return pooling.downstream(kind)


def setting(label: str, name: str, value: int, help_text: str) -> int:
    return st.number_input(
        label, 0, 99, value, key=name, bind="query-params", help=help_text, width=84
    )


with rail:
    st.title("Pooling")
    st.markdown(
        "A window slides over each map and keeps **one number**: the largest, or the mean. "
        "It has nothing to learn."
    )
    source, image = image_source.image_source(NAME, more=(FEATURES,), start="digit")
    layer_name = ""
    if source == FEATURES:
        steps = trace(page.current_model().model, page.current_drawing())
        maps = [step.name for step in steps.layers if step.values.ndim == 3]
        if maps:
            layer_name = st.pills(
                "Layer",
                maps,
                default=maps[min(1, len(maps) - 1)],
                required=True,
                key="layer",
                bind="query-params",
            )
            assert layer_name is not None
            image = steps[layer_name].values[None]
            st.caption("What this layer of the model in use makes of your drawing.")
        else:
            st.info("The model in use has no maps. Pick a CNN at the top right.")
            image = page.current_drawing()
    kind = st.pills(
        "Operation",
        pooling.POOLINGS,
        default=pooling.POOLINGS[0],
        required=True,
        key="operation",
        bind="query-params",
        help="A strided convolution also makes a map smaller, with weights that can be learnt.",
    )
    assert kind in pooling.POOLINGS
    with st.container(horizontal=True, gap="small"):
        window = setting("Window", "window", 2, "Rows and columns of the window.")
        stride = setting("Stride", "pool_stride", 2, "How far the window goes in one step.")
        padding = setting("Padding", "pool_padding", 0, "At most half the window.")
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        dilation = setting("Dilation", "pool_dilation", 1, "Gaps between a window's cells.")
        ceil_mode = st.toggle(
            "ceil_mode",
            key="ceil_mode",
            bind="query-params",
            help="Also windows that hang over the edge give a number.",
        )
    shift = st.slider(
        "Shift the input right by",
        *(0, 3, 0),
        format="%d px",
        key="shift",
        bind="query-params",
    )

with stage:
    link.unusable(
        NAME,
        {
            **{"operation": kind, "window": window, "pool_stride": stride, "shift": shift},
            **{"pool_padding": padding, "pool_dilation": dilation, "ceil_mode": ceil_mode},
            **{"layer": layer_name or link.asked(NAME).get("layer", "")},
            **{"weights": link.asked(NAME).get("weights", "")},
            **image_source.values(NAME),
        },
    )
    try:
        settings = pooling.Settings(
            kind,
            (window, window),
            (stride, stride),
            (padding, padding),
            (dilation, dilation),
            ceil_mode,
        )
        pooling.check(image.shape[1:], settings)
        st.session_state["pooling_good"] = image, settings, source
    except ValueError as error:
        st.error(f"{error}. Below is still the last setting that worked.")
        st.session_state.setdefault("pooling_good", (image, pooling.Settings(), source))
    image, settings, source = st.session_state["pooling_good"]

weights = None
if settings.kind == "strided convolution":
    rows = settings.kernel[0]
    first = np.zeros(settings.kernel, np.float32)
    first[0, 0] = 1
    grid = link.parameter(NAME, "weights", grids.parse, first)
    if grid.shape != settings.kernel:
        grid = first
    with rail:
        grid_editor(
            "weights of the strided convolution",
            grid,
            key=f"pooling_weights_{rows}",
            on_edit=lambda edited: st.session_state.update(pooling_weights=edited),
            sizes=(rows, rows),
        )
        st.caption(
            "As it opens, it keeps each window's first number and drops the rest. "
            f"With 1/{rows * rows} everywhere it is average pooling."
        )
    link.remember("weights", grids.as_text(grid), grids.as_text(first))
    weights = torch.from_numpy(grid)

layer = pooling.layer(settings, image.shape[1], weights)
moved = translation.shift(image, shift, 0)
result = trace(layer, moved)
output = result.layers[0].values
kept = output.numel() / image.numel()

with stage:
    st.header(
        {"max": "Max pooling", "average": "Average pooling"}.get(
            settings.kind, "Strided convolution"
        ),
        anchor=False,
    )
    network_view(
        result,
        key="pooling",
        input_ink=source in image_source.INK,
        mark_winners=settings.kind == "max",
        pin=f"{result.layers[0].name}.0.{output.shape[1] // 2}.{output.shape[2] // 2}",
        linked=True,
    )
    smaller, features, overfitting = st.columns((1, 1.25, 0.9), gap="large")
    article, without = measured("max"), measured("none")
    with smaller:
        st.subheader("Smaller and faster", anchor=False)
        if settings.kind == "max":
            winners = int((pooling.wins(moved[0], settings) > 0).sum())
            st.caption(
                f"{winners:,} of {moved.numel():,} numbers win a window; the rest is dropped."
            )
        st.markdown(
            f"**{image.numel():,}** numbers go in, **{output.numel():,}** come out: "
            f"{100 * kept:.0f} %. What it saves further on, in the article's network:"
        )
        st.markdown(
            f"""
| article's network | without | with |
| --- | ---: | ---: |
| multiplications | {without.multiplications:,} | {article.multiplications:,} |
| into the last layer | {without.features:,} | {article.features:,} |
| 64 images, ms | {without.milliseconds:.1f} | {article.milliseconds:.1f} |
"""
        )
        st.caption(
            "The time is measured on this server, and the network is tiny: looking for the "
            "largest of four numbers takes time as well."
        )
    with features:
        st.subheader("Features, not exact pixels", anchor=False)
        plain = pooling.shift_sensitivity(lambda maps: maps, image)
        pooled = pooling.shift_sensitivity(lambda maps: layer(maps).detach(), image)
        lines = "\n".join(
            f"| {a.shift} px | {a.count:,} / {a.of:,} | {b.count:,} / {b.of:,} "
            f"| {100 * a.distance:.0f}\u00a0%\u00a0→\u00a0{100 * b.distance:.0f}\u00a0% |"
            for a, b in zip(plain, pooled, strict=True)
        )
        st.markdown(
            "| shift | changed without | changed with | distance |\n"
            f"| --- | ---: | ---: | ---: |\n{lines}"
        )
        st.caption(
            "*Changed*: values that differ by more than a tenth of the largest. *Distance*: the "
            "length of the difference, as a share of the map's length, without pooling → with. "
            "Pooling softens a shift smaller than its window; it doesn't undo it."
        )
    with overfitting:
        st.subheader("Less overfitting?", anchor=False)
        st.markdown(
            f"Without pooling the article's network has **{without.parameters:,}** parameters, "
            f"{without.last_layer:,} of them in its last layer; with pooling "
            f"**{article.parameters:,}**."
        )
        st.caption(
            "Fewer parameters can learn fewer accidents of the training data by heart. That is "
            "all these numbers show. Whether it overfits is seen only in training: train both on "
            "a few hundred images, on the Training page, and compare the test accuracies."
        )
        st.download_button(
            "CSV",
            lambda: grids.csv(output.numpy()),
            "pooling.csv",
            "text/csv",
            on_click="ignore",
            help="The output maps, as numbers.",
        )
