from functools import partial

from cnnviz.components.escaping import escaped
from cnnviz.ui import startup

startup.ready()  # what is slow is imported once, before a page imports anything itself

import streamlit as st
import torch

from cnnviz.components.network_view import Opening, Painting, network_view
from cnnviz.export import lab_page
from cnnviz.labs import convolution_2d
from cnnviz.labs.convolution_2d import PaddingMode
from cnnviz.networks.trace import trace
from cnnviz.ui import addresses, lesson, link, linked, page
from cnnviz.ui import convolution_2d as sections
from cnnviz.ui.fields import image_source
from cnnviz.ui.fields.kernel_editor import kernel_editor
from cnnviz.ui.fields.one_of import pills, segments
from cnnviz.ui.fields.pair_field import pair_field
from cnnviz.ui.fields.shown import keep_shown
from cnnviz.ui.one_page import save_lab_as_one_page
from cnnviz.ui.tables import csv_button

TABLE = addresses.CONVOLUTION_2D
NAME = TABLE.page
SOURCE = (
    "The order of ideas is that of the article *Convolutional Neural Networks*, which recommends "
    "3Blue1Brown's video [But what is a convolution?](https://www.youtube.com/watch?v=KuXjwB4LzSA)"
)
link.take(TABLE)
page.header()
rail, stage = page.rail_and_stage()


with rail:
    page.lab_title(
        "2D convolution",
        "**Paint the input** or type in the kernel, and point at a result to see its sum. "
        "Networks call this convolution; in mathematics it is **cross-correlation**, and "
        "convolution flips the kernel first.",
    )
    # Filled below: how many channels there are decides what the widgets above them show.
    numbers = st.container(gap="small")
    with st.container(horizontal=True, gap="small"):
        channels_in: int = segments(TABLE, "in", "Input channels")
        channels_out: int = segments(TABLE, "out", "Output maps")

with numbers:
    source, image = image_source.image_source(TABLE, channels_in)
    kernels, bias = kernel_editor(NAME, channels_out, channels_in)
    problem = st.container()  # beside the settings: that is where somebody looks
    with st.container(horizontal=True, gap="small"):
        stride = pair_field(TABLE, "stride", "How far the kernel goes in one step.")
        padding = pair_field(TABLE, "padding", "Rows and columns added on each side.")
        dilation = pair_field(TABLE, "dilation", "From one kernel value to the next.")
    padding_mode: PaddingMode = pills(
        TABLE,
        "padding_mode",
        "Padding with",
        help="Zeros; the input mirrored at its edge; its edge repeated; its opposite side.",
    )
    both = st.toggle(
        "With the flip, beside it",
        key="both",
        bind="query-params",
        help="The same kernel, flipped first (turned by 180°): what mathematics calls convolution.",
    )

with stage:
    linked.note(TABLE)
    try:
        settings = convolution_2d.Settings(
            stride.numbers(), padding.numbers(), dilation.numbers(), padding_mode
        )
        convolution_2d.check(image.shape[1:], kernels.shape, settings)
        st.session_state["conv2d_good"] = image, kernels, bias, settings
    except ValueError as error:
        problem.error(f"{escaped(error)}. Shown is still the last setting that worked.")
        if "conv2d_good" not in st.session_state:
            kernels, settings = kernels[..., :1, :1], convolution_2d.Settings()
            st.session_state["conv2d_good"] = image, kernels, bias, settings
    good = st.session_state["conv2d_good"]
    keep_shown(NAME, torch.equal(good[0], image) and torch.equal(good[1], kernels))
    image, kernels, bias, settings = good

    ink = source in image_source.INK and image.shape[1] == 1
    painting = Painting(ink, image_source.light(source, image.shape[1]))
    correlated = trace(convolution_2d.layer(kernels, settings, bias), image)
    output = correlated["conv"].values
    first = f"conv.0.{min(1, output.shape[1] - 1)}.{min(3, output.shape[2] - 1)}"
    maps, which = output, "The output maps, as numbers."
    with st.container(key="lab_picture", gap="small"):
        heading = "2D convolution, without the flip" + (" and with it" if both else "")
        st.header(heading, anchor=False)
        if both:
            turned = convolution_2d.layer(convolution_2d.flipped(kernels), settings, bias)
            convolved = trace(turned, image)
            sections.side_by_side(correlated, convolved, kernels, painting)
            maps = torch.cat([output, convolved["conv"].values])
            which = "The maps without the flip, then those with it, as numbers."
        else:
            network_view(
                correlated,
                key="conv2d",
                painting=painting,
                opening=Opening(first, linked=True),
            )
    lesson.told(
        NAME,
        lambda: {
            "grid.picture": image[0, 0].tolist(),
            "grid.kernel": kernels[0, 0].tolist(),
            "grid.stride": settings.stride[0],
            "grid.padding": settings.padding[0],
            "grid.dilation": settings.dilation[0],
            "grid.channels": image.shape[1],
            "grid.maps": len(kernels),
            "grid.rows": output.shape[-2],
            "grid.columns": output.shape[-1],
        },
        correlated,
    )
    st.markdown(
        "**Why networks do without the flip:** they learn their kernels. With the flip, training "
        "would find the same kernels turned by 180°, and the maps would be the same."
    )

    size, cost = st.columns(2, gap="large")
    with size:
        sections.how_large(image, kernels, settings)
    with cost:
        sections.what_it_costs(image, kernels, output.shape)
        with st.container(horizontal=True, vertical_alignment="center"):
            csv_button(maps.numpy(), "convolution", which)
            save_lab_as_one_page(
                "convolution_2d",
                partial(lab_page.layer_page, correlated, "2D convolution", painting, first),
            )
        st.caption(SOURCE)
