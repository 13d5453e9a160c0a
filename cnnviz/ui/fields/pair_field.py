"""A setting that torch takes as one number or as two: rows and columns."""

from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from cnnviz.ui import link
from cnnviz.ui.addresses import Pair
from cnnviz.ui.link import Table


@dataclass(frozen=True)
class Typed:
    """The `text` in a field for a setting that is a `Pair`."""

    row: Pair
    text: str

    def numbers(self) -> tuple[int, int]:
        """Rows and columns. Raises ValueError that says what would do."""
        return self.row.numbers(self.text)


def pair_field(table: Table, key: str, what: str) -> Typed:
    """A text field for `2` or `1, 2`: the row `key` of the page's address; `what` it is.

    The address keeps the last text that could be read.
    """
    row = table.rows[key]
    assert isinstance(row, Pair)
    kept = f"{table.page}_{key}"
    field = f"{kept}_field"
    value: str = st.session_state[kept]
    text = st.text_input(
        row.name.capitalize(),
        value,
        key=field,
        on_change=lambda: st.session_state.update({kept: st.session_state[field]}),
        width=84,
        help=f"{what} Two numbers, such as 1, 2, are for rows and for columns.",
    )
    with suppress(ValueError):  # the page says so, where the settings meet
        link.keep(table, key, row.parse(text))
    return Typed(row, text)
