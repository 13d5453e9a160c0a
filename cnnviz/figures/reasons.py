"""How strongly a map or a unit answers, and how the classes come apart layer by layer."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from cnnviz.figures.text import legible
from cnnviz.palette import IMPULSES, MARKS
from cnnviz.spelling import fixed, percent

BARS = 60
_HEIGHT = 190
_ACROSS, _PICTURE = 3, 190
_MARGIN = {"l": 8, "r": 8, "t": 24, "b": 8}


def distribution(strengths: NDArray[np.float32], own: float | None = None) -> go.Figure:
    """How many of the test pictures are answered how strongly, (N,) in `BARS` bars, and where one's
    `own` drawing is."""
    counts, edges = np.histogram(strengths, BARS)
    figure = go.Figure(
        go.Bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=counts,
            width=np.diff(edges),
            marker={"color": MARKS.muted, "line": {"width": 0}},
            customdata=[
                f"{fixed(low, 3)} to {fixed(high, 3)}: {percent(share)}"
                for low, high, share in zip(
                    edges[:-1].tolist(),
                    edges[1:].tolist(),
                    (counts / max(1, len(strengths))).tolist(),
                    strict=True,
                )
            ],
            hovertemplate="%{customdata}, %{y} pictures<extra></extra>",
        )
    )
    if own is not None:
        figure.add_vline(
            x=own,
            line_width=2,
            line_color=MARKS.accent,
            annotation={"text": "your drawing", "yref": "paper", "y": 1, "yanchor": "bottom"},
        )
    return _laid_out(figure, "answer", "pictures")


def climb(strengths: NDArray[np.float32], step: int) -> go.Figure:
    """How strongly each step's picture is answered, (T,), and at which step one is."""
    figure = go.Figure(
        go.Scatter(
            y=strengths,
            mode="lines",
            line={"width": 2, "color": MARKS.muted},
            customdata=[fixed(float(strength), 3) for strength in strengths],
            hovertemplate="step %{x}: %{customdata}<extra></extra>",
        )
    )
    figure.add_vline(x=step, line_width=1.5, line_color=MARKS.accent)
    return _laid_out(figure, "step", "answer")


def _laid_out(figure: go.Figure, across: str, up: str) -> go.Figure:
    figure.update_layout(
        height=_HEIGHT,
        margin=_MARGIN,
        bargap=0,
        showlegend=False,
        dragmode=False,
        xaxis={"title": across, "fixedrange": True, "zeroline": False},
        yaxis={"title": up, "fixedrange": True, "nticks": 4},
    )
    return legible(figure)


def apart(
    planes: Sequence[tuple[str, NDArray[np.float32], float]],
    labels: NDArray[np.int64],
    classes: Sequence[str],
    own: Sequence[NDArray[np.float32]],
) -> go.Figure:
    """A small picture a layer: its name, its points (N, 2), and the share of neighbours of the same
    class; with one's `own` place (2,) in each."""
    across = min(_ACROSS, len(planes))
    rows = -(-len(planes) // across)
    titles = [f"{name}, {percent(same)}" for name, _, same in planes]
    figure = make_subplots(
        rows, across, subplot_titles=titles, horizontal_spacing=0.03, vertical_spacing=0.3 / rows
    )
    colours = [IMPULSES[label % len(IMPULSES)] for label in labels.tolist()]
    names = [classes[label] for label in labels.tolist()]
    for at, ((_, points, _), mine) in enumerate(zip(planes, own, strict=True)):
        row, column = at // across + 1, at % across + 1
        figure.add_trace(
            go.Scattergl(
                x=points[:, 0],
                y=points[:, 1],
                mode="markers",
                marker={"size": 4, "color": colours},
                text=names,
                hovertemplate="%{text}<extra></extra>",
            ),
            row=row,
            col=column,
        )
        figure.add_trace(
            go.Scattergl(
                x=mine[:1],
                y=mine[1:],
                mode="markers",
                marker={
                    "size": 14,
                    "symbol": "circle-open",
                    "color": MARKS.accent,
                    "line": {"width": 3},
                },
                hovertemplate="your drawing<extra></extra>",
            ),
            row=row,
            col=column,
        )
    figure.update_xaxes(showticklabels=False, fixedrange=True, zeroline=False)
    figure.update_yaxes(showticklabels=False, fixedrange=True, zeroline=False)
    figure.update_layout(
        height=_PICTURE * rows + 40,
        margin={"l": 8, "r": 8, "t": 32, "b": 8},
        showlegend=False,
        dragmode=False,
    )
    return legible(figure)
