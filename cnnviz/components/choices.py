"""A row of choices, one of which may be in view; each click on one is an event.

Streamlit's own pills are a value that the browser keeps. Where the page sets it too (a stroke takes
a sample's place, say), they must be made anew, and a click on those of before is lost while the new
ones are on their way. Here the page says what is in view, and a click says only itself.
"""

from collections.abc import Callable, Sequence

import streamlit as st

from cnnviz.components.modules import component_in

_component = component_in("choices", '<div class="choices"></div>')


def choices(
    label: str,
    options: Sequence[object],
    in_view: int | None,
    *,
    key: str,
    on_choose: Callable[[int], None],
    label_visible: bool = True,
) -> None:
    """`options` in a row under `label`; `in_view` is the place of the one that is marked, or None.

    A label that isn't visible is still read out.

    `on_choose` is called with an option's place, before the page or its fragment runs again, each
    time that a person chooses one: the marked one too.
    """

    def chosen() -> None:
        place = getattr(st.session_state[key], "chosen", None)
        if isinstance(place, int) and 0 <= place < len(options):
            on_choose(place)

    _component(
        key=key,
        data={
            "label": label,
            "labelVisible": label_visible,
            "options": [str(option) for option in options],
            "inView": in_view,
        },
        on_chosen_change=chosen,
        height="content",
    )
