"""The sections of the training page: progress, controls, tables, mistakes, comparison, export."""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from torch import Tensor

from cnnviz import data, export, mistakes, runs, runs_queue, runs_reading, sources, training_data
from cnnviz.activations import trace
from cnnviz.checkpoints import Checkpoint
from cnnviz.components import run_session
from cnnviz.components.network_view import network_view
from cnnviz.figures import training as figures
from cnnviz.runs_reading import Run
from cnnviz.training_config import ARTICLE_LOSSES, LEARNING_RATES, TrainingConfig

SHOWN = 12
DRAW = Path(__file__).parents[2] / "pages" / "draw.py"
_WORDS = {
    "queued": "waiting",
    "running": "training",
    "paused": "paused",
    "stopped": "stopped",
    "finished": "finished",
    "failed": "ended",
    "interrupted": "interrupted",
}


def checked(make: Callable[[], TrainingConfig]) -> TrainingConfig | None:
    """The settings, or what is wrong with them on the page."""
    try:
        return make()
    except ValueError as error:
        st.error(str(error))
        return None


def offer_mnist() -> None:
    """Without MNIST: download it, or take `tiny`."""
    st.info("MNIST isn't on this machine yet: 11.6 MB to download. *tiny* does without it.")
    if st.button("Download MNIST", type="primary", width="stretch"):
        bar = st.progress(0.0, "Downloading MNIST")
        try:

            def show(done: int, total: int) -> None:
                bar.progress(done / total, "Downloading MNIST")

            data.fetch(progress=show)
        except data.Unavailable as error:
            st.error(str(error))
        else:
            runs_queue.queue().close()  # a new worker loads it before it's needed
            runs_queue.queue().warm()
            st.rerun()


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
        names = [r.about.title for r in runs_reading.ahead_of(run, runs_reading.read_all())]
        words = f"waiting for {', '.join(names)}" if names else "starting"
    elif run.status in ("paused", "stopped"):
        words += f" at step {step:,}"
    elif run.status == "running" and (speed := run.samples_per_second):
        left = (total - run.samples_done) / speed
        words += f" · {speed:,.0f} images/s · {_duration(left)} left"
    st.caption(words)
    if run.status == "failed":
        st.error(f"{run.events.reason}. The last good snapshot is at the end of the strip.")


def controls(run: Run) -> None:
    """Pause, stop, resume, and what can be changed while it trains."""
    with st.container(horizontal=True, gap="xsmall"):
        if run.status in ("running", "paused"):
            paused = run.status == "paused"
            st.button(
                "Go on" if paused else "Pause",
                on_click=run_session.send,
                args=(run.folder,),
                kwargs={"wish": "run" if paused else "pause"},
            )
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
    if run.status not in ("running", "paused"):
        return
    rate, batch = st.columns(2)
    rate.number_input(
        "Learning rate, now",
        *LEARNING_RATES,
        run.learning_rate,
        step=0.001,
        format="%g",
        key=f"rate_{run.name}",
        on_change=_change,
        args=(run, "learning_rate", f"rate_{run.name}"),
    )
    batch.number_input(
        "Batch size, now",
        1,
        4096,
        run.batch_size,
        key=f"batch_{run.name}",
        on_change=_change,
        args=(run, "batch_size", f"batch_{run.name}"),
    )


def _change(run: Run, setting: str, key: str) -> None:
    value = st.session_state[key]
    if value is not None and value != getattr(run, setting):
        run_session.send(run.folder, **{setting: value})


def article_table(run: Run) -> None:
    """The article's ten losses, ours beside them; an epoch a row for other runs."""
    assert run.config is not None
    losses = [row.loss_sum for row in run.events.epochs]
    if run.config.compares_with_article and not run.events.changes:
        _loss_table(losses)
    elif run.events.epochs:
        rows = "".join(
            f"<tr><td>{row.epoch}</td><td>{row.loss_mean:.4f}</td>"
            f"<td>{100 * row.test_accuracy:.2f} %</td></tr>"
            for row in run.events.epochs
        )
        _table("Epoch by epoch", ("epoch", "mean loss", "test accuracy"), rows)


def shipped_table(checkpoint: Checkpoint) -> None:
    """The same table for the weights that come with the app, before anyone has trained."""
    _loss_table(list(checkpoint.losses), "The article's losses, and this project's own run")


def before_any_run(checkpoint: Checkpoint, image: Tensor) -> None:
    """What will come, and what came of it for the weights that the app ships with.

    `image` (1, 1, 28, 28) is what the network is shown at work on.
    """
    st.info(
        "Press **Start**: the loss falls here, the kernels take shape under it, and your own "
        "drawing is read better step by step. Until then: how the shipped weights were trained."
    )
    st.plotly_chart(
        figures.epochs(checkpoint.losses),
        key="training_shipped_curve",
        config={"displayModeBar": False},
    )
    st.markdown("**Where it led: the shipped network and your drawing**")
    network_view(trace(checkpoint.model, image), key="training_shipped_network")


def _loss_table(losses: list[float], title: str = "The article's losses, and ours") -> None:
    rows = ""
    for epoch, printed in enumerate(ARTICLE_LOSSES, start=1):
        ours = f"<td>{losses[epoch - 1]:.3f}</td>" if epoch <= len(losses) else "<td></td>"
        off = (
            f"<td>{losses[epoch - 1] - printed:+.3f}</td>" if epoch <= len(losses) else "<td></td>"
        )
        rows += f"<tr><td>{epoch}</td><td>{printed:.3f}</td>{ours}{off}</tr>"
    _table(title, ("epoch", "printed", "ours", "Δ"), rows)


def _table(title: str, headings: tuple[str, ...], rows: str) -> None:
    head = "".join(f"<th scope='col'>{heading}</th>" for heading in headings)
    st.html(
        "<style>.losses{width:100%;border-collapse:collapse;font-size:.86rem;"
        "font-variant-numeric:tabular-nums}.losses caption{text-align:left;font-weight:600}"
        ".losses th{font-weight:400;color:var(--muted)}"
        ".losses td,.losses th{text-align:right;padding:1px 0}"
        ".losses td:first-child,.losses th:first-child{text-align:left}"
        ".losses td{font-family:'JetBrains Mono',monospace}</style>"
        f"<table class='losses'><caption>{title}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def what_changed(run: Run, step: int) -> None:
    """How far the weights of each layer moved since the snapshot before."""
    if changed := run_session.weight_changes(run, step):
        since, layers = changed
        words = ", ".join(f"{name} {100 * share:.1f} %" for name, share in layers.items())
        st.caption(f"Weights moved since step {since:,}, by their own length: {words}.")


def pick_run(run: Run | None) -> None:
    """Other runs; rename, pin, export and delete this one."""
    everything = runs_reading.read_all()
    names = [other.name for other in everything]
    if run is None or run.name not in names:
        return
    labels = {other.name: _label(other) for other in everything}
    st.session_state["training_pick"] = run.name
    st.selectbox(
        "Runs",
        names,
        format_func=lambda name: str(labels.get(name, name)),
        key="training_pick",
        on_change=lambda: run_session.choose(st.session_state["training_pick"]),
    )
    with st.container(horizontal=True, gap="xsmall"):
        with st.popover("Manage", on_change="rerun", key="training_manage") as manage:
            if manage.open:
                _manage(run)
        with st.popover("Export", on_change="rerun", key="training_export") as exporting:
            if exporting.open:
                _export(run)


def _manage(run: Run) -> None:
    key = f"title_{run.name}"
    st.text_input(
        "Title",
        run.about.title,
        key=key,
        max_chars=80,
        on_change=lambda: run_session.rename(run.folder, st.session_state[key]),
    )
    pinned = st.toggle(
        "Keep for good",
        run.about.pinned,
        help=f"Else the oldest runs make room once there are more than {runs.KEEP_RUNS}.",
    )
    if pinned != run.about.pinned:
        runs.pin(run.folder, pinned)
    if runs.is_active(run.folder):
        st.caption("Stop it before deleting it.")
    elif st.checkbox("Delete it, with all its snapshots", key=f"sure_{run.name}"):
        st.button("Delete for good", on_click=run_session.delete, args=(run.folder,))


def _export(run: Run) -> None:
    steps = [row.step for row in run.events.snapshots]
    if not steps or run.config is None:
        st.caption("Nothing to export yet.")
        return
    step = st.selectbox("Of step", list(reversed(steps)), format_func=lambda s: f"{s:,}")
    try:
        opened = run_session.snapshot(run, step)
    except ValueError as error:
        st.error(str(error))
        return
    name = f"{run.name}-step-{step}"
    path = runs.snapshot_path(run.folder, step)
    config = run.config
    # Each file is made when it is asked for.
    for label, make, suffix in (
        ("Weights, safetensors", path.read_bytes, ".safetensors"),
        ("State dict for the article's class", lambda: export.state_dict(opened.model), ".pt"),
        ("ONNX", lambda: export.onnx(opened.model), ".onnx"),
        ("Curve, CSV", lambda: export.csv(run.events), ".csv"),
        ("Curve, PNG", lambda: export.png(run), ".png"),
        ("Python file that trains this", lambda: export.script(config), ".py"),
    ):
        st.download_button(label, make, f"{name}{suffix}", on_click="ignore", width="stretch")


def plotly_config(run: Run) -> dict[str, Any]:
    return {
        "displaylogo": False,
        "toImageButtonOptions": {"format": "png", "filename": "training", "scale": 2},
    }


def below(run: Run | None) -> None:
    """What is worth a look when the curve has been seen."""
    if run is None or run.config is None or not run.events.snapshots:
        return
    shown = st.segmented_control(
        "More",
        ["What it gets wrong", "Compare runs"],
        key="training_more",
        label_visibility="collapsed",
    )
    if shown == "What it gets wrong":
        _mistakes(run)
    elif shown == "Compare runs":
        _comparison()


@lru_cache(maxsize=8)
def _readings(folder: Path, step: int, _revision: int, config: TrainingConfig) -> mistakes.Readings:
    images = training_data.load_for(config)
    model = run_session.snapshot(runs_reading.read(folder), step).model
    return mistakes.readings(model, images.test_images, images.test_labels)


@st.fragment
def _mistakes(run: Run) -> None:
    now = run_session.current() or run
    assert run.config is not None
    step = now.events.snapshots[-1].step
    try:
        readings = _readings(run.folder, step, now.events.revision, run.config)
    except (ValueError, data.Unavailable) as error:
        st.error(str(error))
        return
    wrong = readings.mistakes()
    st.markdown(
        f"At step {step:,} it reads {100 * readings.accuracy:.2f} % of "
        f"{len(readings.labels):,} test images; {len(wrong):,} are wrong."
    )
    matrix, digits = st.columns(2)
    with matrix:
        event: Any = st.plotly_chart(
            figures.confusion(readings.counts()),
            key="training_confusion",
            on_select="rerun",
            selection_mode="points",
            config={"displayModeBar": False},
        )
    points = event.selection.points if event else []
    with digits:
        cell: tuple[int | None, int | None] = (None, None)
        if points:
            cell = (int(points[0]["y"]), int(points[0]["x"]))
        any_or = lambda value: "any" if value is None else str(value)  # noqa: E731
        with st.container(horizontal=True):
            truth = st.selectbox(
                "Truly a", [None, *range(10)], (cell[0] if cell[0] is not None else -1) + 1, any_or
            )
            read = st.selectbox(
                "Read as", [None, *range(10)], (cell[1] if cell[1] is not None else -1) + 1, any_or
            )
        _gallery(run, readings, readings.mistakes(truth, read))


def _gallery(run: Run, readings: mistakes.Readings, indices: np.ndarray) -> None:
    if not len(indices):
        st.caption("None.")
        return
    assert run.config is not None
    images = training_data.load(run.config.dataset).test_images
    st.caption(f"{len(indices):,} images, the most confident mistakes first. Click one to draw on.")
    with st.container(horizontal=True, gap="small"):
        for index in indices[:SHOWN]:
            with st.container(width=92, gap=None):
                st.image(1 - images[index, 0].numpy(), width=84)
                words = f"{readings.labels[index]} → {readings.read[index]}"
                share = f"{100 * readings.confidence[index]:.0f} %"
                if st.button(f"{words}, {share}", key=f"digit_{index}", type="tertiary"):
                    _send_to_draw(int(index), images[index, 0].numpy(), run.config.dataset)


def _send_to_draw(index: int, ink: np.ndarray, dataset: str) -> None:
    if dataset == "mnist":
        source = sources.test_digit(index)
    else:
        shown = ink.repeat(10, axis=0).repeat(10, axis=1)
        source = sources.Source(f"test image {index}", ink, shown, normalised=True)
    st.session_state["draw_source"] = source
    st.session_state["draw_sample"] = None
    st.switch_page(DRAW)


def _comparison() -> None:
    usable = [run for run in runs_reading.read_all() if run.config and run.events.steps]
    by_name = {run.name: run for run in usable}
    chosen = st.multiselect(
        "Runs to compare",
        list(by_name),
        default=list(by_name)[:3],
        format_func=lambda name: _label(by_name[name]),
        max_selections=6,
    )
    picked = [by_name[name] for name in chosen if name in by_name]
    if len(picked) < 2:
        st.caption("Pick two runs or more.")
        return
    st.plotly_chart(figures.comparison(picked), key="training_comparison")
    from cnnviz.components import page

    in_use = page.current_model().name
    rows: dict[str, list[str]] = {}
    for field in fields(TrainingConfig):
        values = [str(getattr(run.config, field.name)) for run in picked]
        if len(set(values)) > 1:
            rows[field.name.replace("_", " ")] = values
    rows["steps"] = [f"{run.events.last_step:,}" for run in picked]
    rows["test accuracy"] = [
        f"{100 * run.events.snapshots[-1].test_accuracy:.2f} %" if run.events.snapshots else ""
        for run in picked
    ]
    rows["last loss, mean"] = [
        f"{run.events.epochs[-1].loss_mean:.4f}" if run.events.epochs else "" for run in picked
    ]
    rows["on the draw page"] = [
        "in use" if in_use.startswith(f"{run.about.title} · step") else "" for run in picked
    ]
    heads = "| |" + "".join(f" {_plain(run.about.title)} |" for run in picked)
    lines = [heads, "|---" * (len(picked) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(values) + " |" for name, values in rows.items()]
    st.markdown("\n".join(lines))


def _plain(title: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_[]:$<>#~|" else c for c in title)


def _label(run: Run) -> str:
    """Title, date, and what tells runs of one minute apart."""
    created = datetime.fromtimestamp(run.about.created)
    return f"{run.about.title} · {created:%d %b %H:%M} · {run.name[-4:]}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"
