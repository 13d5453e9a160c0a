"""The run in view as it goes: how far it is, what can be done with it, what can be changed."""

from typing import Any

import streamlit as st

from cnnviz.components.escaping import escaped
from cnnviz.runs import control, line
from cnnviz.runs.history import Run
from cnnviz.runs.line import Place
from cnnviz.spelling import count, fixed
from cnnviz.training.config import EPOCHS, SETTINGS
from cnnviz.training.settings import Number, Whole
from cnnviz.ui.fields import followed
from cnnviz.ui.training import session

_WORDS = {
    "queued": "waiting",
    "running": "training",
    "paused": "paused",
    "stopped": "stopped",
    "finished": "finished",
    "failed": "ended",
    "interrupted": "interrupted",
}
_ORDINALS = ("next", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_HOLD_WIDTH = 84
"""Pixels of *Pause* and *Go on*, so that *Stop* beside them keeps its place."""
_LINE_BREAK = "  \n"


def progress(run: Run) -> None:
    """How far it is, how fast, and what is in its way.

    Of a run that goes on always two lines: what is below mustn't move as one presses it.
    """
    config = run.config
    total = config.epochs * config.samples
    st.container(key="training_bar").progress(min(1.0, run.samples_done / total))
    step = run.events.last_step
    done = len(run.events.epochs)
    epoch = f"epoch {min(done + 1, config.epochs)} of {config.epochs}"
    doing = _WORDS[run.status]
    if run.left_waiting:
        st.caption(
            "**still to be trained**: it was waiting when its server ended; *Resume* puts it back "
            "in the queue"
        )
        return
    if run.status == "interrupted":
        st.caption(
            f"**interrupted at step {count(step)}**: its process is gone; *Resume* goes on from "
            "there"
        )
        return
    if run.status == "queued":
        doing = _in_line(line.place(run, session.readable()))
    elif run.status in ("paused", "stopped"):
        doing += f" at step {count(step)}"
    elif run.status == "running" and (speed := run.samples_per_second):
        left = (total - run.samples_done) / speed
        # Both are of the steps alone: a test of all images takes as long as many of them.
        epoch += f" · {doing}"
        doing = f"{count(round(speed))} images/s · {_duration(left)} left without tests"
    st.caption(epoch + _LINE_BREAK + doing)
    if run.status == "failed":
        where = "The last good snapshot is at the end of the strip." if run.events.snapshots else ""
        st.error(f"{escaped((run.events.reason or '').rstrip('.'))}. {where}")


def controls(run: Run) -> None:
    """Pause, go on, stop, resume: whatever the run can do now."""
    if not session.may_change(run.folder):
        st.caption("You look on: it was started in another browser.")
        return
    with st.container(horizontal=True, gap="xsmall"):
        if run.status in ("running", "paused"):
            # One button, whatever it says: while two follow one another the page shows both, and
            # Stop moves away between the pointer's going down and up.
            going = run.status == "running"
            label, action = ("Pause", session.pause) if going else ("Go on", session.go_on)
            st.button(label, key="hold_run", on_click=action, args=(run.folder,), width=_HOLD_WIDTH)
        if run.status in ("running", "paused", "queued"):
            st.button("Stop", on_click=session.stop, args=(run.folder,))
        elif run.status in ("stopped", "interrupted", "failed"):
            st.button("Resume", on_click=session.resume, args=(run.folder,))
        elif run.status == "finished" and not _is_over(run):
            more = min(EPOCHS.high, run.config.epochs + 5)
            st.button(
                f"Resume up to {more} epochs",
                on_click=session.resume,
                args=(run.folder, more),
            )


def _is_over(run: Run) -> bool:
    """Whether it is finished, and can't be made to go on for longer."""
    return run.status == "finished" and run.config.epochs >= EPOCHS.high


def changeable(run: Run) -> None:
    """What can be set anew, at once or for when it goes on; the curve gets a mark."""
    if run.status == "queued" or _is_over(run) or not session.may_change(run.folder):
        return
    wanted = control.read(run.folder)
    when = "now" if run.status == "running" else "next"
    rate, batch = st.columns(2)
    with rate:
        kind = "Learning" if run.config.schedule == "constant" else "Peak"
        learning_rate = wanted.learning_rate or run.learning_rate
        _field(run, "learning_rate", f"{kind} rate, {when}", learning_rate)
    with batch:
        _field(run, "batch_size", f"Batch size, {when}", wanted.batch_size or run.batch_size)


def _field(run: Run, setting: str, label: str, value: float) -> None:
    """What `setting` is now, within the range of its row; what is typed is sent to the run."""
    kind = SETTINGS[setting].kind
    assert isinstance(kind, Number | Whole)
    name = f"{setting}_{run.name}"
    key = followed.key(name, value)
    steps: dict[str, Any] = {"step": kind.step, "format": "%g"} if isinstance(kind, Number) else {}
    st.number_input(
        label,
        kind.low,
        kind.high,
        value,
        key=key,
        on_change=_change,
        args=(run, setting, name, key),
        **steps,
    )


def _change(run: Run, setting: str, name: str, key: str) -> None:
    value = followed.set_by_hand(name, key)
    if value is not None:
        session.change(run.folder, **{setting: value})


def _in_line(place: Place | None) -> str:
    """ "third in line, about 20 s": its place among those that wait, and until it begins."""
    if place is None:
        return "starting"
    named = place.number <= len(_ORDINALS)
    words = _ORDINALS[place.number - 1] if named else f"number {place.number}"
    soon = "" if place.seconds is None else f", about {_duration(place.seconds)}"
    return f"{words} in line{soon}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{fixed(max(1, seconds), 0)} s"
    return f"{fixed(seconds / 60, 0)} min"
