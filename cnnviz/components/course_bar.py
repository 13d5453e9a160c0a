"""The strip of a lesson that is being played, and what a page tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from cnnviz.components.modules import component_in, together

_bar = component_in("course_bar", '<div class="course-bar"></div>')
_told = component("cnnviz.course_told", js=together("course_told/index.js"), html="<i></i>")

KEY = "course_bar"
LONGEST_TEXT = 60_000
"""Characters of a text that a browser has kept: no grid that a page can have needs more."""
MOST_TEXTS = 200
MOVES = ("back", "next", "leave")


def course_bar(
    shown: Mapping[str, Any],
    *,
    on_move: Callable[[str], None],
    on_answer: Callable[[float | list[int]], None],
    on_pin: Callable[[str], None],
    on_before: Callable[[dict[str, str]], None],
) -> None:
    """The strip, with what `shown` has of the step (`cnnviz.ui.lessons.bar`).

    `on_move` is called with one of MOVES, `on_answer` with a number, a choice's number or a place
    as [row, column], `on_pin` with the address of the unit that was pinned, "" for none, and
    `on_before` with what the browser has kept of before the lesson, as links' texts by name.
    """

    def event(name: str) -> Any:
        return getattr(st.session_state[KEY], name, None)

    def moved() -> None:
        if (move := event("move")) in MOVES:
            on_move(move)

    def answered() -> None:
        given = event("answer")
        number = isinstance(given, int | float) and not isinstance(given, bool)
        place = isinstance(given, list) and all(isinstance(each, int) for each in given)
        if number or place:
            on_answer(given)

    def pinned() -> None:
        if isinstance(pin := event("pin"), str) and len(pin) <= 60:
            on_pin(pin)

    def found() -> None:
        had = event("before")
        if not isinstance(had, dict) or len(had) > MOST_TEXTS:
            return
        if all(isinstance(text, str) and len(text) <= LONGEST_TEXT for text in had.values()):
            on_before(had)

    _bar(
        key=KEY,
        data=dict(shown),
        on_move_change=moved,
        on_answer_change=answered,
        on_pin_change=pinned,
        on_before_change=found,
        height="content",
    )


def course_told(state: Mapping[str, Any], *, key: str) -> None:
    """Tell the strip of a task's state, from a part of a page that is run again by itself."""
    _told(key=key, data=dict(state))
