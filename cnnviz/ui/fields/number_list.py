"""A text area for a list of numbers, with presets, that keeps the last list that could be read."""

from collections.abc import Mapping

import streamlit as st

from cnnviz.components.choices import choices
from cnnviz.components.escaping import escaped
from cnnviz.labs import signals
from cnnviz.labs.signals import Numbers


def number_list(
    label: str, presets: Mapping[str, Numbers], most: int, *, key: str, default: str
) -> Numbers:
    """The numbers somebody typed, pasted or picked; `key` is also their name in the address.

    Where the text can't be read, a message says what would do, and the last good list is returned.
    """
    good, tidied = f"{key}_good", f"{key}_tidied_commas"

    def tidy() -> None:
        # A pasted column becomes a list in one line; what can't be read stays as it was typed.
        typed = st.session_state[key]
        try:
            st.session_state[key] = signals.parse(typed, label, most).text
        except ValueError:
            return
        # The list has points instead, so what the commas were taken for is kept beside it.
        commas = signals.has_decimal_commas(typed)
        st.session_state[tidied] = st.session_state[key] if commas else None

    def pick(place: int) -> None:
        st.session_state[key] = list(presets.values())[place].text

    text = st.text_area(
        label,
        presets[default].text,
        height=68,
        key=key,
        bind="query-params",
        on_change=tidy,
        help=f"Up to {most} numbers, typed or pasted: commas, spaces, tabs or a spreadsheet's "
        "cells between them. 2, -0.5, 1e-3 and 1/3 are numbers. 0,5 is one, too, where semicolons "
        "or tabs separate, or in a column that also has numbers without a comma. Enter applies "
        "them.",
    )
    try:
        st.session_state[good] = signals.parse(text, label, most)
        if text == st.session_state.get(tidied) or signals.has_decimal_commas(text):
            st.caption("Read with decimal commas.")
    except ValueError as error:
        st.error(f"{escaped(error)}. Shown is still the last {label.lower()} that could be read.")
    numbers: Numbers = st.session_state.setdefault(good, presets[default])
    name = signals.preset_of(numbers, presets)
    choices(
        f"{label} presets",
        list(presets),
        None if name is None else list(presets).index(name),
        key=f"{key}_preset",
        on_choose=pick,
        label_visible=False,
    )
    return numbers


def change(key: str, changes: Mapping[int, float]) -> None:
    """Set some entries of the list anew: from a callback, before the script runs again."""
    numbers: Numbers = st.session_state[f"{key}_good"].replaced(changes)
    st.session_state[f"{key}_good"] = numbers
    st.session_state[key] = numbers.text
