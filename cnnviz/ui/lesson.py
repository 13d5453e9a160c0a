"""The lesson that a session plays, as pages know it: nothing of it is imported where none is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    from cnnviz.networks.trace import Trace

PLAYED, TO = "lesson_played", "lesson_to"


def follow() -> None:
    """Go where the lesson goes next; call before a page runs."""
    if TO in st.session_state:
        from cnnviz.ui.lessons import playing

        playing.follow()


def strip() -> None:
    """The strip of the lesson, where one is played."""
    if PLAYED in st.session_state:
        from cnnviz.ui.lessons import bar

        bar.bar()


def told(part: str, traced: Trace | None = None, **facts: Any) -> None:
    """Tell the lesson what a page, or a `part` of it that is run again by itself, shows: facts of
    `cnnviz.lessons.facts` by name, with two underscores for the dot.

    `traced` is what its network view draws. Call once in a part.
    """
    if PLAYED in st.session_state:
        from cnnviz.ui.lessons import bar

        bar.told(part, traced, facts)
