"""A slider whose value comes while it moves; Streamlit's own waits until it is let go."""

from typing import TypeVar

import streamlit as st

from cnnviz.components.modules import component_in

Number = TypeVar("Number", int, float)

_component = component_in("live_slider", '<div class="live-slider"></div>')


def live_slider(
    label: str,
    least: Number,
    most: Number,
    step: Number,
    *,
    key: str,
    digits: int = 0,
    unit: str = "",
) -> Number:
    """The number in the session's state at `key`, which must be there, in steps from `least`.

    It is shown with `digits` after the point and its `unit`. A new one runs the page, or the
    fragment that it is in, again.
    """
    component_key = f"{key}_slider"

    def moved() -> None:
        said = getattr(st.session_state[component_key], "value", None)
        if isinstance(said, dict) and isinstance(said.get("value"), int | float):
            st.session_state[key] = type(least)(max(least, min(most, said["value"])))
            st.session_state[f"{key}_sequence"] = int(said.get("sequence", 0))

    value = st.session_state[key]
    _component(
        key=component_key,
        data={
            "label": label,
            "least": least,
            "most": most,
            "step": step,
            "value": value,
            "digits": digits,
            "unit": unit,
            "sequence": st.session_state.get(f"{key}_sequence", 0),
        },
        on_value_change=moved,
    )
    return value
