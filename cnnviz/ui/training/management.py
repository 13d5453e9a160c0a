"""Which run is in view, its settings; renaming, keeping and deleting it."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import streamlit as st

from cnnviz.runs import folders, locks, pruning
from cnnviz.runs.folders import About
from cnnviz.runs.history import BrokenRun, Run
from cnnviz.training.words import in_words
from cnnviz.ui import glossary
from cnnviz.ui.fields import followed
from cnnviz.ui.training import downloads, session

PICK = "training_pick"


def pick(run: Run | BrokenRun) -> None:
    """The run in view, by name and by settings; another can be chosen."""
    names = folders.names()
    if run.name not in names:
        return
    words = labels({name: folders.about(folders.root() / name) for name in names})
    key = followed.key(PICK, run.name, words[run.name])
    st.selectbox(
        "Run in view",
        names,
        names.index(run.name),
        # One that has come meanwhile has no words yet.
        format_func=lambda name: words.get(str(name), str(name)),
        key=key,
        on_change=_choose,
        args=(key,),
    )


def describe(run: Run) -> None:
    """The run's settings, in words."""
    preset = run.config.preset
    kind = "own settings" if preset == "own" else f"the preset *{preset}*"
    glossary.caption(f"This run has {kind}: {in_words(run.config)}")


def _choose(key: str) -> None:
    name = followed.set_by_hand(PICK, key)
    if name is not None:
        session.choose(name)


def labels(runs: Mapping[str, About]) -> dict[str, str]:
    """What tells each of the runs, by name, from the others: a browser says the words it chose.

    Title and time; of those that are alike, the run's own name too.
    """
    words = {
        name: f"{about.title} · {datetime.fromtimestamp(about.created):%d %b %H:%M}"
        for name, about in runs.items()
    }
    alike = Counter(words.values())
    return {name: f"{text} · {name}" if alike[text] > 1 else text for name, text in words.items()}


def manage(run: Run | BrokenRun) -> None:
    """Two small menus: what can be done with the run, and what it gives away."""
    with st.container(horizontal=True, gap="xsmall"):
        with st.popover("Manage", on_change="rerun", key="training_manage") as managing:
            if managing.open:
                _manage(run)
        with st.popover("Export", on_change="rerun", key="training_export") as exporting:
            if exporting.open and isinstance(run, Run):
                downloads.downloads(run)


def _manage(run: Run | BrokenRun) -> None:
    name = f"title_{run.name}"
    key = followed.key(name, run.about.title)
    st.text_input(
        "Title", run.about.title, key=key, max_chars=80, on_change=_rename, args=(run, name, key)
    )
    try:
        keep, megabytes = pruning.limits()
        limits = f"{keep} of them, or {megabytes:g} MB"
    except ValueError as error:
        limits = f"the limit allows ({error})"
    name = f"pinned_{run.name}"
    key = followed.key(name, run.about.pinned)
    st.toggle(
        "Keep for good",
        run.about.pinned,
        key=key,
        on_change=_pin,
        args=(run, name, key),
        help=f"Else the oldest runs make room once there are more than {limits}.",
    )
    if locks.is_active(run.folder):
        st.caption("Stop it before deleting it.")
    elif st.checkbox("Delete it, with all its snapshots", key=f"sure_{run.name}"):
        st.button("Delete for good", on_click=session.delete, args=(run.folder,))


def _rename(run: Run | BrokenRun, name: str, key: str) -> None:
    title = followed.set_by_hand(name, key)
    if title is not None:
        session.rename(run.folder, title)


def _pin(run: Run | BrokenRun, name: str, key: str) -> None:
    pinned = followed.set_by_hand(name, key)
    if pinned is not None:
        session.pin(run.folder, pinned)
