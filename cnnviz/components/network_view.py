"""The network view: one component that draws any `Trace`, and lets its numbers be followed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from cnnviz.components.modules import component_in
from cnnviz.networks.trace import Trace
from cnnviz.reasons.backward import Backward
from cnnviz.views.arrays import sight_of
from cnnviz.views.network import (
    RED_GREEN_BLUE,
    Drag,
    Light,
    Live,
    LooksFor,
    Opening,
    Painting,
    WhatIf,
    Words,
    name_of,
    trace_message,
    weights_message,
)

__all__ = [
    "RED_GREEN_BLUE",
    "Drag",
    "Light",
    "Live",
    "LooksFor",
    "Opening",
    "Painting",
    "WhatIf",
    "Words",
    "network_view",
]

MOST_DIGESTS = 1000
"""Of layers, that are remembered as sent; the browser keeps those of less than that, by size."""

_component = component_in("network_view", '<div class="network-view"></div>')


def network_view(
    trace: Trace,
    *,
    key: str,
    live: Live | None = None,
    drag: Drag | None = None,
    painting: Painting = Painting(),  # frozen
    words: Words = Words(),
    opening: Opening = Opening(),
    backward: Backward | None = None,
    what_if: WhatIf | None = None,
    on_weight: Callable[[str], None] | None = None,
) -> None:
    """Draw `trace`, and let every number in it be followed back to the input.

    With `live` it follows the pen, with `drag` the pointer that moves its input, with `what_if` its
    maps and weights can be set to other values. With `backward` it shows the gradients of a loss in
    place of the values, each followed back from the loss. `on_weight` is called with a weight that
    a person clicks on, as Python writes it (conv1.weight[0,0,2,1]), before the page runs again.
    """

    def dragged() -> None:
        shift = getattr(st.session_state[key], "shift", None)
        if drag is not None and shift:
            right, down = (max(-drag.limit, min(drag.limit, int(step))) for step in shift)
            drag.on_drag(right, down)

    def looked() -> None:
        # Kept by name: what another network doesn't have is passed over.
        st.session_state[f"{key}-sight"] = getattr(st.session_state[key], "sight", None)

    def changed() -> None:
        said = getattr(st.session_state[key], "changes", None)
        if what_if is None or not isinstance(said, dict) or said.get("weights") != weights["id"]:
            return  # made to another network, which was in use when they were sent
        if isinstance(said.get("text"), str):
            sequence, keep = int(said.get("sequence", 0)), said.get("keep") is True
            what_if.on_change(said["text"], sequence, keep)

    def chose() -> None:
        said = getattr(st.session_state[key], "weight", None)
        name = said.get("name") if isinstance(said, dict) else None
        if on_weight is not None and isinstance(name, str):
            on_weight(name[:200])

    looked_at = st.session_state.get(f"{key}-sight")
    told = looked_at if isinstance(looked_at, dict) else {}
    sight = sight_of(told.get("layers"))
    # Of a changed network the view makes the changes itself.
    weights = _weights(f"{key}-weights_told", trace if what_if is None else what_if.before)

    def lacking() -> None:
        """The browser hasn't kept what an earlier message brought it."""
        if getattr(st.session_state[f"{key}-weights"], "lacking", None) == weights["id"]:
            st.session_state.pop(f"{key}-weights_told", None)

    same = told.get("of") == name_of(trace, weights["id"], what_if)
    there = sight_of(told.get("there")) if same else None
    # A sibling element of its own: Streamlit sends an unchanged element once, so the weights
    # don't travel with each stroke.
    with st.container(key=f"{key}-frame", gap=None):
        _component(key=f"{key}-weights", data=weights, on_lacking_change=lacking)
        _component(
            key=key,
            data=trace_message(
                trace,
                key=key,
                weights=weights["id"],
                live=live,
                drag=drag,
                painting=painting,
                words=words,
                opening=opening,
                backward=backward,
                sight=sight,
                there=there,
                what_if=what_if,
                chooses_weight=on_weight is not None,
            ),
            on_shift_change=dragged,
            on_sight_change=looked,
            on_changes_change=changed,
            on_weight_change=chose,
        )


@dataclass(frozen=True)
class _Told:
    """The `message` that a view has its weights from, and the digests of those sent to it so far,
    the latest last."""

    message: dict[str, Any]
    digests: tuple[str, ...]


def _weights(key: str, trace: Trace) -> dict[str, Any]:
    """The message with the weights of `trace`: while they stay it is the same to the letter, and
    Streamlit doesn't send it again; where some change it has those alone."""
    told: _Told | None = st.session_state.get(key)
    known = () if told is None else told.digests
    message = weights_message(trace, known)
    if told is not None and told.message["id"] == message["id"]:
        return told.message
    news = (row["digest"] for row in message["layers"].values())
    digests = tuple(dict.fromkeys((*known, *news)))[-MOST_DIGESTS:]
    st.session_state[key] = _Told(message, digests)
    return message
