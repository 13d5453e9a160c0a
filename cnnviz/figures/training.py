"""Curves of a run, or of several, on a logarithmic step axis."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from cnnviz.figures.text import legible
from cnnviz.palette import MARKS, RUNS
from cnnviz.runs.history import Run
from cnnviz.spelling import count, fixed, percent, short
from cnnviz.training.config import SETTINGS
from cnnviz.training.events import Change
from cnnviz.training.presets import ARTICLE_LOSSES

HEIGHT = 268
MARGIN = 48
TOP = 62
"""Room over the curve in pixels: two rows of words, and under them the scrubber's own."""

BOTTOM = 24

ZERO = 0.4
"""Where step 0 stands on the logarithmic axis, as in training_view's axis.js."""

POINTS = 600
"""Steps drawn at most: more than a screen has pixels for them."""

_GREY = MARKS.muted
_LOSS, _ACCURACY = MARKS.positive, MARKS.negative


def curve(run: Run) -> go.Figure:
    """Loss, raw and smoothed, and test accuracy of one run, with marks where settings changed."""
    figure = go.Figure()
    steps, losses = _thinned(run)
    smooth = smoothed(run)[1]
    figure.add_scatter(
        x=steps,
        y=smooth,
        name="loss, smoothed",
        mode="lines",
        line={"width": 2.4, "color": _LOSS},
        hovertemplate="loss, smoothed %{y:.3f}<extra></extra>",
    )
    tests = run.events.snapshots
    figure.add_scatter(
        x=[max(row.step, ZERO) for row in tests],
        y=[100 * row.test_accuracy for row in tests],
        customdata=[f"{percent(row.test_accuracy, 2)} of {count(row.tested)}" for row in tests],
        name="test accuracy",
        yaxis="y2",
        mode="lines+markers",
        line={"width": 2.2, "color": _ACCURACY},
        marker={"size": 4},
        hovertemplate="test accuracy %{customdata}<extra></extra>",
    )
    figure.add_scatter(
        x=steps,
        y=losses,
        name="loss of a step",
        mode="lines",
        line={"width": 1, "color": _GREY},
        opacity=0.45,
        hoverinfo="skip",
    )
    most = max(losses) if len(losses) else 2.5
    layout = _layout(run.events.last_step, _end_in_words(run))
    yaxis = {"range": [0, max(2.5, min(most * 1.05, 10))], "nticks": 5}
    axes = {"xaxis": layout["xaxis"], "yaxis": yaxis, "yaxis2": _PERCENT}
    whole = {name: axis["range"] for name, axis in axes.items()}
    figure.update_layout(
        **layout,
        uirevision=run.name,
        # By these the browser tells a zoom (training_view's zoom.js).
        meta={"first": whole, "whole": whole},
        showlegend=False,
        shapes=[_mark(change.step) for change in run.events.changes],
        annotations=[
            _title(smooth[-1] if smooth else None, tests[-1].test_accuracy if tests else None),
            *(_marks_words(index, change) for index, change in enumerate(run.events.changes)),
        ],
        yaxis=yaxis,
        yaxis2={**_PERCENT, "showgrid": False},
    )
    return legible(figure)


def _title(loss: float | None, accuracy: float | None) -> dict[str, Any]:
    """The legend as a row of words in the curves' colours, with the latest numbers."""
    words = (
        f"<b><span style='color:{_LOSS}'>loss"
        f"{'' if loss is None else f' {fixed(loss, 3)}'}</span>    "
        f"<span style='color:{_ACCURACY}'>test accuracy"
        f"{'' if accuracy is None else f' {percent(accuracy)}'}</span></b><br>"
        # A line of its own: on a telephone there is no room beside them.
        f"<span style='color:{_GREY}'>the thin line is the loss of each step alone</span>"
    )
    return {
        "text": words,
        "showarrow": False,
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "align": "left",
        "yref": "paper",
        "y": 1,
        "yanchor": "bottom",
        "yshift": 22,
        "borderpad": 0,
    }


def _mark(step: int) -> dict[str, Any]:
    at = max(step, ZERO)
    return {
        "type": "line",
        "xref": "x",
        "x0": at,
        "x1": at,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"width": 1, "dash": "dot", "color": _GREY},
    }


def _marks_words(index: int, change: Change) -> dict[str, Any]:
    """What changed, beside its mark; several of them in turn under one another."""
    return {
        "text": f"{SETTINGS[change.setting].words} {short(change.new)}",
        "font": {"color": _GREY},
        "showarrow": False,
        "xref": "x",
        # A shape lies at a step; words on a logarithmic axis lie at its logarithm.
        "x": math.log10(max(change.step, ZERO)),
        "xanchor": "right",
        "xshift": -2,
        "yref": "paper",
        "y": 0.98 - 0.09 * (index % 4),
        "yanchor": "top",
    }


def _end_in_words(run: Run) -> str:
    """What the axis says at the last step; nothing while an epoch is under way."""
    done = len(run.events.epochs)
    if not done or run.events.epochs[-1].step != run.events.last_step:
        return ""
    return f"{done} epoch{'s' if done > 1 else ''}"


def epochs(losses: Sequence[float]) -> go.Figure:
    """The summed losses of a training that only kept one number an epoch, beside the article's."""
    figure = go.Figure()
    for name, values, line in (
        (
            "as “Convolutional Neural Networks” prints them",
            ARTICLE_LOSSES,
            {"color": _GREY, "width": 5},
        ),
        ("this project's run", losses, {"color": _LOSS, "width": 2}),
    ):
        figure.add_scatter(
            x=list(range(1, len(values) + 1)),
            y=list(values),
            name=name,
            mode="lines+markers",
            line=line,
            hovertemplate="%{y:.3f}",
        )
    figure.update_layout(
        height=HEIGHT,
        margin={"l": MARGIN, "r": 12, "t": 34, "b": 40},
        hovermode="x unified",
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        xaxis={"title": "epoch", "dtick": 1, "showgrid": False},
        yaxis={"title": "loss, summed", "rangemode": "tozero", "nticks": 5},
    )
    return legible(figure)


def comparison(runs: Sequence[Run], titles: Sequence[str]) -> go.Figure:
    """Smoothed losses of several runs, a line a run, and their test accuracies, dotted."""
    figure = go.Figure()
    for run, title, colour in zip(runs, titles, RUNS, strict=False):
        name = title.replace("<", "&lt;")
        steps, smooth = smoothed(run)
        figure.add_scatter(
            x=steps,
            y=smooth,
            name=name,
            mode="lines",
            line={"color": colour, "width": 2},
            hovertemplate=f"{name}: loss %{{y:.3f}}<extra></extra>",
        )
        figure.add_scatter(
            x=[max(row.step, ZERO) for row in run.events.snapshots],
            y=[100 * row.test_accuracy for row in run.events.snapshots],
            customdata=[percent(row.test_accuracy, 2) for row in run.events.snapshots],
            name=name,
            yaxis="y2",
            mode="lines",
            line={"color": colour, "width": 1.4, "dash": "dot"},
            showlegend=False,
            hovertemplate=f"{name}: test accuracy %{{customdata}}<extra></extra>",
        )
    figure.update_layout(
        **_layout(max((run.events.last_step for run in runs), default=10)),
        uirevision="comparison",
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        yaxis={
            "type": "log",
            "title": "loss; dotted: accuracy",
            "tickvals": _LOSS_TICKS,
            "ticktext": [f"{tick:g}" for tick in _LOSS_TICKS],
        },
        yaxis2={**_PERCENT, "showgrid": False},
    )
    return legible(figure)


_LOSS_TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_PERCENT = {
    "overlaying": "y",
    "side": "right",
    "range": [0, 101],
    "tickvals": [0, 25, 50, 75, 100],
    "ticktext": ["0 %", "25 %", "50 %", "75 %", "100 %"],
}


def _layout(last_step: int, end: str = "") -> dict[str, Any]:
    """What all curves over steps share; `end` is said at the last step."""
    top = max(math.log10(max(last_step, ZERO)), 1)
    ticks: dict[float, str] = {ZERO: "step 0"}
    ticks |= {10**power: count(10**power) for power in range(math.ceil(top) + 1)}
    if end:
        # Words need room: a power of ten just before or after has to go.
        last = math.log10(last_step)
        ticks = {at: text for at, text in ticks.items() if abs(math.log10(at) - last) > 0.3}
        ticks[last_step] = end
    return {
        "height": HEIGHT,
        "margin": {"l": MARGIN, "r": MARGIN, "t": TOP, "b": BOTTOM, "autoexpand": False},
        "hovermode": "x unified",
        "dragmode": "zoom",
        "xaxis": {
            "type": "log",
            "range": [math.log10(ZERO) - 0.12, top + 0.06],
            "tickvals": list(ticks),
            "ticktext": list(ticks.values()),
            "hoverformat": ",.0f",
            "unifiedhovertitle": {"text": "step %{x:,.0f}"},
        },
    }


def _thinned(run: Run) -> tuple[list[float], list[float]]:
    """Steps and losses, as many as can be told apart on a logarithmic axis."""
    steps, losses = np.asarray(run.events.steps), np.asarray(run.events.losses)
    kept = _kept(steps)
    return steps[kept].astype(float).tolist(), losses[kept].tolist()


def smoothed(run: Run) -> tuple[list[float], list[float]]:
    """The same steps, with the mean of the losses kept around each: of a tenth of the way there.

    Towards the end it is the mean of those before, or the last number would be a single step's.
    """
    steps, losses = np.asarray(run.events.steps), np.asarray(run.events.losses)
    kept = _kept(steps)
    total = np.concatenate([[0.0], np.cumsum(losses)])
    half = np.minimum(kept // 10, 50)
    first, last = kept - half, np.minimum(kept + half, len(steps) - 1)
    mean = (total[last + 1] - total[first]) / (last + 1 - first)
    return steps[kept].astype(float).tolist(), np.round(mean, 5).tolist()


def _kept(steps: NDArray[np.int64]) -> NDArray[np.int64]:
    """Indices of at most `POINTS` of the `steps`, which may have gaps, even on the step axis."""
    if len(steps) <= POINTS:
        return np.arange(len(steps))
    wanted = np.geomspace(1, steps[-1], POINTS).astype(np.int64)
    return np.unique(np.searchsorted(steps, wanted))
