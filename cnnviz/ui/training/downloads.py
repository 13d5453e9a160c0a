"""What a run gives away: a network of it, its curve, and a program that repeats it."""

import streamlit as st

from cnnviz.components.escaping import escaped
from cnnviz.export import curve, onnx, run_page, script, weights
from cnnviz.runs import folders
from cnnviz.runs.history import Run
from cnnviz.spelling import count
from cnnviz.ui.drawing import current_start
from cnnviz.ui.training import session


def downloads(run: Run) -> None:
    """A button a file; each is made when it is asked for."""
    steps = [row.step for row in run.events.snapshots]
    if not steps:
        st.caption("Nothing to export yet.")
        return
    step = st.selectbox("Of step", list(reversed(steps)), format_func=lambda s: count(s))
    try:
        opened = session.snapshot(run, step)
    except ValueError as error:
        st.error(escaped(str(error)))
        return
    name = f"{run.name}-step-{step}"
    config = run.config
    missing = _problem_with_onnx()
    unavailable = {".onnx": missing is not None, ".html": config.shuffle_pixels is not None}
    for words, make, suffix in (
        ("Weights, safetensors", lambda: folders.read_snapshot(run.folder, step), ".safetensors"),
        ("State dict, PyTorch", lambda: weights.state_dict(opened.model), ".pt"),
        ("ONNX", lambda: onnx.graph(opened.model, classes=opened.classes), ".onnx"),
        ("One page with the filmstrip", lambda: _page(run), ".html"),
        ("Curve, CSV", lambda: curve.csv(run.events), ".csv"),
        ("Python file that trains this", lambda: script.script(config), ".py"),
    ):
        st.download_button(
            words,
            make,
            f"{name}{suffix}",
            on_click="ignore",
            width="stretch",
            disabled=unavailable.get(suffix, False),
        )
    if missing is not None:
        st.caption(missing)
    st.caption("The curve as a picture: the camera at its top right.")
    if run.events.changes:
        st.caption(
            "The Python file trains the settings at the start: it makes no change on its way."
        )


def _page(run: Run) -> str:
    images = run.config.images
    start = current_start(images.frame, images.classes)
    return run_page.run_page(run, lambda step: session.snapshot(run, step), start)


def _problem_with_onnx() -> str | None:
    try:
        onnx.check_available()
    except onnx.Missing as error:
        return str(error)
    return None
