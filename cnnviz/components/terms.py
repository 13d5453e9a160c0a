"""The terms of a sum as a table, each of which pins in a network view where it happened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from cnnviz.components.modules import component_in

_component = component_in("terms", '<div class="terms"></div>')


@dataclass(frozen=True)
class Row:
    """A term: the `unit` that a click pins, as the view's address has it, what is said of it, its
    `numbers` as they are shown, and the `picture` of the batch that it belongs to."""

    unit: str
    words: str
    numbers: Sequence[str]
    picture: int = 0


def terms(
    head: Sequence[str],
    rows: Sequence[Row],
    total: tuple[str, str],
    *,
    key: str,
    label: str,
    view: str,
    rest: tuple[str, str] | None = None,
    shown: int | None = None,
    on_picture: Callable[[int], None] | None = None,
) -> None:
    """`rows` under `head`, the `rest` of them together, and the `total`, both as words and number.

    A click on a row pins its unit in the network view whose key is `view`. Where that shows picture
    `shown` of several, and the row's is another, `on_picture` is called with it before the page
    runs again.
    """

    def chosen() -> None:
        picture = getattr(st.session_state[key], "picture", None)
        if on_picture is not None and isinstance(picture, int):
            on_picture(picture)

    _component(
        key=key,
        data={
            "view": view,
            "label": label,
            "head": list(head),
            "rows": [
                {
                    "unit": row.unit,
                    "words": row.words,
                    "picture": row.picture,
                    "numbers": list(row.numbers),
                }
                for row in rows
            ],
            "rest": None if rest is None else list(rest),
            "total": list(total),
            "shown": shown,
        },
        on_picture_change=chosen,
        height="content",
    )
