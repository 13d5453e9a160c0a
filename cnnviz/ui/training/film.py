"""A run's curve, and under it what each of its snapshots reads in a drawing."""

from typing import Any

import plotly.graph_objects as go
import streamlit as st
from torch import Tensor

from cnnviz.components.frame import Linked
from cnnviz.components.training_view import training_view
from cnnviz.figures import training as figures
from cnnviz.runs.history import Run
from cnnviz.ui import link
from cnnviz.ui.addresses import TRAINING
from cnnviz.ui.training import session
from cnnviz.views.film import Frame


def film(
    run: Run,
    image: Tensor,
    *,
    key: str,
    truth: str | None,
    config: dict[str, Any],
    linked: Linked = Linked(),  # frozen
) -> tuple[list[Frame], int]:
    """Show them, for the drawing `image` (1, C, H, W); the frames, and the step that is chosen.

    Chart and strip have the keys `<key>_curve` and `<key>_film`. `truth` is the class that the
    drawing truly is of, where that is known, and `config` Plotly's. The page's address gets what is
    `linked`.
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
        linked=linked,
        on_select=lambda step: st.session_state.update({f"{key}_step": step}),
        on_redraw=lambda: st.session_state.update({f"{key}_redraw": True}),
    )
    return frames, step


def begin_with_the_links(run: Run, key: str, compare: str) -> None:
    """Choose the steps that the link asks for, where the session is new and they are the run's.

    `compare` is the key of the field for the other step.
    """
    begun = f"{key}_begun"
    if begun in st.session_state:
        return
    st.session_state[begun] = True
    asked, _ = link.read(TRAINING, link.asked(TRAINING.page))
    its_own = link.asked(TRAINING.page).get("run", run.name) == run.name
    steps = {row.step for row in run.events.snapshots} if its_own else set()
    for name, place in (("step", f"{key}_step"), ("compare", compare)):
        if name not in asked:
            continue
        if asked[name] in steps:
            st.session_state[place] = asked[name]
        else:
            link.refuse(TRAINING.page, name, "must be a snapshot of the run")


def in_link(key: str, compare: str) -> Linked:
    """The steps that are chosen, for the page's address: the last one isn't, it is followed."""
    places = {"step": f"{key}_step", "compare": compare}
    chosen = {name: st.session_state.get(place) for name, place in places.items()}
    return Linked({name: None if at is None else str(at) for name, at in chosen.items()})


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
