"""A run's curve, and under it what each of its snapshots reads in a drawing."""

from typing import Any

import plotly.graph_objects as go
import streamlit as st
from torch import Tensor

from cnnviz.components.training_view import training_view
from cnnviz.figures import training as figures
from cnnviz.runs.history import Run
from cnnviz.ui.training import session
from cnnviz.views.film import Frame


def film(
    run: Run, image: Tensor, *, key: str, truth: str | None, config: dict[str, Any]
) -> tuple[list[Frame], int]:
    """Show them, for the drawing `image` (1, C, H, W); the frames, and the step that is chosen.

    Chart and strip have the keys `<key>_curve` and `<key>_film`. `truth` is the class that the
    drawing truly is of, where that is known, and `config` Plotly's.
    """
    curve = figures.curve(run)
    st.plotly_chart(_kept(run, curve, key), key=f"{key}_curve", config=config)
    frames = session.frames(run, image)
    steps = [frame.step for frame in frames]
    step = st.session_state.get(f"{key}_step")
    if step not in steps:
        step = steps[-1] if steps else 0
    training_view(
        frames,
        key=f"{key}_film",
        chart=f"{key}_curve",
        curve=curve,
        last_step=run.events.last_step,
        truth=truth,
        selected=step,
        on_select=lambda step: st.session_state.update({f"{key}_step": step}),
        on_redraw=lambda: st.session_state.update({f"{key}_redraw": True}),
    )
    return frames, step


def follow_the_last(key: str) -> None:
    """Choose no step any more: the last one is shown, as training goes on."""
    st.session_state.pop(f"{key}_step", None)


def _kept(run: Run, curve: go.Figure, key: str) -> go.Figure:
    """The `curve` of the run as this session first saw it.

    Streamlit would make a new chart of new data, and a zoom, a drag under way, would be lost: the
    chart stays, and the strip under it gives it what has come since.
    """
    if st.session_state.get(f"{key}_redraw"):
        return curve
    kept = st.session_state.get(f"{key}_drawn")
    if kept is None or kept[0] != run.name:
        kept = st.session_state[f"{key}_drawn"] = run.name, curve
    return kept[1]
