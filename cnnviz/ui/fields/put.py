"""A widget's value, set by the script."""

from typing import Any

import streamlit as st


def put(key: str, value: Any) -> None:
    """Set the widget of that key to `value`, unless it is there already.

    Streamlit sends what a script sets to the browser, even where it is what the browser has told.
    There it would take the place of what was pressed or typed while the script ran.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
