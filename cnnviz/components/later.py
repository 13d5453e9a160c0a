"""What is out of sight as a page opens comes once the browser has painted what is in sight.

A chart brings Plotly with it, 5 MB of script, and code its highlighter: run at once, they would
hold up the picture on top. Charts further down wait until one comes near them: many never do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.components.v2 import component

from cnnviz.components.modules import together

if TYPE_CHECKING:
    from collections.abc import Callable

    import plotly.graph_objects as go

_component = component("cnnviz.later", js=together("later/index.js"))
_below = component("cnnviz.below", js=together("below/index.js"), html="<i></i>")


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


def heading(page: str, text: str, **options: Any) -> None:
    """`st.header`, from where on the charts of `page` wait until one comes near it."""
    with st.container(gap=None):
        st.header(text, **options)
        # It stays when it has told, so that nothing after it becomes another element.
        _below(
            key=f"{page}_below",
            on_near_change=lambda: st.session_state.update({f"{page}_near": True}),
        )


def chart(
    page: str, draw: Callable[[], go.Figure], height: int, *, key: str, config: dict[str, Any]
) -> None:
    """The figure that `draw` makes, of `height` px, once one has come near the page's `heading`.

    Until then its place is kept free, and nothing is computed for it.
    """
    if st.session_state.get(f"{page}_near"):
        st.plotly_chart(draw(), key=key, config=config)
    else:
        st.space(height)
