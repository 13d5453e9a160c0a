"""What a session knows of what its browser keeps of the course: see `cnnviz.lessons.kept`.

The server keeps nothing: a session begins with an empty record, takes the browser's once that has
told it, and tells the browser what comes to it. Until then no question is asked: which ones, and
with which numbers, is the browser's record's to say.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from cnnviz.components import course_kept as browser
from cnnviz.components.escaping import escaped
from cnnviz.lessons import kept, reading
from cnnviz.lessons.files import ENGLISH
from cnnviz.lessons.kept import Record
from cnnviz.lessons.words import WORDS
from cnnviz.ui.lesson import LANGUAGE
from cnnviz.ui.lessons import playing

_RECORD, _HEARD, _STAYS, _ERASED, _NOTE = (
    *("kept_record", "kept_heard", "kept_stays"),
    *("kept_erased", "kept_note"),
)
_MOST_NAMED = 5
_ERASED_KEPT = 20


def hear() -> None:
    """Take what the browser has told; call before anything shows it."""
    told = browser.told()
    if isinstance(told, Mapping) and told.get("number") != st.session_state.get(_HEARD, 0):
        # What was done before the browser had told comes to what it keeps; its other tabs may have
        # erased later on, and begun anew.
        meanwhile = None if is_known() else current()
        st.session_state[_HEARD] = told.get("number")
        st.session_state[_STAYS] = told.get("stays") is True
        _take(told.get("record"), told.get("junk") is True, meanwhile)
    record = current()
    if more := playing.taken_as_played() - record.played:
        change(replace(record, played=record.played | more))


def is_known() -> bool:
    """Whether the browser has told what it keeps."""
    return _STAYS in st.session_state


def current() -> Record:
    """What this session knows."""
    if _RECORD not in st.session_state:
        _begin()
    return st.session_state[_RECORD]


def change(record: Record) -> None:
    st.session_state[_RECORD] = record


def erase() -> None:
    """Begin anew; the browser forgets what it keeps. The language stays."""
    erased = [*st.session_state.get(_ERASED, ()), current().seed]
    st.session_state[_ERASED] = erased[-_ERASED_KEPT:]
    _forget()


def tell() -> None:
    """Have the browser keep what it doesn't; call once what the page does has been done."""
    record = current()
    entries = kept.entries(record, reading.bank())
    browser.course_kept(
        {
            "record": {"seed": record.seed, "entries": entries},
            "erased": st.session_state.get(_ERASED, []),
            "heard": st.session_state.get(_HEARD, 0),
            "stays": st.session_state.get(_STAYS),
        }
    )


def stays() -> bool:
    """Whether the browser keeps what is answered, as far as it has told."""
    return st.session_state.get(_STAYS) is not False


def note() -> None:
    """Say what of the browser's record couldn't be used."""
    if said := st.session_state.get(_NOTE):
        st.warning(said)


def _take(record: Any, junk: bool, meanwhile: Record | None) -> None:
    words = WORDS[playing.language()]
    st.session_state.pop(_NOTE, None)
    if record is None:
        _forget()
        return
    seed, entries = _parts(record)
    if junk or seed is None:
        st.session_state[_NOTE] = words.unreadable
    if seed is None or seed in st.session_state.get(_ERASED, ()):
        return
    taken, dropped = kept.read(seed, entries, reading.bank(), set(reading.course(ENGLISH)))
    if dropped:
        names = ", ".join(escaped(name[:40]) for name in dropped[:_MOST_NAMED])
        more = ", …" if len(dropped) > _MOST_NAMED else ""
        st.session_state[_NOTE] = words.left_out.format(names + more)
    if meanwhile is not None:
        taken = replace(
            taken,
            ratings={**taken.ratings, **meanwhile.ratings},
            played=taken.played | meanwhile.played,
            language=meanwhile.language or taken.language,
        )
    change(taken)
    if taken.language:
        st.session_state[LANGUAGE] = taken.language
        st.session_state["lesson_language_field"] = taken.language
    _show_ratings()


def _parts(record: Any) -> tuple[int | None, Mapping[str, Any]]:
    """The seed, None where it can't be one, and the entries."""
    seed = record.get("seed") if isinstance(record, Mapping) else None
    entries = record.get("entries") if isinstance(record, Mapping) else None
    if type(seed) is not int or not 0 <= seed < kept.SEEDS:
        return None, {}
    if not isinstance(entries, Mapping) or len(entries) > kept.MOST_ENTRIES:
        return None, {}
    return seed, entries


def _begin(language: str = "") -> None:
    record = kept.new(secrets.randbelow(kept.SEEDS), reading.bank())
    change(replace(record, language=language))


def _forget() -> None:
    _begin(current().language)
    _show_ratings()


def rating_key(number: int) -> str:
    """The widget of a statement on how the app is to use, from 1."""
    return f"sus_{number}"


def _show_ratings() -> None:
    for number in range(1, len(WORDS[ENGLISH].statements) + 1):
        st.session_state[rating_key(number)] = current().ratings.get(number)
