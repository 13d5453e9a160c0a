"""Fields for one of a few: the options are those of the row in the page's address."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from cnnviz.ui.link import Choice, Table


def pills(table: Table, name: str, label: str, start: Any = None, **more: Any) -> Any:
    """One of the options of the row `name`, at first `start`, or else the first of them.

    `more` is what `st.pills` takes besides.
    """
    return _one_of(st.pills, table, name, label, start, more)


def segments(table: Table, name: str, label: str, start: Any = None, **more: Any) -> Any:
    """The same in a row of segments, `st.segmented_control`."""
    return _one_of(st.segmented_control, table, name, label, start, more)


def _one_of(
    widget: Callable[..., Any],
    table: Table,
    name: str,
    label: str,
    start: Any,
    more: dict[str, Any],
) -> Any:
    row = table.rows[name]
    assert isinstance(row, Choice)
    start = row.options[0] if start is None else start
    return widget(
        label, row.options, default=start, required=True, key=name, bind="query-params", **more
    )
