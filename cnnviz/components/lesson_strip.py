"""Drawings in a row, any of them crossed out by a click, and brought back by another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from cnnviz.components import actions
from cnnviz.components.modules import component_in
from cnnviz.views.letters import letters

SLOTS = 18
"""Drawings a page: one line at 1440 px."""

_component = component_in("lesson_strip", '<div class="lesson-strip"></div>')


@dataclass(frozen=True, eq=False)
class Shown:
    """A drawing: its `picture` (S, S) uint8, 255 as ink, whether it is `held` back for the test and
    `crossed` out, and `words` for who can't see it."""

    id: int
    picture: np.ndarray
    held: bool
    crossed: bool
    words: str


def lesson_strip(
    name: str, drawings: Sequence[Shown], *, key: str, on_cross: Callable[[int], None]
) -> None:
    """`drawings` under `name`, so many a page, at first the last page: where new ones come.

    `on_cross` is called with the id of one that was clicked, before the page runs again.
    """
    chosen = f"{key}_page"
    pages = max(1, -(-len(drawings) // SLOTS))
    page = min(st.session_state.get(chosen, pages - 1), pages - 1)

    def told() -> None:
        for action in actions.new(key):
            if action.get("kind") == "crossed" and isinstance(action.get("id"), int | float):
                on_cross(int(action["id"]))
            elif action.get("kind") == "page" and isinstance(action.get("page"), int | float):
                turned = max(0, min(pages - 1, int(action["page"])))
                # At the last page it goes on with the drawings that come.
                if turned == pages - 1:
                    st.session_state.pop(chosen, None)
                else:
                    st.session_state[chosen] = turned

    shown = drawings[page * SLOTS : (page + 1) * SLOTS]
    _component(
        key=key,
        data={
            "name": name,
            "drawings": [
                {"id": each.id, "held": each.held, "crossed": each.crossed, "words": each.words}
                for each in shown
            ],
            "pictures": letters([each.picture for each in shown], "u1"),
            "side": shown[0].picture.shape[0] if shown else 1,
            "slots": SLOTS,
            "page": page,
            "pages": pages,
            "taken": actions.taken(key),
        },
        on_log_change=told,
        height="content",
    )
