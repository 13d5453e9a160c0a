from cnnviz.ui import startup

startup.ready()  # what is slow is imported once, before a page imports anything itself

from functools import partial

import streamlit as st

from cnnviz.components.drawing_pad import drawing_pad, pad_tools
from cnnviz.components.network_view import Live, Opening, Painting, Words, network_view
from cnnviz.networks.trace import as_image, trace
from cnnviz.ui import building, glossary, linked, page, person
from cnnviz.ui.addresses import BUILD
from cnnviz.ui.drawing import Drawn, set_drawing
from cnnviz.ui.starting_points import source_in_view, take, take_drawing

CENTRE = "draw_centre"


@st.fragment
def build() -> None:
    """What a stroke or a changed layer reruns: everything but the header."""
    source = source_in_view()
    rail, stage = page.rail_and_stage(rail_gap="xsmall")
    with stage:
        judged = building.layers()
        seen = st.container()
    with rail:
        st.title("Build")
        glossary.words(
            "**Start** from a network, and add, move or set its layers: it is alive on your "
            "drawing before it has learnt anything."
        )
        ink = drawing_pad(linked.CANVAS, cover=source, on_change=partial(take_drawing, source))
        with st.container(horizontal=True, vertical_alignment="center", key="draw_line"):
            start = linked.centred_at_first()
            drawn = Drawn(source, ink, st.session_state.get(CENTRE, start), source)
            pad_tools(
                linked.CANVAS,
                backdrop=source and source.shown,
                linked=linked.of(drawn, linked.CANVAS, building.dataset().frame),
                on_change=take,
            )
            st.checkbox("centre", value=start, key=CENTRE, persist_state="session")
        building.presets(judged)
        building.pictures()
        architecture = judged.architecture or building.fitting()
        made = building.network(architecture)
        building.onwards(judged, made)
        building.weights_from_a_file(architecture)
        linked.note(BUILD)
    dataset = building.dataset()
    prepared = drawn.prepared(dataset.frame)
    set_drawing(drawn)
    with seen:
        network_view(
            trace(made.model, as_image(prepared.image)),
            key="build_network",
            live=Live(linked.CANVAS, centre=drawn.centre),
            painting=Painting(frame=dataset.frame),
            opening=Opening(linked=True),
            words=Words(classes=None if dataset.named_by_number else dataset.classes),
        )


page.header()
person.meet()
building.take()
build()
