from __future__ import annotations

import random
from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from cnnviz.components.drawing_pad import drawing_pad, pad_tools
from cnnviz.datasets import gallery, mnist
from cnnviz.drawing import sources
from cnnviz.images import seen
from cnnviz.ui import glossary, page, startup, theme
from cnnviz.ui.drawing import current_drawing, set_drawing
from cnnviz.ui.model import TRAINED, current_model

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from cnnviz.networks.checkpoints import Checkpoint
    from cnnviz.networks.trace import Trace
    from cnnviz.palette import Theme

SOURCE, PROBLEM, SAMPLE, CENTRE = "draw_source", "draw_problem", "draw_sample", "draw_centre"
SHIPPED = "checkpoints/article.safetensors"
EXPLANATION = """
**What am I looking at?**

Your first stroke takes a sample's place; *undo* brings it back.

Your drawing, cropped and centred, is the **input**. Each small square between two columns is a
**kernel**: slid over the maps on its left, it makes the map on its right. :orange[Orange] is
positive, :blue[blue] negative; ReLU takes the blue away.

Point at any pixel to see where it comes from. Click to pin it, and keep drawing: the number moves.

The last columns are the **logits**, one score a digit, and their **softmax**: how the network
shares its vote. PyTorch computes every number; while the pen is down the browser previews them.
"""


def take(source: sources.Source | None) -> None:
    """Show `source` in place of the drawing; None is the drawing itself."""
    st.session_state[SOURCE] = source
    st.session_state[SAMPLE] = source.digit if source else None
    st.session_state.pop(PROBLEM, None)


def take_sample() -> None:
    digit = st.session_state[SAMPLE]
    # A second click on a pill would deselect it: it's the same sample, afresh.
    before = st.session_state[SOURCE]
    if digit is not None:
        take(sources.sample(digit))
    elif before is not None and before.digit is not None:
        take(before)


def take_number(number: int) -> None:
    st.session_state["draw_number"] = number
    take(gallery.test_digit(number))


def choose_number(number: int) -> None:
    """The same, and away with the menu: what was chosen lies under it."""
    take_number(number)
    st.session_state["draw_mnist"] = False


def take_next(label: int) -> None:
    choose_number(gallery.next_with_label(label, st.session_state["draw_number"]))


def take_picture(key: str) -> None:
    file = st.session_state[key]
    if file is None:
        return
    try:
        take(sources.picture(file.getvalue(), file.name))
    except ValueError as error:
        st.session_state[PROBLEM] = f"{file.name}: {error}"


def starting_points() -> None:
    """Samples, MNIST's test digits, files and the camera."""
    st.pills(
        "or start from",
        range(10),
        key=SAMPLE,
        on_change=take_sample,
    )
    with st.container(horizontal=True, gap="xsmall", key="draw_sources"):
        with st.popover("MNIST", on_change="rerun", key="draw_mnist") as numbered:
            if numbered.open:
                mnist_gallery()
        with st.popover("upload", on_change="rerun", key="draw_upload") as upload:
            if upload.open:
                st.file_uploader(
                    "A picture of one digit",
                    type=["png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp"],
                    key="draw_file",
                    on_change=take_picture,
                    args=("draw_file",),
                    help="A photograph of ink on paper, a scan, or a drawing.",
                )
                problem()
        with st.popover("camera", on_change="rerun", key="draw_camera") as camera:
            if camera.open:
                st.camera_input(
                    "Hold up one digit on paper",
                    key="draw_photo",
                    on_change=take_picture,
                    args=("draw_photo",),
                )
                problem()
    # A popover covers what lies under it, so an open one says it itself.
    if not (upload.open or camera.open):
        problem()


def problem() -> None:
    if PROBLEM in st.session_state:
        st.error(st.session_state[PROBLEM])


def mnist_gallery() -> None:
    if not mnist.available():
        st.info("MNIST isn't on this machine. The samples and your own pictures work without it.")
        if not st.button(f"Fetch it ({mnist.TOTAL_BYTES / 1e6:.0f} MB)"):
            return
    try:
        count = fetched_test_digits()
    except mnist.Unavailable as reason:
        st.warning(str(reason))
        return
    st.session_state.setdefault("draw_number", 0)
    st.button(
        "As in “Convolutional Neural Networks”: test_set[0]", on_click=choose_number, args=(0,)
    )
    st.number_input(
        f"Test image, 0 to {count - 1}",
        min_value=0,
        max_value=count - 1,
        key="draw_number",
        on_change=lambda: take_number(st.session_state["draw_number"]),
    )
    st.button("At random", on_click=lambda: choose_number(random.randrange(count)))
    st.pills(
        "The next one that is a",
        range(10),
        key="draw_label",
        on_change=take_label,
    )


def fetched_test_digits() -> int:
    """How many there are; a progress bar while they come over the network."""
    if mnist.available():
        return len(mnist.load("test").labels)
    bar = st.progress(0.0, "Fetching MNIST")

    def show(done: int, total: int) -> None:
        bar.progress(done / total, "Fetching MNIST")

    count = len(mnist.load("test", progress=show).labels)
    bar.empty()
    return count


def take_label() -> None:
    label = st.session_state["draw_label"]
    st.session_state["draw_label"] = None
    if label is not None:
        take_next(label)


@lru_cache(maxsize=8)
def filters(checkpoint: Checkpoint, colours: Theme) -> str:
    """The model's filters; no stroke changes them."""
    from cnnviz.images import article
    from cnnviz.networks.trace import trace

    return article.filters(trace(checkpoint.model, current_drawing()), colours)


@lru_cache(maxsize=8)
def looked_for(checkpoint: Checkpoint, colours: Theme) -> str:
    """The first convolution's kernels, each with its answers to bars; no stroke changes them."""
    from torch import nn

    from cnnviz.images.orientation import roses
    from cnnviz.labs import orientation

    first = next((layer for layer in checkpoint.model if isinstance(layer, nn.Conv2d)), None)
    if first is None:
        return "This network has no kernels."
    found = orientation.tunings(first, current_drawing().shape[-1])
    return roses(
        first.weight.detach()[:, 0].numpy(),
        orientation.ANGLES,
        [tuning.answers for tuning in found],
        [tuning.in_words() for tuning in found],
        colours,
    )


def strongest(traced: Trace) -> str:
    """Which map of each convolution answers most to this drawing."""
    from cnnviz.labs.orientation import strongest_maps

    said = [f"**{layer}** map {at}, up to {most:.1f}" for layer, at, most in strongest_maps(traced)]
    return f"Answers most to this drawing: {'; '.join(said)}." if said else ""


def unlike(
    ink: np.ndarray | None, source: sources.Source | None, image: Tensor, checkpoint: Checkpoint
) -> str | None:
    """Why it can't be a digit, however sure the network is; None where it may well be one."""
    from cnnviz.networks import familiarity

    if source is None and ink is not None and (doubt := sources.doubt(ink)):
        return f"{doubt.capitalize()}."
    known = familiarity.of(checkpoint)
    if known is not None and bool(known.unlike(image)):
        return "Unlike all that it was trained on."
    return None


@st.fragment
def draw() -> None:
    """What a stroke reruns: everything but the header."""
    source: sources.Source | None = st.session_state[SOURCE]
    rail, stage = page.rail_and_stage(rail_gap="xsmall")
    with rail:
        st.markdown("**Draw a digit**  \n:small[:gray[every layer follows the pen]]")
        ink = drawing_pad("draw", cover=source, on_change=take)
        with st.container(horizontal=True, vertical_alignment="center", key="draw_line"):
            pad_tools("draw", backdrop=source and source.shown, on_change=take)
            centre = st.checkbox("centre", value=True, key=CENTRE, persist_state="session")
        said = st.container(key="draw_reading")
        said.empty()  # without anything in it, it would have no place yet
        starting_points()
        steps = st.empty()
        glossary.caption(EXPLANATION)

    # torch from here on: the first visitor's canvas needn't wait for it.
    startup.wait_for_torch()
    from cnnviz.components.network_view import Live, network_view
    from cnnviz.components.reading import reading
    from cnnviz.images import article
    from cnnviz.networks.trace import as_image, trace

    prepared = sources.seen(source, ink, centre)
    checkpoint = current_model()
    image = as_image(prepared.centred)
    traced = trace(checkpoint.model, image)
    set_drawing(image, source and source.truth)
    if traced.probabilities is not None:
        with said:
            reading(
                traced.probabilities,
                key="draw_words",
                view="network",
                blank=prepared.empty,
                unlike=None if prepared.empty else unlike(ink, source, image, checkpoint),
                truth=source and source.label,
            )
    steps.html(seen.steps(prepared))
    with stage:
        network_view(
            traced,
            key="network",
            live=Live("draw", centre=centre),
            linked=True,
            demonstration=source is not None,
            checkpoint=SHIPPED if checkpoint.name == TRAINED else None,
        )
        with st.expander("What the first kernels look for", on_change="rerun") as looking:
            if looking.open:
                st.html(looked_for(checkpoint, theme.current()))
        if said_of := strongest(traced):
            st.caption(said_of)
        with st.expander(
            "As in “Convolutional Neural Networks”", on_change="rerun", key="draw_article"
        ) as pictures:
            if pictures.open:
                st.html(article.maps(traced, theme.current()))
                st.html(filters(checkpoint, theme.current()))


page.header()
if SOURCE not in st.session_state:
    take(sources.sample(7))
st.session_state.setdefault(SAMPLE, getattr(st.session_state[SOURCE], "digit", None))
draw()
