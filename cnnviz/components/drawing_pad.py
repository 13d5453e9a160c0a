"""Where one draws: the canvas, its undo and clear, and a picture to start from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st
from streamlit.components.v2 import component
from streamlit_drawable_canvas import st_canvas

from cnnviz.drawing.preprocessing import ink_from_canvas
from cnnviz.images.png import ink_url
from cnnviz.palette import DARK, LIGHT

SIZE = 280
PEN = 20
INK = {"light": LIGHT.text, "dark": DARK.text}

_tools = component(
    "cnnviz.drawing_pad",
    js="drawing_pad/index.js",
    css="drawing_pad/style.css",
    html="""<div class="tools">
      <button type="button" class="undo" disabled><span aria-hidden="true">↶ </span>undo</button>
      <button type="button" class="clear" disabled><span aria-hidden="true">✕ </span>clear</button>
    </div>""",
    isolate_styles=True,
)


@dataclass
class _Memory:
    """What a session remembers of its canvas, so that a visit to another page loses nothing.

    `start` is the drawing that the canvas was last told to begin with: it loads one anew whenever
    that changes. `objects` are the strokes it sent last, `ink` their pixels.
    """

    start: dict[str, Any] = field(default_factory=lambda: {"objects": [], "generation": 0})
    objects: list[dict[str, Any]] = field(default_factory=list)
    ink: np.ndarray | None = None
    sent: str | None = None
    colour: str = INK["light"]

    def begin_with(self, objects: list[dict[str, Any]]) -> None:
        self.start = {"objects": objects, "generation": self.start["generation"] + 1}
        self.objects = objects
        if not objects:
            self.forget()

    def forget(self) -> None:
        self.objects, self.ink, self.sent = [], None, None


def drawing_pad(key: str, *, covered: bool, on_change: Callable[[], None]) -> np.ndarray | None:
    """The canvas, 280x280. It is emptied while `covered` by the backdrop of `pad_tools`.

    `on_change` is called when the person has drawn or undone, before the page runs.

    Returns the ink (280, 280) in [0, 1] of the strokes, or None when there are none.
    """
    memory = _memory(key)
    colour = INK["dark" if st.context.theme.type == "dark" else "light"]
    if covered and memory.objects:
        memory.begin_with([])
    elif key not in st.session_state and memory.objects:
        memory.begin_with(memory.objects)
    elif colour != memory.colour:
        memory.begin_with([{**stroke, "stroke": colour} for stroke in memory.objects])
    memory.colour = colour

    def drawn() -> None:
        objects = _objects(st.session_state[key])
        if objects != memory.objects:
            memory.objects = objects
            on_change()

    result = st_canvas(
        stroke_width=PEN,
        stroke_color=colour,
        width=SIZE,
        height=SIZE,
        initial_drawing=memory.start,
        return_image_data=True,
        key=key,
        on_change=drawn,
    )
    if covered or not memory.objects:
        return None
    sent = (st.session_state[key].get("drawing") or {}).get("data")
    if sent is not None and sent != memory.sent:
        rgba = result.image_data
        memory.ink = None if rgba is None else ink_from_canvas(rgba)
        memory.sent = sent
    return memory.ink


def pad_tools(key: str, *, backdrop: np.ndarray | None, on_change: Callable[[], None]) -> None:
    """Undo and clear for the canvas `key`, and what lies on it until the pen comes down.

    `backdrop` is (H, W) in [0, 1], 1 as ink. `on_change` is called when the person has cleared.
    """
    memory = _memory(key)

    def cleared() -> None:
        if memory.start["objects"]:
            memory.begin_with([])
        memory.forget()
        on_change()

    _tools(
        key=f"{key}-tools",
        data={
            "canvasKey": key,
            "backdrop": None if backdrop is None else ink_url(backdrop),
            "startsEmpty": not memory.start["objects"],
        },
        on_cleared_change=cleared,
        width="content",
        height="content",
    )


def _memory(key: str) -> _Memory:
    return st.session_state.setdefault(f"{key}-memory", _Memory())


def _objects(state: Any) -> list[dict[str, Any]]:
    return list(((state.get("drawing") or {}).get("raw") or {}).get("objects", []))
