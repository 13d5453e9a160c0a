"""The filmstrip: kernels and one's own drawing's reading at each snapshot, under the curve."""

import json
from collections.abc import Callable, Sequence

import plotly.graph_objects as go
import plotly.io as pio
import streamlit as st

from cnnviz.components.frame import Linked
from cnnviz.components.modules import component_in
from cnnviz.views.film import Frame

_COMPONENT = component_in("training_view", '<div class="film"></div>')
_AXIS = ("range", "tickvals", "ticktext")


def training_view(
    frames: Sequence[Frame],
    *,
    key: str,
    chart: str,
    curve: go.Figure,
    last_step: int,
    truth: str | None,
    selected: int,
    on_select: Callable[[int | None], None],
    on_redraw: Callable[[], None],
    linked: Linked = Linked(),  # frozen
) -> None:
    """Draw `frames` on the logarithmic step axis of the Plotly chart under the key `chart`.

    That chart is brought up to date with `curve` in place: a zoom stays. Where the browser can't
    do that, `on_redraw` is called once, and Streamlit has to draw the chart anew from then on.
    `truth` is the class that the drawing truly is of, where that is known.
    `selected` is the step under the scrubber; `on_select` is called with a step that somebody
    chose, or None for the last one, which the scrubber then follows as training goes on. The page's
    address gets what is `linked`.
    """

    def chosen() -> None:
        step = getattr(st.session_state[key], "step", None)
        steps = [frame.step for frame in frames]
        if isinstance(step, int | float) and int(step) in steps:
            on_select(None if int(step) == steps[-1] else int(step))

    _COMPONENT(
        key=key,
        data={
            "chart": chart,
            "last": last_step,
            "linked": linked.message,
            "curve": _curve(curve),
            "truth": truth,
            "selected": selected,
            "frames": [frame.to_dict() for frame in frames],
        },
        on_step_change=chosen,
        on_redraw_change=on_redraw,
    )


def _curve(figure: go.Figure) -> str:
    """What of a figure changes as training goes on, as JSON for `Plotly.update`."""
    # Not as nested lists: Streamlit turns these into text that can't be read back.
    spec = json.loads(str(pio.to_json(figure, validate=False, engine="json")))
    layout = spec["layout"]
    return json.dumps(
        {
            "run": layout.get("uirevision"),
            "x": [trace["x"] for trace in spec["data"]],
            "y": [trace["y"] for trace in spec["data"]],
            "customdata": [trace.get("customdata") for trace in spec["data"]],
            "layout": {
                "shapes": layout.get("shapes", []),
                "annotations": layout.get("annotations", []),
                **{f"xaxis.{name}": layout["xaxis"][name] for name in _AXIS},
                "yaxis.range": layout["yaxis"]["range"],
                "yaxis2.range": layout["yaxis2"]["range"],
            },
        }
    )
