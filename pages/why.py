from cnnviz.ui import startup

startup.ready()  # what is slow is imported once, before a page imports anything itself

import streamlit as st

from cnnviz.components.asked import marks_before, marks_before_pen
from cnnviz.components.choices import choices
from cnnviz.components.network_view import Live, Opening, Painting, Words, network_view
from cnnviz.drawing import sources
from cnnviz.networks.trace import as_image, trace
from cnnviz.ui import fragments, lesson, link, linked, page
from cnnviz.ui.addresses import WHY
from cnnviz.ui.drawing import set_drawing
from cnnviz.ui.model import current_model, current_reads
from cnnviz.ui.pad import CANVAS, pad
from cnnviz.ui.starting_points import label_among, starting_points
from cnnviz.ui.why.context import NETWORK, Context
from cnnviz.ui.why.sections import SECTIONS

ABOUT = "why_about"
NAMES = list(SECTIONS)


def choose(place: int) -> None:
    st.session_state[ABOUT] = NAMES[place]


def why() -> None:
    """What a stroke reruns: everything but the header. Only the chosen section is computed."""
    reads, checkpoint = current_reads(), current_model()
    about = st.session_state[ABOUT]
    choices(
        "Why this answer?",
        [section.title for section in SECTIONS.values()],
        NAMES.index(about),
        key="why_sections",
        on_choose=choose,
    )
    rail, stage = page.rail_and_stage(rail_gap="xsmall")
    with rail:
        drawn = pad(reads, "and see what each claim about it is worth")
        starting_points(reads)
        settings = st.container(key="why_settings")
    set_drawing(drawn)
    prepared = drawn.prepared(reads.frame)
    image = as_image(prepared.image)
    traced = trace(checkpoint.model, image)
    link.keep(WHY, "about", about)
    live = Live(CANVAS, drawn.centre, sources.colours_of(drawn.beneath, reads.frame))
    with stage:
        note = st.container()
        section = st.container(key=f"why_{about}")
        if not SECTIONS[about].draws_network or prepared.empty:
            network_view(
                traced,
                key=NETWORK,
                live=live,
                painting=Painting(frame=reads.frame),
                words=Words(classes=None if reads.digits else reads.classes),
                opening=Opening(linked=True),
            )
    lesson.told("why", lambda: {"why.section": about}, traced)
    with section:
        st.html(
            f"<p class='why-question'><b>{SECTIONS[about].question}</b>"
            "<span>Dimmed: still of the drawing before.</span></p>"
        )
        if prepared.empty:
            st.info("Nothing is drawn yet: draw at the left, or start from a sample.")
        elif traced.logits is None or not bool(traced.logits.isfinite().all()):
            st.error("The network's answer isn't a number: its weights hold NaN or are too large.")
        else:
            SECTIONS[about].show(
                Context(
                    checkpoint,
                    reads,
                    drawn,
                    prepared,
                    image,
                    traced,
                    label_among(reads, drawn.source),
                    settings,
                )
            )
            within = f"why_{about}"
            if SECTIONS[about].draws_network:
                marks_before_pen(
                    traced.image, key="why_before", live=live, frame=reads.frame, within=within
                )
            else:
                marks_before(traced.image, key="why_before", view=NETWORK, within=within)

    with note:
        linked.note(WHY)


link.take(WHY)
page.header()
fragments.fragment(why)()
