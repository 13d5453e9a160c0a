"""What is out of sight as a page opens: sent once the browser has painted what is in sight.

A chart brings Plotly with it, 5 MB of script: run at once, it would hold up the picture on top.
"""

from collections.abc import Callable

import streamlit as st
from streamlit.components.v2 import component

_component = component("cnnviz.later", js="index.js")


def later(draw: Callable[[], None], *, key: str) -> None:
    """Call `draw` in a fragment, in this place: when a session first comes here, after the paint.

    What `draw` shows may have widgets of its own, which then run nothing but `draw` again.
    """
    painted = f"{key}_painted"

    @st.fragment
    def part() -> None:
        if st.session_state.get(painted):
            draw()
        else:
            _component(key=key, on_painted_change=lambda: st.session_state.update({painted: True}))

    part()
