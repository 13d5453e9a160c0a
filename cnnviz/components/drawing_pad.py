"""Where one draws: the canvas, its undo and clear, and a picture to start from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st
from streamlit_drawable_canvas import st_canvas

from cnnviz.components import theme
from cnnviz.components.escaping import as_sentence
from cnnviz.components.frame import Linked
from cnnviz.components.modules import component_in
from cnnviz.drawing import samples
from cnnviz.drawing.compact import Compact, paths_of_strokes
from cnnviz.drawing.pictures import open_canvas
from cnnviz.drawing.preprocessing import ink_from_canvas
from cnnviz.images.png import ink_url, light_url
from cnnviz.palette import LIGHT

SIZE, PEN = samples.CANVAS_SIZE, samples.STROKE_WIDTH

_tools = component_in(
    "drawing_pad",
    """<div class="tools">
      <button type="button" class="undo" disabled><span aria-hidden="true">↶ </span>undo</button>
      <button type="button" class="clear" disabled><span aria-hidden="true">✕ </span>clear</button>
    </div>""",
)


@dataclass(frozen=True)
class _Before:
    """What undo brings back: what covered the canvas, or the strokes that were on it."""

    cover: Any
    objects: list[dict[str, Any]]
    ink: np.ndarray | None
    drawn_over: bool  # a stroke took the cover away: it comes back with the last stroke's undo


_UNDOS = 20  # so many covers and cleared drawings are kept


@dataclass
class _Memory:
    """What a session remembers of its canvas, so that a visit to another page loses nothing.

    `start` is the drawing that the canvas was last told to begin with: it loads one anew whenever
    that changes. `objects` are the strokes it sent last, `ink` their pixels, `cover` what lies on
    them.
    """

    start: dict[str, Any] = field(default_factory=lambda: {"objects": [], "generation": 0})
    objects: list[dict[str, Any]] = field(default_factory=list)
    ink: np.ndarray | None = None
    sent: str | None = None
    colour: str = LIGHT.text
    before: list[_Before] = field(default_factory=list)
    cover: Any = None

    def begin_with(self, objects: list[dict[str, Any]]) -> None:
        self.start = {"objects": objects, "generation": self.start["generation"] + 1}
        self.objects = objects
        if not objects:
            self.forget()

    def forget(self) -> None:
        self.objects, self.ink, self.sent = [], None, None

    def keep(self, *, drawn_over: bool = False) -> None:
        """Let undo bring back what is there now; an empty canvas is nothing to bring back."""
        if self.cover is None and not self.objects:
            return
        before = _Before(self.cover, self.objects, self.ink, drawn_over)
        self.before = [*self.before[1 - _UNDOS :], before]

    def beneath(self) -> Any:
        """The cover that the strokes were drawn over; None where they were drawn on nothing."""
        over = self.cover is None and self.objects and self.before and self.before[-1].drawn_over
        return self.before[-1].cover if over else None

    def uncovered(self) -> Any:
        """The cover that comes back now that the last stroke over it has gone; else None."""
        if self.objects or not self.before or not self.before[-1].drawn_over:
            return None
        return self.before.pop().cover


def drawing_pad(
    key: str,
    *,
    cover: Any = None,
    on_light: Callable[[Any], bool] = lambda cover: False,
    on_change: Callable[[Any], None],
) -> np.ndarray | None:
    """The canvas, 280x280. `cover` is what lies on it until the pen comes down; None if nothing.
    `on_light` says of a cover whether it is a picture in colours, on which ink is dark in any
    theme: it takes the light away.

    `on_change` is called before the page runs when the person has drawn or undone: with None, or
    with the cover that undo has brought back.

    Returns the ink (280, 280) in [0, 1] of the strokes, or None when there are none.
    """
    memory = _memory(key)
    colour = (LIGHT if on_light(cover or memory.beneath()) else theme.current()).text
    if cover is not memory.cover:
        # The page's own change: all that the person did here is in the memory already.
        memory.keep()
        memory.cover = cover
        if memory.objects:
            memory.begin_with([])
    elif memory.objects and (key not in st.session_state or colour != memory.colour):
        memory.begin_with([{**stroke, "stroke": colour} for stroke in memory.objects])
    memory.colour = colour

    def drawn() -> None:
        objects = _objects(st.session_state[key])
        # A reset is told apart from an undone stroke by the button that led to it.
        if objects == memory.objects or _pressed(key, "cleared"):
            return
        if memory.cover is not None:
            memory.keep(drawn_over=True)
        memory.objects = objects
        memory.cover = memory.uncovered()
        on_change(memory.cover)

    st_canvas(
        stroke_width=PEN,
        stroke_color=colour,
        width=SIZE,
        height=SIZE,
        initial_drawing=memory.start,
        return_image_data=True,
        key=key,
        on_change=drawn,
    )
    if cover is not None or not memory.objects:
        return None
    sent = _sent(key)
    if sent is not None and sent != memory.sent:
        # Not by the canvas's own `image_data`, which decodes whatever was sent.
        try:
            memory.ink = ink_from_canvas(open_canvas(sent, SIZE))
        except ValueError as error:
            st.error(f"{as_sentence(error)} The drawing of before stays.")
        memory.sent = sent
    return memory.ink


def strokes_on(key: str) -> Sequence[Mapping[str, Any]]:
    """What the canvas `key` sent last, an object a stroke; what a browser sends may be anything."""
    return _memory(key).objects


def begin_with(key: str, drawing: Compact, over: Any = None) -> None:
    """Let the canvas `key` begin with the strokes of a link's `drawing`, drawn `over` a cover."""
    memory = _memory(key)
    memory.begin_with(paths_of_strokes(drawing.strokes, memory.colour))
    memory.ink = drawing.ink
    if over is not None:
        memory.before = [_Before(over, [], None, drawn_over=True)]


def beneath(key: str) -> Any:
    """The cover of the canvas `key` that its strokes were drawn over; None if there is none."""
    return _memory(key).beneath()


def pad_tools(
    key: str,
    *,
    backdrop: np.ndarray | None,
    light: np.ndarray | None = None,
    linked: Linked = Linked(),  # frozen
    on_change: Callable[[Any], None],
) -> None:
    """Undo and clear for the canvas `key`, and the picture of what covers it; the page's address
    gets what is `linked`.

    `backdrop` (H, W) in [0, 1] is the picture of `drawing_pad`'s cover, 1 as ink. `light` (3, S, S)
    is one in colours instead, which stays beneath the strokes. `on_change` is
    called when the person has cleared (with None) or undone what the canvas itself can't undo: a
    clear, another cover in place of one or of strokes, the stroke that took a cover away, strokes
    of before a visit to another page.
    """
    memory = _memory(key)

    def cleared() -> None:
        memory.keep()
        # Where it began empty, the browser has reset it already, and a new stroke may be on it.
        if memory.start["objects"]:
            memory.begin_with([])
        else:
            memory.forget()
        memory.cover = None
        on_change(None)

    def undone() -> None:
        if memory.objects:
            memory.begin_with(memory.objects[:-1])
            memory.cover = memory.uncovered()
            on_change(memory.cover)
        elif memory.before:
            before = memory.before.pop()
            memory.begin_with(before.objects)
            # Until the canvas sends the strokes again, what it sent last is of an emptied one.
            memory.ink, memory.sent = before.ink, _sent(key)
            memory.cover = before.cover
            on_change(memory.cover)

    _tools(
        key=f"{key}-tools",
        data={
            "canvasKey": key,
            "backdrop": None if backdrop is None else ink_url(backdrop),
            "light": None if light is None else light_url(light, SIZE),
            "undoable": bool(memory.before or memory.objects),
            "empties": not memory.start["objects"],
            "linked": linked.message,
        },
        on_cleared_change=cleared,
        on_undone_change=undone,
        width="content",
        height="content",
    )


def _pressed(key: str, trigger: str) -> bool:
    """Whether this very run was asked for by a button of the canvas's tools."""
    return bool(getattr(st.session_state.get(f"{key}-tools"), trigger, False))


def _memory(key: str) -> _Memory:
    return st.session_state.setdefault(f"{key}-memory", _Memory())


def _sent(key: str) -> str | None:
    """The canvas's pixels as it sent them last, encoded."""
    return _drawing(st.session_state[key]).get("data")


def _objects(state: Any) -> list[dict[str, Any]]:
    """The strokes that the canvas sent; none where it sent what it never does."""
    raw = _drawing(state).get("raw")
    objects = raw.get("objects") if isinstance(raw, Mapping) else None
    return [dict(stroke) for stroke in objects or [] if isinstance(stroke, Mapping)]


def _drawing(state: Any) -> Mapping[str, Any]:
    drawing = state.get("drawing") if isinstance(state, Mapping) else None
    return drawing if isinstance(drawing, Mapping) else {}
