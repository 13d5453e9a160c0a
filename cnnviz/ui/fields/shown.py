"""Whether a picture shows the numbers that are edited over it."""

import streamlit as st


def is_shown(page: str) -> bool:
    """Whether the `page`'s picture shows what its fields hold, not the last setting that worked."""
    return st.session_state.get(f"{page}_shown", True)


def keep_shown(page: str, shown: bool) -> None:
    """Remember it. The editors come before the picture, so a change runs the page once more."""
    if is_shown(page) != shown:
        st.session_state[f"{page}_shown"] = shown
        st.rerun()
