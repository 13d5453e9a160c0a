"""The shift view: a picture to drag, beside what networks make of it at every shift."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st
from torch import Tensor

from cnnviz.components.modules import component_in
from cnnviz.views.letters import letters

_component = component_in("shift_view", '<div class="shift-view"></div>')


@dataclass(frozen=True)
class ShiftMap:
    """What one network says at every shift: `probabilities` (2r+1, 2r+1, classes), rows down.

    `kind` is what it's called in a sentence, `name` above its map, `note` and `mean` beside it.
    """

    kind: str
    name: str
    note: str
    mean: str
    probabilities: Tensor


def shift_view(
    image: Tensor,
    label: int,
    maps: Sequence[ShiftMap],
    cut: Tensor,
    shift: tuple[int, int],
    *,
    key: str,
    on_move: Callable[[int, int], None],
    sliders: tuple[str, str],
    names: Sequence[str] | None = None,
    paper: float = 0.0,
) -> None:
    """Show `image` (C, H, W) unmoved, at `shift` (right, down), and the `maps` of its class.

    `label` is the class's number among `names`, where they aren't just the numbers from 0. A pixel
    without ink is `paper`. `cut` (2r+1, 2r+1) says where part of it has left the field.
    `on_move(right, down)` is called with the new shift, each from -r to r, before the page runs
    again. `sliders` are the keys of those that set it, right and down: they follow a drag, and what
    has `translation_of_shift_` in its key is dimmed until Python knows the new shift.
    """
    limit = len(cut) // 2

    def moved() -> None:
        said = getattr(st.session_state[key], "shift", None)
        if isinstance(said, dict) and isinstance(said.get("sequence"), int):
            st.session_state[f"{key}_sequence"] = said["sequence"]
            right, down = (max(-limit, min(limit, int(step))) for step in said["shift"])
            on_move(right, down)

    outside = letters(cut, "u1")
    _component(
        key=key,
        data={
            "image": {
                "values": letters(image, "<f4"),
                "shape": list(image.shape),
                "paper": paper,
            },
            "label": label,
            "names": None if names is None else list(names),
            "limit": limit,
            "shift": list(shift),
            "sliders": list(sliders),
            "maps": [
                {
                    "kind": each.kind,
                    "name": each.name,
                    "note": each.note,
                    "mean": each.mean,
                    "right": letters(each.probabilities[..., label], "<f4"),
                    "sure": letters(each.probabilities.amax(dim=-1), "<f4"),
                    "says": letters(each.probabilities.argmax(dim=-1), "u1"),
                    "cut": outside,
                }
                for each in maps
            ],
            "sequence": st.session_state.get(f"{key}_sequence", 0),
        },
        on_shift_change=moved,
    )
