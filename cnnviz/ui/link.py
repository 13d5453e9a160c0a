"""A set-up in the page's address: what a link asked for, and what of it can't be used.

Widgets keep themselves there (`bind="query-params"`), and Streamlit drops from the address what
they can't take. Grids of numbers are kept by `parameter` and `remember`. `unusable` says, once,
what was dropped.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")

# Kept by the network view itself.
_OF_THE_VIEW = {"pin", "scope"}


def asked(page: str) -> dict[str, str]:
    """The address's parameters when this session first came to `page`; call before its widgets."""
    return st.session_state.setdefault(f"{page}_asked", st.query_params.to_dict())


def parameter(page: str, name: str, parse: Callable[[str], T], default: T) -> T:
    """What this session has for `name`, at first what the link asks for, if `parse` takes it.

    `parse` raises ValueError for what can't be used; then it's `default`, and the note of
    `unusable` gives the reason.
    """
    key = f"{page}_{name}"
    if key not in st.session_state:
        st.session_state[key] = default
        text = asked(page).get(name)
        if text is not None:
            try:
                st.session_state[key] = parse(text)
            except ValueError as error:
                st.session_state.setdefault(f"{page}_refused", {})[name] = str(error)
    return st.session_state[key]


def expected(page: str, name: str, parse: Callable[[str], T], default: T) -> T:
    """What the widget `name` has, or, where it comes later, will have: what the link asks for if
    `parse` takes it, else its `default`. `parse` raises ValueError for what the widget can't take.
    """
    if name in st.session_state:
        return st.session_state[name]
    text = asked(page).get(name)
    if text is None:
        return default
    try:
        return parse(text)
    except ValueError:
        return default


def one_of(choices: Collection[str]) -> Callable[[str], str]:
    """A parser for `expected` that takes just these choices."""

    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}, got {text!r}")
        return text

    return parse


def remember(name: str, text: str, default: str) -> None:
    """Put `name` into the address, or take it out where it is the default."""
    if text == default:
        if name in st.query_params:
            del st.query_params[name]
    elif st.query_params.get(name) != text:
        st.query_params[name] = text


def unusable(page: str, values: Mapping[str, Any]) -> None:
    """Say which of the link's parameters aren't in use; `values` are the page's, by name.

    The note goes away with the first change of a setting.
    """
    now = repr(sorted(values.items()))
    first = st.session_state.setdefault(f"{page}_first", now)
    refused: dict[str, str] = st.session_state.get(f"{page}_refused", {})
    if now != first:
        st.session_state[f"{page}_note"] = ""
    if f"{page}_note" not in st.session_state:
        unknown = [name for name in asked(page) if name not in {*values, *_OF_THE_VIEW}]
        dropped = [
            name
            for name, text in asked(page).items()
            if name in values and name not in refused and not _same(text, values[name])
        ]
        parts = [f"`{_plain(name)}` isn't a setting of this page" for name in unknown]
        parts += [
            f"`{name}={_plain(asked(page)[name])}` is no value it can have" for name in dropped
        ]
        parts += [f"`{name}`: {_plain(reason)}" for name, reason in refused.items()]
        st.session_state[f"{page}_note"] = "; ".join(parts)
    if note := st.session_state[f"{page}_note"]:
        st.info(f"Part of the link was ignored: {note}.", icon=":material/link_off:")


def _same(text: str, value: Any) -> bool:
    if isinstance(value, bool):
        return text.strip().lower() in (("true", "1") if value else ("false", "0"))
    if isinstance(value, int | float):
        try:
            return float(text) == float(value)
        except ValueError:
            return False
    return text == str(value)


def _plain(text: str) -> str:
    """Short, and without what Markdown would read as more than text."""
    kept = "".join(c if c.isalnum() or c in " .,;:+-−_'()/×|" else "?" for c in text)
    return kept if len(kept) <= 160 else kept[:160] + "…"
