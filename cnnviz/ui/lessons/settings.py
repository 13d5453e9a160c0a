"""The settings of all pages as texts, as their links would have them, and back.

A browser keeps them over a reload in a lesson's midst. Whoever has it can change them there, so
what comes back is read through the links' tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from cnnviz.components.course_bar import LONGEST_TEXT
from cnnviz.labs import grids
from cnnviz.ui import link
from cnnviz.ui.addresses import TABLES, Pair

if TYPE_CHECKING:
    from cnnviz.ui.link import Table


def texts() -> dict[str, str]:
    """What this session has of each page's settings, by the page's path and the setting's name:
    `pooling.window`. One that a page begins with anyway is left out, and so is a text too long."""
    return {
        f"{path}.{name}": text
        for path, table in TABLES.items()
        for name, text in _readable(
            table, {name: _text(table, name) for name in table.rows}
        ).items()
        if len(text) <= LONGEST_TEXT
    }


def begin_with(texts: Mapping[str, str]) -> None:
    """Have each page begin with those of `texts` that it can take."""
    for path, table in TABLES.items():
        mine = {name: texts.get(f"{path}.{name}") for name in table.rows}
        if readable := _readable(table, mine):
            put(table, readable)


def put(table: Table, texts: Mapping[str, str]) -> dict[str, str]:
    """Have the page of `table` begin as a link with these `texts` would, by name; those that it
    can't take, with the reason."""
    values, refused = link.read(table, texts)
    st.session_state[f"{table.page}_asked"] = dict(texts)
    for name, value in values.items():
        if isinstance(value, str | int | float):
            st.session_state[name] = value
    # A text field that stays on the page keeps its text until it is given another.
    for name, start in table.starts.items():
        if isinstance(table.rows[name], Pair):
            st.session_state[f"{table.page}_{name}_field"] = texts.get(name, start)
    return refused


def _readable(table: Table, texts: Mapping[str, str | None]) -> dict[str, str]:
    """Those that there are and that the table can read."""
    there = {name: text for name, text in texts.items() if text is not None}
    values, _ = link.read(table, there)
    return {name: there[name] for name in values}


def _text(table: Table, name: str) -> str | None:
    key = f"{table.page}_{name}"
    if key not in st.session_state and name not in table.starts:
        key = name
    value = st.session_state.get(key)
    if value is None or (name in table.starts and value == table.starts[name]):
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, float):
        return f"{value:g}"
    return _numbers(value)


def _numbers(value: Any) -> str | None:
    """A row, a grid, a grid a channel, or the kernels that are in use: (3, 3, rows, columns) has
    one for every map and channel that there could be."""
    if isinstance(value, list) and value and all(isinstance(each, np.ndarray) for each in value):
        return "|".join(map(grids.as_text, value))
    if not isinstance(value, np.ndarray) or value.ndim not in (1, 2, 4):
        return None
    if value.ndim == 4:
        used = value[: st.session_state.get("out", 1), : st.session_state.get("in", 1)]
        return "|".join(grids.as_text(kernel) for kernels in used for kernel in kernels)
    return grids.as_text(value.reshape(-1, value.shape[-1]))
