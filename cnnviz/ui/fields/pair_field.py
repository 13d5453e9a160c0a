"""A setting that torch takes as one number or as two: rows and columns."""

from contextlib import suppress

import streamlit as st

from cnnviz.labs.convolution_2d import pair
from cnnviz.ui import link


def pair_field(page: str, name: str, start: int, what: str, *, key: str, least: int) -> str:
    """A text field for `2` or `1, 2`, which `convolution_2d.pair` reads; what is typed in it.

    `page` and `key` are those of `link.parameter`; `name` is the setting's, and `least` what its
    numbers may be at least. The address keeps the last text that could be read.
    """

    def readable(text: str) -> str:
        pair(name, text, least)
        return text

    kept, field = f"{page}_{key}", f"{page}_{key}_field"
    text = st.text_input(
        name.capitalize(),
        link.parameter(page, key, readable, str(start)),
        key=field,
        on_change=lambda: st.session_state.update({kept: st.session_state[field]}),
        width=84,
        help=f"{what} Two numbers, such as 1, 2, are for rows and for columns.",
    )
    with suppress(ValueError):  # the page says so, where the settings meet
        link.remember(key, readable(text), str(start))
    return text
