"""Which run is in view, its settings; renaming, keeping and deleting it."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from html import escape

import streamlit as st

from cnnviz import people
from cnnviz.runs import folders, locks, pruning
from cnnviz.runs.folders import About
from cnnviz.runs.history import BrokenRun, Run
from cnnviz.training.words import in_words
from cnnviz.ui import glossary, person
from cnnviz.ui.fields import followed
from cnnviz.ui.training import downloads, session

PICK = "training_pick"


def pick(run: Run | BrokenRun | None) -> None:
    """The run in view, by name and by settings; another can be chosen, one's own come first."""
    own = session.mine()
    names = [*own, *(name for name in folders.names() if name not in own)]
    if not names or (run is not None and run.name not in names):
        return
    abouts = {name: folders.about(folders.root() / name) for name in names}
    words = {
        name: text if abouts[name].owner is None or name in own else f"{text} · another's"
        for name, text in labels(abouts).items()
    }
    shown = None if run is None else run.name
    key = followed.key(PICK, shown, None if shown is None else words[shown])
    st.selectbox(
        "Run in view",
        names,
        None if shown is None else names.index(shown),
        placeholder="none of yours yet: look at another's",
        # One that has come meanwhile has no words yet.
        format_func=lambda name: words.get(str(name), str(name)),
        key=key,
        on_change=_choose,
        args=(key,),
    )


def describe(run: Run) -> None:
    """The run's settings, in words."""
    preset = run.config.preset
    kind = "own settings" if preset == "own" else f"the preset <em>{preset}</em>"
    glossary.html(f"This run has {kind}: {escape(in_words(run.config))}")


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
    """Small menus: what can be done with the run, what it gives away, and the teacher's."""
    with st.container(horizontal=True, gap="xsmall"):
        with st.popover("Manage", on_change="rerun", key="training_manage") as managing:
            if managing.open:
                _manage(run)
        with st.popover("Export", on_change="rerun", key="training_export") as exporting:
            if exporting.open and isinstance(run, Run):
                downloads.downloads(run)
        teacher()


def teacher() -> None:
    """Where a class has a teacher's key: the field for it, or the word that it was given."""
    if people.teacher_key() is None:
        return
    with st.popover("Teacher", on_change="rerun", key="training_teacher") as menu:
        if not menu.open:
            return
        if person.current().teacher:
            st.caption("This browser may change every run.")
            st.button("Forget the key", on_click=person.forget_key)
            return
        st.text_input("Teacher's key", type="password", key="teacher_key", on_change=_show_key)
        if st.session_state.pop("teacher_key_wrong", False):
            st.error("That isn't the key.")


def _show_key() -> None:
    key = st.session_state["teacher_key"]
    st.session_state["teacher_key_wrong"] = bool(key) and not person.show_key(key)


def _manage(run: Run | BrokenRun) -> None:
    if not session.may_change(run.folder):
        st.caption("Only whoever started it can rename, keep or delete it.")
        return
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
