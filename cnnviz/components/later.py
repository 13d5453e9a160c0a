"""What is out of sight as a page opens comes once the browser has painted what is in sight.

A chart brings Plotly with it, 5 MB of script, and code its highlighter: run at once, they would
hold up the picture on top.
"""

import streamlit as st
from streamlit.components.v2 import component

from cnnviz.components.modules import together

_component = component("cnnviz.later", js=together("later/index.js"))


def painted(page: str) -> bool:
    """Whether this session's browser has painted the views that `page` has shown so far.

    If it hasn't, the page runs again as soon as it has: what it shows further down can wait.
    """
    key = f"{page}_painted"
    if not st.session_state.get(key):
        _component(
            key=f"{page}_later", on_painted_change=lambda: st.session_state.update({key: True})
        )
    return bool(st.session_state.get(key))
