from cnnviz.components.escaping import as_sentence
from cnnviz.ui import startup

startup.ready()  # what is slow is imported once, before a page imports anything itself

import streamlit as st

from cnnviz.components.later import painted
from cnnviz.components.network_view import Drag, Opening, Painting, Words, network_view
from cnnviz.drawing import sources
from cnnviz.labs import translation
from cnnviz.labs.appearance import RANGES, Appearance, change
from cnnviz.networks.trace import as_image, trace
from cnnviz.ui import addresses, lesson, link, linked, page
from cnnviz.ui.addresses import DRAWING
from cnnviz.ui.drawing import current_drawing
from cnnviz.ui.fields.one_of import pills
from cnnviz.ui.fields.put import put
from cnnviz.ui.model import current_model, reads_of
from cnnviz.ui.translation import beyond, shifts
from cnnviz.ui.translation.subject import Subject, draws_digits, meant, rivals

TABLE = addresses.TRANSLATION
NAME = TABLE.page
START = vars(Appearance())
link.take(TABLE)
page.header()
rail, stage = page.rail_and_stage()
model = current_model()
reads = reads_of(model)
R = translation.radius_of(reads.frame)


def move(key: str, pixels: int) -> None:
    put(key, max(-R, min(R, pixels)))


def move_to(dx: int, dy: int) -> None:
    move("dx", dx)
    move("dy", dy)


def reset() -> None:
    st.session_state.update(START)
    move_to(0, 0)


for key in ("dx", "dy"):
    if key in st.session_state:  # of larger pictures, may be
        move(key, st.session_state[key])
with rail:
    page.lab_title(
        "Translation",
        f"**Drag the {'digit' if reads.digits else 'picture'}** over its field, or click a cell of "
        "a map. A convolution's maps go along with it; what a classifier says need not stay.",
    )
    source: str = pills(TABLE, "digit_at", "Digit", "7") if draws_digits(reads) else DRAWING
    if source == DRAWING:
        original = current_drawing(reads.frame)
        label = meant(model, reads, original)
    else:
        label = int(source)
        original = as_image(sources.seen(sources.sample(label), None, True, reads.frame).image)
    start = max(-R, -4)
    dx = st.slider("Right by", -R, R, start, format="%d px", key="dx", bind="query-params")
    dy = st.slider("Down by", -R, R, start, format="%d px", key="dy", bind="query-params")
    st.markdown("**Beyond shifts**")
    chosen = {
        name: st.slider(
            beyond.WORDS[name],
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
paper = reads.frame.paper
subject = Subject(change(original, appearance, paper), original, label, reads)
moved = trace(model.model, subject.moved(*place))

with stage:
    linked.note(TABLE)
    if bool((original == paper).all()):
        st.info(
            "Your drawing is empty. Draw a digit on the Draw page, or pick one at the left."
            if reads.digits
            else "Your drawing is empty. Draw or choose one on the Draw page."
        )
    try:
        networks = rivals(model, reads)
    except ValueError as error:
        st.error(f"{as_sentence(error)} Without it there is nothing to compare with.")
        st.stop()
    with st.container(key="lab_picture"):
        shifts.picture_and_maps(networks, subject, place, move_to)
    shifts.not_invariant(model.model, reads)

    st.header("Through all layers", anchor=False)
    network_view(
        moved,
        key="translation",
        drag=Drag(subject.image[0], move_to, place, R, paper),
        painting=Painting(frame=reads.frame),
        words=Words(classes=subject.names),
        opening=Opening(translation.strongest_unit(moved), linked=True),
    )
    lesson.told(
        NAME,
        lambda: {
            "translation.right": dx,
            "translation.down": dy,
            "translation.answer": reads.classes[int(moved.layers[-1].values.argmax())],
        },
        moved,
    )
    if not painted(NAME):
        st.stop()
    shifts.what_follows(model.model, subject, place)
    shifts.answers_csv(networks, subject)
    beyond.appearances(networks, subject, appearance, place)
    beyond.shuffled_pixels(subject)
