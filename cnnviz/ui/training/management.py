"""Which run is in view, its settings; renaming, keeping and deleting it."""

from datetime import datetime

import streamlit as st

from cnnviz.runs import folder as runs
from cnnviz.runs.history import Run
from cnnviz.training.words import in_words
from cnnviz.ui.training import downloads, session

PICK = "training_pick"


def pick(run: Run) -> None:
    """The run in view, by name and by settings; another can be chosen."""
    names = runs.names()
    if run.name not in names:
        return
    st.session_state[PICK] = run.name
    st.selectbox(
        "Run in view",
        names,
        format_func=lambda name: label(runs.about(runs.root() / name)),
        key=PICK,
        on_change=lambda: session.choose(st.session_state[PICK]),
    )
    if run.config is not None:
        kind = "own settings" if run.config.preset == "own" else f"preset *{run.config.preset}*"
        st.caption(f"{kind}: {in_words(run.config)}")


def label(about: runs.About) -> str:
    return f"{about.title} · {datetime.fromtimestamp(about.created):%d %b %H:%M}"


def manage(run: Run) -> None:
    """Two small menus: what can be done with the run, and what it gives away."""
    with st.container(horizontal=True, gap="xsmall"):
        with st.popover("Manage", on_change="rerun", key="training_manage") as managing:
            if managing.open:
                _manage(run)
        with st.popover("Export", on_change="rerun", key="training_export") as exporting:
            if exporting.open:
                downloads.downloads(run)


def _manage(run: Run) -> None:
    key = f"title_{run.name}"
    st.text_input(
        "Title",
        run.about.title,
        key=key,
        max_chars=80,
        on_change=lambda: session.rename(run.folder, st.session_state[key]),
    )
    try:
        keep, megabytes = runs.limits()
        limits = f"{keep} of them, or {megabytes:g} MB"
    except ValueError as error:
        limits = f"the limit allows ({error})"
    pinned = f"pinned_{run.name}"
    # What the file says: another session may have set it since this one last looked.
    st.session_state[pinned] = run.about.pinned
    st.toggle(
        "Keep for good",
        key=pinned,
        on_change=lambda: session.pin(run.folder, st.session_state[pinned]),
        help=f"Else the oldest runs make room once there are more than {limits}.",
    )
    if runs.is_active(run.folder):
        st.caption("Stop it before deleting it.")
    elif st.checkbox("Delete it, with all its snapshots", key=f"sure_{run.name}"):
        st.button("Delete for good", on_click=session.delete, args=(run.folder,))
