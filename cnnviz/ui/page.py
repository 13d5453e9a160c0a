"""The frame that every page has; how it looks is page.css, which comes with the page's HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import streamlit as st

from cnnviz.components.escaping import escaped
from cnnviz.components.frame import frame
from cnnviz.ui import glossary, lesson, linked, model, startup, switches

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

_REFUSED = "refused_uploads"


def header(canvas: str = linked.CANVAS, presents: bool = False) -> None:
    """The page frame, its link and the model picker: the first call of every page. A link's strokes
    go on the canvas of that key. `presents`: the page is without a view that tells it of the
    presentation size."""
    startup.begin()
    linked.take(canvas)
    lesson.take()
    # A telephone's top bar has a menu in place of the pages' names.
    if title := st.session_state.get("page_title"):
        st.container(key="page_name").markdown(f"**{title}**")
    with st.container(key="tools", horizontal=True, gap="small"):
        frame(linked.page(), presents)
        model.picker()
    lesson.strip()
    _tell_of_refused_uploads()


def _tell_of_refused_uploads() -> None:
    """Each message is written in every run until its page is left: written once alone, one of a
    later run would take its place."""
    page, told = st.session_state.get(_REFUSED, (None, ()))
    now = st.session_state.get("page_title")
    refused = [*(told if page == now else ()), *switches.refused_uploads()]
    st.session_state[_REFUSED] = now, refused
    for refusal in refused:
        name = escaped(refusal.name) or "A file"
        st.toast(
            f"{name} ({refusal.megabytes}) isn't taken. {refusal.reason}",
            icon=":material/block:",
            duration="infinite",
        )


def lab_title(title: str, words: str) -> None:
    """What the lab is, and what to do there; the first use of a word is explained."""
    with st.container(key="lab_title", gap="small"):
        st.title(title)
        glossary.words(words)


def rail_and_stage(
    rail_gap: Literal["xsmall", "small"] = "small",
) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two containers: what one does (280 px, left) and what one sees; stacked where it's narrow."""
    frame = st.container(key="frame", horizontal=True, gap="medium")
    rail = frame.container(key="rail", width=280, gap=rail_gap)
    stage = frame.container(key="stage", width="stretch", gap="small")
    return rail, stage
