"""How strongly a map or a unit answers: over the test pictures, and as a picture climbs."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from cnnviz.palette import MARKS
from cnnviz.spelling import fixed, percent

BARS = 60
_HEIGHT = 190
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
    return figure
