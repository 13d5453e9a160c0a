"""Parts of a page that are run again by themselves."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable

Given = ParamSpec("Given")
Made = TypeVar("Made")


def fragment(part: Callable[Given, Made], every: float | None = None) -> Callable[Given, Made]:
    """`st.fragment`, run again every so many seconds, in a place that is no part of it.

    When a part is run again while the page's own run is still on its way to the browser, Streamlit
    drops what it hasn't sent of it, its container included, and sends that after all the rest. The
    browser takes nothing into a container before what stands before it there, and the page would
    end with "Bad delta path index". The container round the part's own isn't dropped.
    """

    @wraps(part)
    def placed(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        with st.container():
            return st.fragment(part, run_every=every)(*args, **kwargs)

    return placed
