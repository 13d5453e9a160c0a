"""Fields whose value also comes from elsewhere, and which send only what a person does in them.

A browser sends the values of all its fields with every rerun, those of a fragment included. Where
another session, or another part of the page, has just set something, that is still the old value;
under the same key it would count as a change made by hand, and undo what was set. So each value
that comes from elsewhere makes a field of its own, and what is still said of the field before it
is ignored. A menu's value is sent as its words; they may change from elsewhere too.
"""

from typing import Any

import streamlit as st


def key(name: str, value: object, words: str | None = None) -> str:
    """The key for the field `name`, to be made with `value`: another one if that is news here.

    `words` are those that a menu has for the value.
    """
    count, shown, said = _field(name)
    if shown != value or said not in (None, words):
        count += 1
    st.session_state[f"{name}_followed"] = count, value, words
    return _key(name, count)


def set_by_hand(name: str, key: str) -> Any:
    """For `on_change`: what a person has set in the field; None when it was emptied.

    None too when `key` is no longer the field's, and the change therefore nobody's.
    """
    count, *_ = _field(name)
    if key != _key(name, count):
        return None
    value = st.session_state[key]
    # Now shown; emptied, the field will be made anew with what the run's files say.
    st.session_state[f"{name}_followed"] = count, value, None
    return value


def _field(name: str) -> tuple[int, object, str | None]:
    return st.session_state.get(f"{name}_followed", (0, None, None))


def _key(name: str, count: int) -> str:
    return f"{name}_{count}"
