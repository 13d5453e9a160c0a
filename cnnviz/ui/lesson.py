"""The lesson that a session plays, as pages know it: nothing of it is imported where none is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from cnnviz.ui import link
from cnnviz.ui.addresses import SESSION

if TYPE_CHECKING:
    from cnnviz.networks.trace import Trace

PLAYED, TO = "lesson_played", "lesson_to"
_TAKEN = "lesson_taken"


def follow() -> None:
    """Go where the lesson goes next; call before a page runs."""
    if TO in st.session_state:
        from cnnviz.ui.lessons import playing

        playing.follow()


def take() -> None:
    """Begin the lesson that the first address of a session asks for."""
    if _TAKEN in st.session_state:
        return
    st.session_state[_TAKEN] = True
    asked, _ = link.read(SESSION, link.texts(SESSION))
    if "course" in asked:
        from cnnviz.ui.lessons import playing

        name, step = asked["course"]
        try:
            playing.begin(name, step - 1, by_address=True)
        except ValueError as error:  # what somebody wrote into a lesson's file
            link.refuse(SESSION.page, "course", str(error))
        else:
            st.rerun()


def parameter() -> str | None:
    """What the address is to have of the lesson that is played."""
    played = st.session_state.get(PLAYED)
    return None if played is None else played.at


def strip() -> None:
    """The strip of the lesson, where one is played."""
    if PLAYED in st.session_state:
        from cnnviz.ui.lessons import bar

        bar.bar()


def told(part: str, facts: Callable[[], Mapping[str, Any]], traced: Trace | None = None) -> None:
    """Tell the lesson what a page, or a `part` of it that is run again by itself, shows.

    `facts` gives facts of `cnnviz.lessons.facts` by name; where no lesson is played it isn't called
    and so costs a stroke nothing. `traced` is what the network view draws. Call once in a part.
    """
    if PLAYED in st.session_state:
        from cnnviz.ui.lessons import bar

        bar.told(part, facts(), traced)
