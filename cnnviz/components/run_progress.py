"""The run in view as it goes: how far it is, what can be done with it, what can be changed."""

import streamlit as st

from cnnviz import runs, runs_reading
from cnnviz.components import run_session
from cnnviz.runs_reading import Run
from cnnviz.training_config import LEARNING_RATES

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
        ahead = runs_reading.ahead_of(run, run_session.everything())
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
            st.button("Pause", on_click=run_session.pause, args=(run.folder,))
        elif run.status == "paused":
            st.button("Go on", on_click=run_session.go_on, args=(run.folder,))
        if run.status in ("running", "paused", "queued"):
            st.button("Stop", on_click=run_session.stop, args=(run.folder,))
        elif run.status in ("stopped", "interrupted"):
            st.button("Resume", on_click=run_session.resume, args=(run.folder,))
        elif run.status == "finished" and run.config is not None and run.config.epochs < 100:
            more = min(100, run.config.epochs + 5)
            st.button(
                f"Resume up to {more} epochs",
                on_click=run_session.resume,
                args=(run.folder, more),
            )


def changeable(run: Run) -> None:
    """What can be set anew, at once or for when it goes on; the curve gets a mark."""
    if run.status in ("queued", "failed"):
        return
    assert run.config is not None
    wanted = runs.read_control(run.folder)
    when = "now" if run.status == "running" else "next"
    rate, batch = st.columns(2)
    rate.number_input(
        f"{'Learning' if run.config.schedule == 'constant' else 'Peak'} rate, {when}",
        *LEARNING_RATES,
        wanted.learning_rate or run.learning_rate,
        step=0.001,
        format="%g",
        key=f"rate_{run.name}",
        on_change=_change,
        args=(run, "learning_rate", f"rate_{run.name}"),
    )
    batch.number_input(
        f"Batch size, {when}",
        1,
        4096,
        wanted.batch_size or run.batch_size,
        key=f"batch_{run.name}",
        on_change=_change,
        args=(run, "batch_size", f"batch_{run.name}"),
    )


def _change(run: Run, setting: str, key: str) -> None:
    value = st.session_state[key]
    if value is not None:
        run_session.send(run.folder, **{setting: value})


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"
