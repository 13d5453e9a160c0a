from functools import partial

from cnnviz.components.escaping import escaped
from cnnviz.ui import startup

startup.ready()  # what is slow is imported once, before a page imports anything itself

import streamlit as st
import torch

from cnnviz.components.network_view import Opening, Painting, network_view
from cnnviz.export import lab_page
from cnnviz.labs import pooling
from cnnviz.networks.trace import trace
from cnnviz.ui import addresses, lesson, link, linked, page
from cnnviz.ui import pooling as sections
from cnnviz.ui.fields import image_source
from cnnviz.ui.fields.one_of import pills
from cnnviz.ui.fields.pair_field import pair_field
from cnnviz.ui.fields.shown import keep_shown
from cnnviz.ui.one_page import save_lab_as_one_page
from cnnviz.ui.tables import csv_button

TABLE = addresses.POOLING
NAME = TABLE.page
link.take(TABLE)
page.header()
rail, stage = page.rail_and_stage()


with rail:
    page.lab_title(
        "Pooling",
        "A window slides over each map and keeps **one number**: the largest, or the mean. "
        "**Point at a number** of the small map to see the window that it stands for.",
    )
    source, image = image_source.image_source(TABLE, start="digit")
    if source == addresses.FEATURES:
        image = sections.feature_maps()
    kind: pooling.Kind = pills(
        TABLE,
        "operation",
        "Operation",
        help="Pooling has nothing to learn. A strided convolution also makes a map smaller, with "
        "weights that can be learnt.",
    )
    problem = st.container()  # beside the settings: that is where somebody looks
    with st.container(horizontal=True, gap="small"):
        window = pair_field(TABLE, "window", "How many cells it covers, each way.")
        stride = pair_field(TABLE, "pool_stride", "How far the window goes in one step.")
        padding = pair_field(TABLE, "pool_padding", "At most half the window.")
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        dilation = pair_field(TABLE, "pool_dilation", "From one cell of a window to the next.")
        ceil_mode = st.toggle(
            "Past the edge",
            key="ceil_mode",
            bind="query-params",
            help="Windows that hang over the edge give a number, too. PyTorch calls it ceil_mode: "
            "the size of the output is rounded up.",
        )

with stage:
    linked.note(TABLE)
    try:
        settings = pooling.Settings(
            kind,
            window.numbers(),
            stride.numbers(),
            padding.numbers(),
            dilation.numbers(),
            ceil_mode,
        )
        pooling.check(image.shape[1:], settings)
        st.session_state["pooling_good"] = image, settings, source
    except ValueError as error:
        problem.error(f"{escaped(error)}. Shown is still the last setting that worked.")
        st.session_state.setdefault("pooling_good", (image, pooling.Settings(), source))
    good, settings, source = st.session_state["pooling_good"]
    keep_shown(NAME, torch.equal(good, image))
    image = good

weights = None
if settings.kind == "strided convolution":
    with rail:
        weights = sections.weights_of_window(NAME, settings.kernel)

layer = pooling.layer(settings, image.shape[1], weights)
result = trace(layer, image)
output = result.layers[0].values
name = {"max": "Max pooling", "average": "Average pooling"}.get(
    settings.kind, "Strided convolution"
)
picture = image_source.light(source, 1, -1 if settings.kind == "strided convolution" else 0)

painting = Painting(source in image_source.INK, picture, winners=settings.kind == "max")
first = f"{result.layers[0].name}.0.{output.shape[1] // 2}.{output.shape[2] // 2}"

with stage:
    with st.container(key="lab_picture"):
        st.header(name, anchor=False)
        network_view(
            result,
            key=NAME,
            painting=painting,
            opening=Opening(first, linked=True),
        )
    lesson.told(
        NAME,
        lambda: {
            "pooling.operation": settings.kind,
            "pooling.window": settings.kernel[0],
            "pooling.stride": settings.stride[0],
            "pooling.rows": output.shape[-2],
            "pooling.columns": output.shape[-1],
        },
        result,
    )
    sections.what_changes(
        image,
        layer,
        "ink" if source in image_source.INK else "signed" if picture is None else "light",
        ("Input", name),
    )
    with st.container(key="pooling_saving"):
        fewer, overfitting = st.columns(2, gap="large")
    with fewer:
        winners = None
        if settings.kind == "max":
            winners = int((pooling.wins(image[0], settings) > 0).sum())
        sections.fewer_numbers(image, output, winners)
        with st.container(horizontal=True, vertical_alignment="center"):
            csv_button(output.numpy(), "pooling", "The output maps, as numbers.")
            save_lab_as_one_page(
                "pooling", partial(lab_page.layer_page, result, name, painting, first)
            )
    with overfitting:
        sections.less_overfitting()
