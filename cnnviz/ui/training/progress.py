"""The run in view as it goes: how far it is, what can be done with it, what can be changed."""

import streamlit as st

from cnnviz.runs import folder as runs
from cnnviz.runs import history
from cnnviz.runs.history import Run
from cnnviz.training.config import BATCH_SIZE, EPOCHS, LEARNING_RATE
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


def progress(run: Run) -> None:
    """How far it is, how fast, and what is in its way."""
    config = run.config
    assert config is not None
    total = config.epochs * config.samples
    st.progress(min(1.0, run.samples_done / total))
    step = run.events.last_step
    done = len(run.events.epochs)
    words = f"epoch {min(done + 1, config.epochs)} of {config.epochs} · {_WORDS[run.status]}"
    if run.status == "interrupted":
        words = (
            f"**interrupted at step {step:,}**: its process is gone; *Resume* goes on from there"
        )
    elif run.status == "queued":
        ahead = history.ahead_of(run, session.everything())
        titles = [
            f"{other.about.title}{' (paused)' if other.status == 'paused' else ''}"
            for other in ahead
        ]
        words = f"waiting for {', then '.join(titles)}" if titles else "starting"
    elif run.status in ("paused", "stopped"):
        words += f" at step {step:,}"
    elif run.status == "running" and (speed := run.samples_per_second):
        left = (total - run.samples_done) / speed
        words += f" · {speed:,.0f} images/s · {_duration(left)} left"
    st.caption(words)
    if run.status == "failed":
        st.error(f"{run.events.reason}. The last good snapshot is at the end of the strip.")


def controls(run: Run) -> None:
    """Pause, go on, stop, resume: whatever the run can do now."""
    with st.container(horizontal=True, gap="xsmall"):
        if run.status == "running":
            st.button("Pause", on_click=session.pause, args=(run.folder,))
        elif run.status == "paused":
            st.button("Go on", on_click=session.go_on, args=(run.folder,))
        if run.status in ("running", "paused", "queued"):
            st.button("Stop", on_click=session.stop, args=(run.folder,))
        elif run.status in ("stopped", "interrupted"):
            st.button("Resume", on_click=session.resume, args=(run.folder,))
        elif run.status == "finished" and run.config is not None and not _is_over(run):
            more = min(EPOCHS.high, run.config.epochs + 5)
            st.button(
                f"Resume up to {more} epochs",
                on_click=session.resume,
                args=(run.folder, more),
            )


def _is_over(run: Run) -> bool:
    """Whether it is finished, and can't be made to go on for longer."""
    assert run.config is not None
    return run.status == "finished" and run.config.epochs >= EPOCHS.high


def changeable(run: Run) -> None:
    """What can be set anew, at once or for when it goes on; the curve gets a mark."""
    assert run.config is not None
    if run.status in ("queued", "failed") or _is_over(run):
        return
    wanted = runs.read_control(run.folder)
    when = "now" if run.status == "running" else "next"
    rate_key, batch_key = f"rate_{run.name}", f"batch_{run.name}"
    _follow(rate_key, wanted.learning_rate or run.learning_rate)
    _follow(batch_key, wanted.batch_size or run.batch_size)
    rate, batch = st.columns(2)
    rate.number_input(
        f"{'Learning' if run.config.schedule == 'constant' else 'Peak'} rate, {when}",
        LEARNING_RATE.low,
        LEARNING_RATE.high,
        None,
        step=LEARNING_RATE.step,
        format="%g",
        key=rate_key,
        on_change=_change,
        args=(run, "learning_rate", rate_key),
    )
    batch.number_input(
        f"Batch size, {when}",
        BATCH_SIZE.low,
        BATCH_SIZE.high,
        None,
        key=batch_key,
        on_change=_change,
        args=(run, "batch_size", batch_key),
    )


def _follow(key: str, value: float) -> None:
    """Show `value` in the field `key` once it is another than was shown, or the field is empty.

    Somebody else may have set it; the field's own number would stay, and couldn't be sent again.
    """
    shown = f"{key}_shown"
    if st.session_state.get(key) is None or st.session_state.get(shown) != value:
        st.session_state[key] = st.session_state[shown] = value


def _change(run: Run, setting: str, key: str) -> None:
    value = st.session_state[key]
    if value is not None:
        session.send(run.folder, **{setting: value})


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"
