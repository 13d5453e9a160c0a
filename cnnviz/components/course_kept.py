"""What a browser keeps of the course in its local storage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from cnnviz.components.modules import together

_component = component("cnnviz.course_kept", js=together("course_kept/index.js"), html="<i></i>")

KEY = "course_kept"


def course_kept(known: Mapping[str, Any]) -> None:
    """Have the browser keep what is `known` (frontend/course_kept/storage.js says what that is).

    The page runs again once the browser has told something else. See `told`.
    """
    _component(key=KEY, data=dict(known), on_told_change=_nothing)


def told() -> Any:
    """What the browser has told last, unchecked; None until it has."""
    return getattr(st.session_state.get(KEY), "told", None)


def _nothing() -> None:
    """A value of a component's is kept where something is called for it."""
