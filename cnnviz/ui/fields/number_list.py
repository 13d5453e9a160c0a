"""A text area for a list of numbers, with presets, that keeps the last list that could be read."""

from collections.abc import Mapping

import streamlit as st

from cnnviz.labs import signals
from cnnviz.labs.signals import Numbers


def number_list(
    label: str, presets: Mapping[str, Numbers], most: int, *, key: str, default: str
) -> Numbers:
    """The numbers somebody typed, pasted or picked; `key` is also their name in the address.

    Where the text can't be read, a message says what would do, and the last good list is returned.
    """
    good, preset, tidied = f"{key}_good", f"{key}_preset", f"{key}_tidied_commas"
    # The text as the last run left it, whether another has come since, and the last two presets.
    left, came, marked = f"{key}_left", f"{key}_came", f"{key}_marked"

    def tidy() -> None:
        # A pasted column becomes a list in one line; what can't be read stays as it was typed.
        typed = st.session_state[key]
        st.session_state[came] = True
        try:
            st.session_state[key] = signals.parse(typed, label, most).text
        except ValueError:
            return
        # The list has points instead, so what the commas were taken for is kept beside it.
        commas = signals.has_decimal_commas(typed)
        st.session_state[tidied] = st.session_state[key] if commas else None

    def pick() -> None:
        # A click on the chosen preset takes the choice away: it means that preset all the same.
        name = st.session_state[preset]
        before, now = st.session_state[marked]
        another = st.session_state[came] or st.session_state[key] != st.session_state[left]
        if another and name == before != now:
            # Nobody clicked: a browser that hasn't heard of the last run sends its fields as they
            # were before it, the preset with the text.
            return
        st.session_state[key] = presets[name].text if name else st.session_state[good].text

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
        st.error(f"{error}. Shown is still the last {label.lower()} that could be read.")
    numbers: Numbers = st.session_state.setdefault(good, presets[default])
    name = st.session_state[preset] = signals.preset_of(numbers, presets)
    _, last = st.session_state.get(marked, (None, name))
    if last != name or marked not in st.session_state:
        st.session_state[marked] = last, name
    st.session_state[left], st.session_state[came] = text, False
    st.pills(
        f"{label} presets",
        list(presets),
        key=preset,
        on_change=pick,
        label_visibility="collapsed",
    )
    return numbers


def change(key: str, changes: Mapping[int, float]) -> None:
    """Set some entries of the list anew: from a callback, before the script runs again."""
    numbers: Numbers = st.session_state[f"{key}_good"].replaced(changes)
    st.session_state[f"{key}_good"] = numbers
    st.session_state[key] = numbers.text
