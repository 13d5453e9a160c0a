from __future__ import annotations

import streamlit as st

from cnnviz.components import theme
from cnnviz.components.seen import seen
from cnnviz.drawing import sources
from cnnviz.ui import (
    explained_drawing,
    glossary,
    lesson,
    link,
    linked,
    page,
    startup,
    what_if,
    what_if_costs,
    what_if_lines,
)
from cnnviz.ui.addresses import DRAW
from cnnviz.ui.drawing import set_drawing
from cnnviz.ui.model import TRAINED, current_model, current_reads
from cnnviz.ui.one_page import save_as_one_page
from cnnviz.ui.pad import CANVAS, pad
from cnnviz.ui.starting_points import label_among, starting_points

SHIPPED = "checkpoints/article.safetensors"
EXPLANATION = """
<p><b>What am I looking at?</b></p>
<p>Your first stroke takes a sample's place; <i>undo</i> brings it back.</p>
<p>What is drawn, cropped and centred, is the <b>input</b>. Each small square between two columns is
a <b>kernel</b>: slid over the maps on its left, it makes the map on its right. The rose under each
of the first kernels shows its answers to bars at every angle. <span class="positive">Orange</span>
is positive, <span class="negative">blue</span> negative; ReLU takes the blue away.</p>
<p>Point at any pixel to see where it comes from. Click to pin it, and keep drawing: the number
moves.</p>
<p>The last columns are the <b>logits</b>, one score a class, and their <b>softmax</b>: how the
network shares its vote. PyTorch computes every number; while the pen is down the browser previews
them.</p>
"""


@st.fragment
def draw() -> None:
    """What a stroke reruns: everything but the header."""
    what_if.whole_page_if_kept()
    reads = current_reads()
    rail, stage = page.rail_and_stage(rail_gap="xsmall")
    with rail:
        drawn = pad(reads, "every layer follows the pen")
        said = st.container(key="draw_reading")
        said.empty()  # without anything in it, it would have no place yet
        starting_points(reads)
        steps = st.container()
        glossary.html(EXPLANATION)

    # torch from here on: the first visitor's canvas needn't wait for it.
    startup.wait_for_torch()
    from cnnviz.components.network_view import Live, Opening, Painting, Words, network_view
    from cnnviz.components.reading import reading
    from cnnviz.images import article
    from cnnviz.networks.trace import as_image

    checkpoint = current_model()
    source = drawn.source
    prepared = drawn.prepared(reads.frame)
    image = as_image(prepared.image)
    traced, changeable = what_if.traced(checkpoint, image)
    set_drawing(drawn)
    # A picture, or strokes on one in colour, aren't judged by how much ink there is.
    strokes = drawn.ink if source is None and prepared.light is None else None
    unlike = None
    if traced.probabilities is not None:
        if not prepared.empty:
            unlike = explained_drawing.why_unlike(strokes, image, checkpoint)
        with said:
            reading(
                traced.probabilities,
                key="draw_words",
                view="network",
                blank=prepared.empty,
                unlike=unlike,
                truth=label_among(reads, source),
                classes=reads.classes,
            )
    with steps:
        seen(prepared, key="draw_seen", view="network")
    words = Words(
        classes=None if reads.digits else reads.classes,
        checkpoint=SHIPPED if checkpoint.name == TRAINED else None,
        looks_for=explained_drawing.looked_for(checkpoint),
    )
    with stage:
        linked.note(DRAW)
        network_view(
            traced,
            key="network",
            live=Live(CANVAS, drawn.centre, sources.colours_of(drawn.beneath, reads.frame)),
            painting=Painting(frame=reads.frame),
            words=words,
            opening=Opening(linked=True, demonstration=source is not None),
            what_if=changeable,
        )
        lesson.told(
            "draw",
            lambda: explained_drawing.facts(drawn, prepared, traced, reads, unlike is not None),
            traced,
        )
        # A place of its own, or each clear would move what follows, which is then made anew.
        with st.container(key="draw_strongest"):
            if not prepared.empty and (said_of := explained_drawing.strongest(traced)):
                st.caption(said_of)
        with st.expander(
            "What a change costs in general, and its lines of PyTorch",
            on_change="rerun",
            key="draw_costs",
        ) as general:
            if general.open:
                what_if_costs.costs(checkpoint)
                what_if_lines.lines(checkpoint, image)
        save_as_one_page(drawn, prepared, checkpoint, words)
        with st.expander(
            "As in “Convolutional Neural Networks”", on_change="rerun", key="draw_article"
        ) as pictures:
            if pictures.open:
                st.html(article.maps(traced, theme.current()))
                st.html(explained_drawing.filters(checkpoint, theme.current()))


link.take(DRAW)
page.header()
draw()
