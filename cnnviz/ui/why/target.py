"""The map or the unit that a section of *Why* asks about: fields in the rail, kept in the link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from cnnviz.components.escaping import escaped
from cnnviz.networks.trace import activated
from cnnviz.reasons.exciting import Target
from cnnviz.ui.addresses import PLACE

if TYPE_CHECKING:
    from cnnviz.reasons.stages import Stages
    from cnnviz.ui.why.context import Context

LAYER, CHANNEL, UNIT = "why_layer", "why_channel", "why_unit"


def usual_layer(context: Context, stages: Stages) -> str:
    """The last convolution's maps after their activation; without one, what the network has made
    of a picture before it decides."""
    if found := activated(context.traced):
        return found[-1][1].name
    return stages.penultimate() or stages.names[-1]


def chosen_target(context: Context, stages: Stages) -> Target:
    """What the session asks about, by the fields for it, which go into the rail."""
    usual, names = usual_layer(context, stages), stages.names
    asked = st.session_state[LAYER] or usual
    with context.rail:
        if asked not in names:
            st.info(f"This network has no layer {escaped(repr(asked))}: {escaped(usual)} is shown.")
        at = names.index(asked if asked in names else usual)
        # Each network and layer has fields of its own: what they may be depends on it.
        layer = st.selectbox("Layer", names, at, key=f"why_layer_of_{stages.digest}")
        shape = stages.stages[names.index(layer)].shape
        of = f"{stages.digest}_{layer}"
        channel = _number("Map" if len(shape) == 3 else "Unit", shape[0], CHANNEL, of)
        place = _place(shape[1:], of) if len(shape) == 3 else None
    st.session_state[LAYER] = "" if layer == usual else layer
    st.session_state[CHANNEL] = channel
    st.session_state[UNIT] = "" if place is None else "{}.{}".format(*divmod(place, shape[2]))
    return Target(layer, channel, place)


def _place(sides: tuple[int, ...], of: str) -> int | None:
    """Row times width plus column of the one unit that is asked about; None for the whole map."""
    found = PLACE.fullmatch(st.session_state[UNIT])
    row, column = map(int, found.groups()) if found else (sides[0] // 2, sides[1] // 2)
    if not st.checkbox(
        "one unit of it", bool(found), key=f"why_one_of_{of}", help="At one place of the map alone."
    ):
        return None
    rows, columns = st.columns(2)
    with rows:
        row = _number("row", sides[0], row, of)
    with columns:
        column = _number("column", sides[1], column, of)
    return row * sides[1] + column


def _number(label: str, count: int, start: str | int, of: str) -> int:
    """From 0 to below `count`; at first `start`, or what the session has under that name."""
    first = st.session_state[start] if isinstance(start, str) else start
    value = min(int(first), count - 1)
    key = f"why_{label.lower()}_of_{of}"
    found = st.number_input(f"{label}, 0 to {count - 1}", 0, count - 1, value, key=key)
    return value if found is None else int(found)
