"""A grid of numbers in the browser, edited where a network view shows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from cnnviz.components.escaping import escaped
from cnnviz.components.modules import component_in
from cnnviz.labs import grids

_component = component_in("grid_editor", '<div class="root"></div>')


@dataclass(frozen=True)
class Place:
    """Where a network view, by its key, shows the grid, so that it's edited there.

    `box` is "input", `at` its channel, or "kernel", `at` its output map and input channel. `others`
    are more of these, to be chosen with a click; `shown` is whether the view shows these numbers.
    """

    view: str
    box: Literal["input", "kernel"]
    at: tuple[int, ...]
    others: Sequence[tuple[int, ...]] = ()
    shown: bool = True


def grid_editor(
    label: str,
    values: grids.Grid,
    *,
    key: str,
    place: Place,
    on_edit: Callable[[grids.Grid], None],
    on_choose: Callable[[tuple[int, ...]], None] | None = None,
    paint: bool = False,
    scale: float | None = None,
    sizes: tuple[int, int] | None = (1, grids.MOST_ROWS),
) -> None:
    """Let a person paint, type or paste a grid (H, W) of numbers at its `place`, H and W within
    `sizes`, or as they are where that is None. Here stand the brush, undo and the size.

    `on_edit` gets every good new grid, before the script runs again; it should keep it, so that
    `values` is the new grid from then on. A bad entry is answered where it was made, by a message
    that names its row and column, and changes nothing. `paint` says whether dragging paints from
    the start; `scale` is the |value| at the end of the colours (None: the grid's largest).
    `on_choose` gets that of the place's `others` which was clicked.
    """
    rows, columns = (sizes or (side, side) for side in values.shape)

    def received() -> None:
        edit = st.session_state[key].get("grid")
        if not isinstance(edit, dict):
            return
        st.session_state[f"{key}_sequence"] = _sequence(edit)
        st.session_state.pop(f"{key}_problem", None)
        try:
            grid = grids.parse(
                str(edit.get("text", "")), most_rows=rows[1], most_columns=columns[1], name=label
            )
            on_edit(grid)
        except ValueError as error:
            st.session_state[f"{key}_problem"] = str(error)

    def chosen() -> None:
        said = st.session_state[key].get("chosen")
        at: tuple[int, ...] = tuple(said["at"]) if isinstance(said, dict) else ()
        if on_choose is not None and at in place.others:
            on_choose(at)

    _component(
        key=key,
        data={
            "id": key,
            "label": label,
            "values": grids.as_text(values),
            "paint": paint,
            "brush": 1,
            "scale": scale,
            "shown": place.shown,
            "place": {
                "view": place.view,
                "box": place.box,
                "at": list(place.at),
                "others": [list(other) for other in place.others],
            },
            "leastRows": rows[0],
            "leastColumns": columns[0],
            "mostRows": rows[1],
            "mostColumns": columns[1],
            "sequence": st.session_state.get(f"{key}_sequence", 0),
        },
        on_grid_change=received,
        on_chosen_change=chosen,
    )
    if f"{key}_problem" in st.session_state:
        st.error(escaped(st.session_state[f"{key}_problem"]))


def _sequence(message: dict[str, Any]) -> int:
    sequence = message.get("sequence", 0)
    return sequence if isinstance(sequence, int) else 0
