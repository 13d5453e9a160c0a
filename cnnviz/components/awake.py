"""A part of a page that is run again by itself, and is seen to be.

Streamlit's browser side keeps the clock of such a part. Where a run of the page is cut short just
as that clock is set anew it can be gone for good, and what the part shows would stay as it is.
"""

from streamlit.components.v2 import component

from cnnviz.components.modules import together

_component = component("cnnviz.awake", js=together("awake/index.js"), html="<i></i>")

PATIENCE = 4.0
"""Seconds, besides those between two runs of a part, until its page is run again."""


def watch(part: str, every: float) -> None:
    """Have the whole page run again when `part` hasn't been for too long: outside of the part."""
    _component(
        key=f"awake_watch_{part}",
        data={"part": part, "patience": 1000 * (every + PATIENCE)},
        on_asleep_change=lambda: None,
    )


def beat(part: str, number: int) -> None:
    """Part of the part itself: it has been run, for the `number`th time."""
    _component(key=f"awake_beat_{part}", data={"part": part, "beat": number})
