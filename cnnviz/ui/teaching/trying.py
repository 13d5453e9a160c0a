"""Drawing for a network of one's own: the draw page's parts, with one's own symbols."""

import numpy as np
import streamlit as st

from cnnviz.components.drawing_pad import drawing_pad, pad_tools
from cnnviz.components.network_view import Live, Opening, Painting, Words, network_view
from cnnviz.components.reading import reading
from cnnviz.components.seen import seen
from cnnviz.drawing import sources
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.trace import as_image, trace
from cnnviz.ui import explained_drawing, linked
from cnnviz.ui.drawing import Drawn, set_drawing
from cnnviz.ui.model import use_model

CANVAS, VIEW = "teach_try", "teach_network"


def pen(network: Checkpoint) -> np.ndarray | None:
    """What one draws with for `network`; its ink (280, 280) in [0, 1], or None."""
    ink = drawing_pad(CANVAS, on_change=lambda _: None)
    drawn = Drawn(None, ink)
    pad_tools(
        CANVAS,
        backdrop=None,
        linked=linked.of(drawn, CANVAS, network.frame),
        on_change=lambda _: None,
    )
    set_drawing(drawn)
    return ink


def answer(network: Checkpoint, ink: np.ndarray | None, score: str | None) -> None:
    """What the network says, under the pen, and what it saw; `score` is said of it."""
    prepared = sources.seen(None, ink, True, network.frame)
    image = as_image(prepared.image)
    probabilities = trace(network.model, image).probabilities
    assert probabilities is not None
    why = None if prepared.empty else explained_drawing.why_unlike(ink, image, network)
    with st.container(key="draw_reading"):
        reading(
            probabilities,
            key="teach_words",
            view=VIEW,
            blank=prepared.empty,
            unlike=why,
            classes=network.classes,
        )
    if score is not None:
        st.caption(f"{score}.")
    seen(prepared, key="teach_seen", view=VIEW)
    st.button(
        "Use it on every page",
        on_click=use_model,
        args=(network,),
        help="The draw page and the labs show this network then, until another is chosen.",
    )


def view(network: Checkpoint, ink: np.ndarray | None) -> None:
    """Every layer, following the pen."""
    prepared = sources.seen(None, ink, True, network.frame)
    traced = trace(network.model, as_image(prepared.image))
    network_view(
        traced,
        key=VIEW,
        live=Live(CANVAS),
        painting=Painting(frame=network.frame),
        words=Words(classes=network.classes, looks_for=explained_drawing.looked_for(network)),
        opening=Opening(linked=True),
    )
    if not prepared.empty and (said := explained_drawing.strongest(traced)):
        st.caption(said)
