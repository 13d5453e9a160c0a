from cnnviz.ui import startup

startup.ready()  # what is slow is imported once, before a page imports anything itself

import numpy as np
import streamlit as st
import torch

from cnnviz.components.grid_editor import Place, grid_editor
from cnnviz.components.network_view import network_view
from cnnviz.labs import grids, pooling
from cnnviz.labs.convolution_2d import pair
from cnnviz.networks.trace import trace
from cnnviz.ui import addresses, glossary, link, page
from cnnviz.ui import pooling as sections
from cnnviz.ui.drawing import current_drawing
from cnnviz.ui.fields import image_source
from cnnviz.ui.fields.pair_field import pair_field
from cnnviz.ui.fields.shown import keep_shown
from cnnviz.ui.model import current_model
from cnnviz.ui.tables import csv_button

NAME = addresses.POOLING.page
FEATURES = addresses.FEATURES
link.take(addresses.POOLING)
page.header()
rail, stage = page.rail_and_stage()


with rail:
    with st.container(key="lab_title", gap="small"):
        st.title("Pooling")
        glossary.markdown(
            "A window slides over each map and keeps **one number**: the largest, or the mean. "
            "**Point at a number** of the small map to see the window that it stands for."
        )
    source, image = image_source.image_source(NAME, more=(FEATURES,), start="digit")
    layer_name = ""
    if source == FEATURES:
        steps = trace(current_model().model, current_drawing())
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
            image = current_drawing()
    kind = st.pills(
        "Operation",
        pooling.POOLINGS,
        default=pooling.POOLINGS[0],
        required=True,
        key="operation",
        bind="query-params",
        help="Pooling has nothing to learn. A strided convolution also makes a map smaller, with "
        "weights that can be learnt.",
    )
    assert kind in pooling.POOLINGS
    problem = st.container()  # beside the settings: that is where somebody looks
    with st.container(horizontal=True, gap="small"):
        window = pair_field(
            NAME, "window", 2, "How many cells it covers, each way.", key="window", least=1
        )
        stride = pair_field(
            NAME, "stride", 2, "How far the window goes in one step.", key="pool_stride", least=1
        )
        padding = pair_field(
            NAME, "padding", 0, "At most half the window.", key="pool_padding", least=0
        )
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        dilation = pair_field(
            NAME,
            "dilation",
            1,
            "From one cell of a window to the next.",
            key="pool_dilation",
            least=1,
        )
        ceil_mode = st.toggle(
            "Past the edge",
            key="ceil_mode",
            bind="query-params",
            help="Windows that hang over the edge give a number, too. PyTorch calls it ceil_mode: "
            "the size of the output is rounded up.",
        )

with stage:
    link.unusable(addresses.POOLING)
    try:
        settings = pooling.Settings(
            kind,
            pair("window", window, 1),
            pair("stride", stride, 1),
            pair("padding", padding, 0),
            pair("dilation", dilation, 1),
            ceil_mode,
        )
        pooling.check(image.shape[1:], settings)
        st.session_state["pooling_good"] = image, settings, source
    except ValueError as error:
        problem.error(f"{error}. Shown is still the last setting that worked.")
        st.session_state.setdefault("pooling_good", (image, pooling.Settings(), source))
    good, settings, source = st.session_state["pooling_good"]
    keep_shown(NAME, torch.equal(good, image))
    image = good

weights = None
if settings.kind == "strided convolution":
    rows, columns = settings.kernel
    first = np.zeros(settings.kernel, np.float32)
    first[0, 0] = 1
    grid = link.parameter(NAME, "weights", grids.parse, first)
    if grid.shape != settings.kernel:
        grid = first
    with rail:
        grid_editor(
            "weights of the strided convolution",
            grid,
            key=f"pooling_weights_{rows}_{columns}",
            place=Place("pooling", "kernel", (0, 0)),
            on_edit=lambda edited: st.session_state.update(pooling_weights=edited),
            resizable=False,
        )
        st.caption(
            "Type in the kernel itself. As it opens, it keeps each window's first number and "
            "drops the rest. "
            f"With 1/{rows * columns} everywhere it is average pooling."
        )
    link.remember("weights", grids.as_text(grid), grids.as_text(first))
    weights = torch.from_numpy(grid)

layer = pooling.layer(settings, image.shape[1], weights)
result = trace(layer, image)
output = result.layers[0].values
NAMES = {"max": "Max pooling", "average": "Average pooling"}
picture = image_source.light(source, 1, -1 if settings.kind == "strided convolution" else 0)

with stage:
    with st.container(key="lab_picture"):
        st.header(NAMES.get(settings.kind, "Strided convolution"), anchor=False)
        network_view(
            result,
            key="pooling",
            input_ink=source in image_source.INK,
            light=picture,
            mark_winners=settings.kind == "max",
            pin=f"{result.layers[0].name}.0.{output.shape[1] // 2}.{output.shape[2] // 2}",
            linked=True,
        )
    sections.what_changes(
        NAME,
        image,
        layer,
        "ink" if source in image_source.INK else "signed" if picture is None else "light",
        ("Input", NAMES.get(settings.kind, "Strided convolution")),
    )
    fewer, overfitting = st.columns(2, gap="large")
    with fewer:
        winners = None
        if settings.kind == "max":
            winners = int((pooling.wins(image[0], settings) > 0).sum())
        sections.fewer_numbers(image, output, winners)
        csv_button(output.numpy(), "pooling", "The output maps, as numbers.")
    with overfitting:
        sections.less_overfitting()
