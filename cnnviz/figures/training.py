"""Curves of a run, or of several, on a logarithmic step axis; the confusion matrix."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from cnnviz.runs_reading import Run
from cnnviz.training_config import ARTICLE_LOSSES

HEIGHT = 240
MARGIN = 48
ZERO = 0.5
"""Where step 0 stands on the logarithmic axis, as in training_view's axis.js."""

POINTS = 600
"""Steps drawn at most: more than a screen has pixels for them."""

_GREY = "#7a8694"
_LOSS, _ACCURACY = "#e6672a", "#3d8fcb"
"""Between the palette's light and dark orange and blue: one figure serves both themes."""
_LINES = (_LOSS, _ACCURACY, "#00a488", _GREY, "#a2552a", "#7a6fc2")


def curve(run: Run) -> go.Figure:
    """Loss, raw and smoothed, and test accuracy of one run, with marks where settings changed."""
    figure = go.Figure()
    steps, losses = _thinned(run)
    figure.add_scatter(
        x=steps,
        y=smoothed(run)[1],
        name="loss, smoothed",
        mode="lines",
        line={"width": 2.4, "color": _LOSS},
        hovertemplate="%{y:.3f}",
    )
    tests = run.events.snapshots
    figure.add_scatter(
        x=[max(row.step, ZERO) for row in tests],
        y=[100 * row.test_accuracy for row in tests],
        customdata=[f"{row.tested:,}" for row in tests],
        name="test accuracy",
        yaxis="y2",
        mode="lines+markers",
        line={"width": 2.2, "color": _ACCURACY},
        marker={"size": 4},
        hovertemplate="%{y:.2f} % of %{customdata}",
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
    for change in run.events.changes:
        setting = change.setting.replace("_", " ")
        figure.add_vline(
            x=max(change.step, ZERO),
            line={"width": 1, "dash": "dot", "color": _GREY},
            annotation={"text": f"{setting} {change.new:g}", "font": {"size": 11}},
        )
    most = max(losses) if len(losses) else 2.5
    figure.update_layout(
        **_layout(run.events.last_step),
        uirevision=run.name,
        yaxis={"range": [0, max(2.5, min(most * 1.05, 10))], "title": "loss", "nticks": 5},
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "range": [0, 101],
            "showgrid": False,
            "tickvals": [0, 25, 50, 75, 100],
            "ticktext": ["0 %", "25 %", "50 %", "75 %", "100 %"],
        },
    )
    return figure


def epochs(losses: Sequence[float]) -> go.Figure:
    """The summed losses of a training that only kept one number an epoch, beside the article's."""
    figure = go.Figure()
    for name, values, line in (
        ("the article's, as printed", ARTICLE_LOSSES, {"color": _GREY, "width": 5}),
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
    return figure


def comparison(runs: Sequence[Run]) -> go.Figure:
    """The smoothed losses of several runs, a line a run."""
    figure = go.Figure()
    for run, colour in zip(runs, _LINES, strict=False):
        steps, smooth = smoothed(run)
        figure.add_scatter(
            x=steps,
            y=smooth,
            name=run.about.title.replace("<", "&lt;"),
            mode="lines",
            line={"color": colour},
            hovertemplate="%{y:.3f}",
        )
    figure.update_layout(
        **_layout(max((run.events.last_step for run in runs), default=10)),
        uirevision="comparison",
        yaxis={"type": "log", "title": "loss, smoothed"},
    )
    return figure


def confusion(counts: NDArray[np.int64]) -> go.Figure:
    """The (10, 10) counts of test digits: a row a true digit, a column what it was read as.

    The colour is of the mistakes alone, so that the diagonal's thousands don't outshine them; a
    transparent point on each cell can be clicked.
    """
    mistakes = counts.astype(float).copy()
    np.fill_diagonal(mistakes, 0)
    text = [[str(count) if count else "" for count in row] for row in counts]
    figure = go.Figure(
        go.Heatmap(z=mistakes, text=text, texttemplate="%{text}", showscale=False, hoverinfo="skip")
    )
    truth, read = np.divmod(np.arange(100), 10)
    figure.add_scatter(
        x=read,
        y=truth,
        mode="markers",
        marker={"size": 30, "symbol": "square", "opacity": 0.01, "color": _GREY},
        customdata=counts.ravel(),
        hovertemplate="%{customdata} times a %{y} was read as %{x}<extra></extra>",
        showlegend=False,
    )
    axis = {"tickmode": "linear", "showgrid": False, "zeroline": False, "fixedrange": True}
    figure.update_layout(
        height=430,
        margin={"l": 40, "r": 8, "t": 8, "b": 40},
        clickmode="event+select",
        dragmode=False,
        xaxis={**axis, "title": "read as"},
        yaxis={**axis, "title": "truly", "autorange": "reversed"},
    )
    return figure


def _layout(last_step: int) -> dict[str, Any]:
    top = max(math.log10(max(last_step, ZERO)), 1)
    powers = range(math.ceil(top) + 1)
    return {
        "height": HEIGHT,
        "margin": {"l": MARGIN, "r": MARGIN, "t": 34, "b": 24, "autoexpand": False},
        "hovermode": "x unified",
        "dragmode": "zoom",
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        "xaxis": {
            "type": "log",
            "range": [math.log10(ZERO) - 0.12, top + 0.06],
            "tickvals": [ZERO, *(10**power for power in powers)],
            "ticktext": ["0", *(f"{10**power:,}" for power in powers)],
            "hoverformat": ",.0f",
        },
    }


def _thinned(run: Run) -> tuple[list[float], list[float]]:
    """Steps and losses, as many as can be told apart on a logarithmic axis."""
    steps, losses = np.asarray(run.events.steps), np.asarray(run.events.losses)
    kept = _kept(len(steps))
    return steps[kept].astype(float).tolist(), losses[kept].tolist()


def smoothed(run: Run) -> tuple[list[float], list[float]]:
    """The same steps, with the mean of the losses around each: of a tenth of the way there."""
    steps, losses = np.asarray(run.events.steps), np.asarray(run.events.losses)
    kept = _kept(len(steps))
    total = np.concatenate([[0.0], np.cumsum(losses)])
    # At most a hundred steps, and as many on either side, so that the end doesn't lag.
    half = np.minimum(np.minimum(kept // 10, 50), np.minimum(kept, len(steps) - 1 - kept))
    mean = (total[kept + half + 1] - total[kept - half]) / (2 * half + 1)
    return steps[kept].astype(float).tolist(), np.round(mean, 5).tolist()


def _kept(count: int) -> NDArray[np.int64]:
    if count <= POINTS:
        return np.arange(count)
    return np.unique(np.geomspace(1, count, POINTS).astype(np.int64) - 1)
