"""Who uses this session's browser."""

from __future__ import annotations

import streamlit as st

from cnnviz import people
from cnnviz.components import person as browser
from cnnviz.people import Person

_KEY, _TOKEN, _TEACHER, _KEEP = "person", "person_token", "person_teacher", "person_keep"


def meet() -> None:
    """Have the browser say who it is: on each page with something that belongs to people.

    Until it has, and where it keeps nothing, the person is a new one.
    """
    current()
    browser.person(_token(), st.session_state.get(_KEEP), key=_KEY)


def current() -> Person:
    """Who this is, by what the browser has told so far."""
    token, teacher = browser.told(_KEY)
    if people.is_token(token):
        st.session_state[_TOKEN] = token
    if _KEEP not in st.session_state and people.is_teacher_key(teacher):
        st.session_state[_TEACHER] = teacher
    shown = people.is_teacher_key(st.session_state.get(_TEACHER))
    return Person(people.digest_of(_token()), shown)


def show_key(key: str) -> bool:
    """Take `key` for the teacher's, where it is; this browser then keeps it."""
    if not people.is_teacher_key(key):
        return False
    st.session_state[_TEACHER] = st.session_state[_KEEP] = key
    return True


def forget_key() -> None:
    """The teacher has gone: this browser's person is one among others again."""
    st.session_state.pop(_TEACHER, None)
    st.session_state[_KEEP] = ""


def _token() -> str:
    if _TOKEN not in st.session_state:
        st.session_state[_TOKEN] = people.new_token()
    return st.session_state[_TOKEN]
