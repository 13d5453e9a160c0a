"""Parts of a page that are run again by themselves."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import streamlit as st

from cnnviz.components import awake

if TYPE_CHECKING:
    from collections.abc import Callable

Given = ParamSpec("Given")
Made = TypeVar("Made")


def fragment(part: Callable[Given, Made]) -> Callable[Given, Made]:
    """`st.fragment`, in a place that is no part of it.

    When a part is run again while the page's own run is still on its way to the browser, Streamlit
    drops what it hasn't sent of it, its container included, and sends that after all the rest. The
    browser takes nothing into a container before what stands before it there, and the page would
    end with "Bad delta path index". The container round the part's own isn't dropped.
    """

    @wraps(part)
    def placed(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        with st.container():
            return st.fragment(part)(*args, **kwargs)

    return placed


def polled(part: Callable[Given, Made], every: float | None) -> Callable[Given, Made]:
    """The same, run again every so many seconds; None: not as things are.

    It is watched: should that stop, the page is run anew. No two such parts of one module have the
    same name.
    """
    # Streamlit allows no two underscores, as "__main__" has, in a component's key.
    name = f"{part.__module__.rpartition('.')[2].strip('_')}_{part.__name__}"

    @wraps(part)
    def beating(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        made = part(*args, **kwargs)
        if every is not None:
            key = f"awake_{name}"
            number = st.session_state[key] = st.session_state.get(key, 0) + 1
            # At the end, so that nothing of the part moves when it comes.
            awake.beat(name, number)
        return made

    @wraps(part)
    def placed(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        with st.container():
            # There at all times: what is after it would otherwise be made anew.
            with st.container(key=f"watching_{name}"):
                if every is not None:
                    awake.watch(name, every)
            return st.fragment(beating, run_every=every)(*args, **kwargs)

    return placed
