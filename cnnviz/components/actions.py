"""What a component's hand has done, taken in one by one, each once.

Streamlit keeps only the last value that a component sends, and may run the page once for two of
them. So the browser sends all that it hasn't been told is taken in (`frontend/shared/log.js`), each
with its number.
"""

from typing import Any

import streamlit as st


def new(key: str) -> list[dict[str, Any]]:
    """The actions in the component's value `log` that weren't taken in before, in their order.

    From then on they are. What isn't an action is left out.
    """
    told = getattr(st.session_state.get(key), "log", None)
    last, found = taken(key), []
    for action in told if isinstance(told, list) else []:
        number = action.get("sequence") if isinstance(action, dict) else None
        if isinstance(number, int | float) and number > last:
            last = int(number)
            found.append(action)
    st.session_state[f"{key}_taken"] = last
    return found


def taken(key: str) -> int:
    """The number of the last action that was taken in; 0 before any."""
    return st.session_state.get(f"{key}_taken", 0)
