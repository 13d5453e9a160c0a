"""A grid of numbers in the browser: to edit, to pick a cell of, or to look at."""

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import ArrayLike
from streamlit.components.v2 import component

from cnnviz.labs import grids

_component = component(
    "cnnviz.grid_editor",
    html='<div class="root"></div>',
    css="grid_editor/style.css",
    js="grid_editor/index.js",
)


def grid_editor(
    label: str,
    values: grids.Grid,
    *,
    key: str,
    on_edit: Callable[[grids.Grid], None],
    paint: bool = False,
    brush: float = 1.0,
    scale: float | None = None,
    sizes: tuple[int, int] = (1, 16),
    resizable: bool = True,
    cell: int = 40,
) -> None:
    """Let a person paint, type or paste a grid (H, W) of numbers, H and W within `sizes`, or as
    they are where it isn't `resizable`.

    `on_edit` gets every good new grid, before the script runs again; it should keep it, so that
    `values` is the new grid from then on. A bad entry is answered where it was made, by a message
    that names its row and column, and changes nothing. `paint` says whether dragging paints from
    the start, with the number `brush`; `scale` is the |value| at the end of the colours (None:
    the grid's largest); `cell` the largest side of a cell in pixels.
    """
    rows, columns = (sizes, sizes) if resizable else ((side, side) for side in values.shape)

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

    _component(
        key=key,
        data={
            "mode": "edit",
            "label": label,
            "values": grids.as_text(values),
            "paint": paint,
            "brush": brush,
            "scale": scale,
            "cell": cell,
            "leastRows": rows[0],
            "leastColumns": columns[0],
            "mostRows": rows[1],
            "mostColumns": columns[1],
            "sequence": st.session_state.get(f"{key}_sequence", 0),
        },
        on_grid_change=received,
    )
    if f"{key}_problem" in st.session_state:
        st.error(st.session_state[f"{key}_problem"])


def grid_picker(
    label: str,
    values: ArrayLike,
    *,
    key: str,
    selected: tuple[int, int],
    on_pick: Callable[[int, int], None],
    names: tuple[str, str] = ("row", "column"),
    origin: tuple[int, int] = (0, 0),
    scale: float = 1.0,
    percent: bool = True,
    marked: ArrayLike | None = None,
    axis: str = "",
    cell: int = 20,
) -> None:
    """A map (H, W) of numbers with one chosen cell; click another or walk there with the arrows.

    `on_pick` gets the row and column, from 0, before the script runs again. A cell is spoken of
    by `names` of its row and column, counted from `origin`; `marked` (H, W) puts a dot in a cell.
    """
    shape = np.asarray(values).shape

    def received() -> None:
        pick = st.session_state[key].get("picked")
        if not isinstance(pick, dict):
            return
        st.session_state[f"{key}_sequence"] = _sequence(pick)
        row, column = pick.get("row"), pick.get("column")
        if (
            isinstance(row, int)
            and isinstance(column, int)
            and 0 <= row < shape[0]
            and 0 <= column < shape[1]
        ):
            on_pick(row, column)

    _component(
        key=key,
        data={
            **_map(label, values, names, origin, scale, cell),
            "mode": "pick",
            "percent": percent,
            "selected": list(selected),
            "marked": None if marked is None else grids.as_text(np.asarray(marked, np.float32)),
            "axis": axis,
            "sequence": st.session_state.get(f"{key}_sequence", 0),
        },
        on_picked_change=received,
    )


def grid_picture(
    label: str,
    values: ArrayLike,
    *,
    key: str,
    frame: tuple[int, int] = (0, 0),
    scale: float | None = None,
    cell: int = 30,
) -> None:
    """A grid (H, W) to look at; its outermost `frame` rows and columns are drawn as a border."""
    origin = (-frame[0], -frame[1])
    _component(
        key=key,
        data={
            **_map(label, values, ("row", "column"), origin, scale, cell),
            "mode": "picture",
            "percent": False,
            "frame": list(frame),
            "sequence": 0,
        },
    )


def _map(
    label: str,
    values: ArrayLike,
    names: tuple[str, str],
    origin: tuple[int, int],
    scale: float | None,
    cell: int,
) -> dict[str, Any]:
    return {
        "label": label,
        "values": grids.as_text(np.asarray(values, dtype=np.float32)),
        "names": list(names),
        "origin": list(origin),
        "scale": scale,
        "cell": cell,
    }


def _sequence(message: dict[str, Any]) -> int:
    sequence = message.get("sequence", 0)
    return sequence if isinstance(sequence, int) else 0
