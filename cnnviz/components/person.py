"""The browser's own secret, kept in its local storage: which person this is."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from cnnviz.components.modules import together

_component = component("cnnviz.person", js=together("person/index.js"), html="<i></i>")


def person(token: str, teacher: str | None, *, key: str) -> None:
    """Have the browser keep `token`, unless it has one of its own; that one it then tells.

    `teacher` is a key to keep beside it; None leaves the one that is kept, "" forgets it. The page
    runs again once the browser has told something else than this. See `told`.
    """
    _component(
        key=key,
        data={"token": token, "teacher": teacher},
        on_token_change=_nothing,
        on_teacher_change=_nothing,
    )


def told(key: str) -> tuple[Any, Any]:
    """What the browser has told: its token and the teacher's key, each None until it has."""
    state = st.session_state.get(key)
    return getattr(state, "token", None), getattr(state, "teacher", None)


def _nothing() -> None:
    """A value of a component's is kept where something is called for it."""
