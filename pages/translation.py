from cnnviz.ui import startup

startup.ready()  # what is slow is imported once, before a page imports anything itself

import streamlit as st

from cnnviz.components.later import painted
from cnnviz.components.network_view import Drag, Opening, network_view
from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.labs import translation
from cnnviz.labs.appearance import RANGES, Appearance, change
from cnnviz.networks.trace import as_image, trace
from cnnviz.ui import addresses, link, page
from cnnviz.ui import translation as sections
from cnnviz.ui.addresses import DRAWING
from cnnviz.ui.drawing import current_drawing
from cnnviz.ui.fields.one_of import pills
from cnnviz.ui.model import current_model, digit_reader

TABLE = addresses.TRANSLATION
NAME = TABLE.page
R = translation.RADIUS
START = vars(Appearance())
link.take(TABLE)
page.header()
rail, stage = page.rail_and_stage()


def move_to(dx: int, dy: int) -> None:
    st.session_state["dx"] = max(-R, min(R, dx))
    st.session_state["dy"] = max(-R, min(R, dy))


def reset() -> None:
    st.session_state.update(START)
    move_to(0, 0)


with rail:
    page.lab_title(
        "Translation",
        "**Drag the digit** over its field, or click a cell of a map. A convolution's maps go "
        "along with it; what a classifier says need not stay.",
    )
    source: str = pills(TABLE, "digit_at", "Digit", "7")
    if source == DRAWING:
        original = current_drawing()
        guess = int(trace(digit_reader().model, original).layers[-1].values.argmax())
        label = st.selectbox(
            "It is meant to be a", range(10), index=guess, key="label", bind="query-params"
        )
    else:
        label = int(source)
        original = as_image(prepare(samples.ink(label)).centred)
    dx = st.slider("Right by", -R, R, -4, format="%d px", key="dx", bind="query-params")
    dy = st.slider("Down by", -R, R, -4, format="%d px", key="dy", bind="query-params")
    st.markdown("**Beyond shifts**")
    chosen = {
        name: st.slider(
            sections.WORDS[name],
            float(span.start),
            float(span.stop),
            START[name],
            float(span.step),
            format=f"%g{span.unit}",
            key=name,
            bind="query-params",
        )
        for name, span in RANGES.items()
    }
    st.button("Back to the middle, unchanged", on_click=reset)

appearance = Appearance(**chosen)
place = dx, dy
image = change(original, appearance)
model = digit_reader()
middle = trace(model.model, image)
moved = trace(model.model, translation.shift(image, *place))
drag = Drag(image[0], move_to, place, R)

with stage:
    link.unusable(TABLE)
    if model is not current_model():
        st.info("The network in use doesn't read digits: here you see the article's.")
    if source == DRAWING and not bool(original.any()):
        st.info("Your drawing is empty. Draw a digit on the Draw page, or pick one at the left.")
    try:
        networks = sections.rivals(model)
    except ValueError as error:
        st.error(f"{error} Without it there is nothing to compare with.")
        st.stop()
    with st.container(key="lab_picture"):
        sections.digit_and_maps(networks, image, label, place, move_to)
    sections.not_invariant()

    st.header("Through all layers", anchor=False)
    network_view(
        moved,
        key="translation",
        drag=drag,
        opening=Opening(translation.strongest_unit(moved), linked=True),
    )
    if not painted(NAME):
        st.stop()
    one = trace(model.model, translation.shift(image, 1, 0))
    sections.what_follows(middle, moved, one, place)
    sections.answers_csv(networks, image, label)
    sections.beyond_shifts(networks, original, label, appearance, place)
    sections.shuffled_pixels(original)
