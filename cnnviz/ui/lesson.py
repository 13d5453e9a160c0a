"""The lesson that a session plays, as pages know it: nothing of it is imported where none is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from cnnviz.ui import link
from cnnviz.ui.addresses import SESSION

if TYPE_CHECKING:
    from cnnviz.networks.trace import Trace

PLAYED, TO, LANGUAGE = "lesson_played", "lesson_to", "lesson_language"
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
    if "language" in asked:
        st.session_state[LANGUAGE] = asked["language"]
    if "course" in asked:
        from cnnviz.ui.lessons import playing

        name, step = asked["course"]
        try:
            playing.begin(name, step - 1, by_address=True)
        except ValueError as error:  # what somebody wrote into a lesson's file
            link.refuse(SESSION.page, "course", str(error))
        except KeyError:  # its file has a fault, which the page Lessons tells
            link.refuse(SESSION.page, "course", f"{name} has a fault: see the page Lessons")
        else:
            st.rerun()


def parameters() -> dict[str, str | None]:
    """What the address is to have of the lesson that is played; the language where it was chosen,
    or else a page that is loaded anew would go on in the browser's."""
    played = st.session_state.get(PLAYED)
    if played is None:
        return {"course": None, "language": None}
    return {"course": played.at, "language": st.session_state.get(LANGUAGE)}


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
