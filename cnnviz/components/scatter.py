"""Pictures as points in two dimensions; one's own moves while one draws, any can be picked."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components import actions
from cnnviz.components.modules import component_in
from cnnviz.palette import IMPULSES
from cnnviz.views.letters import letters

_component = component_in("scatter", '<div class="scatter"></div>')


@dataclass(frozen=True, eq=False)
class Following:
    """How a place comes of what a layer makes of the drawing, v (K,): (v − `mean`) · `axes`ᵀ, with
    `axes` (2, K). `view` is the key of the network view of the page that has the values."""

    view: str
    layer: str
    mean: NDArray[np.float32]
    axes: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Own:
    """Where one's drawing lies, `place` (2,), and the points that are `near` it."""

    place: NDArray[np.float32]
    near: Sequence[int]


def scatter(
    points: NDArray[np.float32],
    labels: NDArray[np.int64],
    classes: Sequence[str],
    *,
    key: str,
    label: str,
    title: str,
    own: Own,
    following: Following | None,
    picked: int | None,
    on_pick: Callable[[int], None],
) -> None:
    """`points` (N, 2) of classes `labels` (N,), with one's `own` among them, which moves while one
    draws where there is a `following`.

    `label` says to who can't see it what it is, and `title` what a point is, before its number.
    `on_pick` is called with the number of a point that a person picks, before the page runs again.
    """

    def told() -> None:
        for action in actions.new(key):
            index = action.get("index")
            if isinstance(index, int | float) and 0 <= index < len(points):
                on_pick(int(index))

    sent = {
        "points": letters(points, "<f4"),
        "labels": letters(labels, "u1"),
    }
    digest = hashlib.blake2b("".join(sent.values()).encode(), digest_size=12).hexdigest()
    # A sibling element of its own: Streamlit sends an unchanged element once, so the points don't
    # travel with each stroke.
    with st.container(key=f"{key}_frame", gap=None):
        _component(key=f"{key}_points", data={"role": "points", "id": digest, **sent})
        _component(
            key=key,
            data={
                "role": "scatter",
                "points": digest,
                "label": label,
                "title": title,
                "classes": list(classes),
                "colours": list(IMPULSES),
                "own": own.place.tolist(),
                "near": [int(index) for index in own.near],
                "picked": picked,
                "live": None if following is None else _live(following),
                "taken": actions.taken(key),
            },
            on_log_change=told,
            height="content",
        )


def _live(following: Following) -> dict[str, Any]:
    return {
        "view": following.view,
        "layer": following.layer,
        "mean": letters(following.mean, "<f4"),
        "axes": letters(following.axes, "<f4"),
    }
