"""The drawing of a session where one draws it: the same on every page that has the pad."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from cnnviz.components.drawing_pad import beneath, drawing_pad, pad_tools
from cnnviz.drawing import sources
from cnnviz.ui import linked
from cnnviz.ui.drawing import Drawn
from cnnviz.ui.linked import CANVAS
from cnnviz.ui.starting_points import named_in_words, source_in_view, take, take_drawing

if TYPE_CHECKING:
    from cnnviz.ui.model import Reads

CENTRE = "draw_centre"


def pad(reads: Reads, words: str) -> Drawn:
    """The canvas, and its tools below it; `words` say what one's drawing does here."""
    source = source_in_view()
    what = "a digit" if reads.digits else named_in_words(reads)
    st.markdown(f"**Draw {what}**  \n:small[:gray[{words}]]")
    ink = drawing_pad(
        CANVAS,
        cover=source,
        on_light=lambda cover: sources.on_canvas(cover, reads.frame) is not None,
        on_change=partial(take_drawing, source),
    )
    under = source or beneath(CANVAS)
    start = linked.centred_at_first()
    drawn = Drawn(source, ink, st.session_state.get(CENTRE, start), under)
    with st.container(horizontal=True, vertical_alignment="center", key="draw_line"):
        pad_tools(
            CANVAS,
            backdrop=source and source.shown,
            light=sources.on_canvas(under, reads.frame),
            linked=linked.of(drawn, CANVAS, reads.frame),
            on_change=take,
        )
        st.checkbox("centre", value=start, key=CENTRE, persist_state="session")
    return drawn
