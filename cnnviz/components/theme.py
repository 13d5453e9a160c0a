"""The theme in force, for what Python paints itself."""

import streamlit as st

from cnnviz.palette import DARK, LIGHT, Theme


def current() -> Theme:
    """The colours of the page as this session sees it; light until the browser has told."""
    return DARK if st.context.theme.type == "dark" else LIGHT
