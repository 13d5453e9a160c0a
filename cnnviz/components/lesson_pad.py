"""A canvas for one drawing after another, without a button in between."""

from collections.abc import Callable, Sequence
from typing import Any

from cnnviz.components import actions
from cnnviz.components.modules import component_in

_component = component_in("lesson_pad", '<div class="lesson-pad"></div>')


def lesson_pad(
    symbols: Sequence[tuple[int, str, int]],
    *,
    key: str,
    room: bool,
    on_draw: Callable[[int, Any], None],
    on_undo: Callable[[], None],
) -> None:
    """`symbols` are to be drawn: each an id, a name, and how many drawings there are of it.

    A second after the pen was lifted, or at Enter, `on_draw` is called with the id of the symbol
    and the strokes, lists of [x, y] in pixels of 280x280 as the browser told them, unchecked.
    `on_undo` is called when the last drawing is to be taken back. Each is called once, before the
    page runs.
    Without `room` nothing is kept.
    """

    def told() -> None:
        for action in actions.new(key):
            if action.get("kind") == "undone":
                on_undo()
            elif action.get("kind") == "drawn" and isinstance(action.get("symbol"), int | float):
                on_draw(int(action["symbol"]), action.get("strokes"))

    _component(
        key=key,
        data={
            "symbols": [{"id": id, "name": name, "count": count} for id, name, count in symbols],
            "taken": actions.taken(key),
            "room": room,
        },
        on_log_change=told,
        height="content",
    )
