"""The loss after one step against its learning rate."""

from collections.abc import Sequence

import plotly.graph_objects as go

from cnnviz.figures.text import legible
from cnnviz.palette import MARKS
from cnnviz.spelling import short

HEIGHT = 230


def loss_against_rate(
    rates: Sequence[float], losses: Sequence[float], chosen: float, before: float
) -> go.Figure:
    """The mean loss after a step of each of the learning `rates` (N,), on a logarithmic axis, the
    one `chosen` marked; the loss `before` the step is a dashed line."""
    figure = go.Figure()
    figure.add_scatter(
        x=list(rates),
        y=list(losses),
        mode="lines",
        line={"width": 2.2, "color": MARKS.muted},
        customdata=[
            [short(rate, 3), short(loss, 4)] for rate, loss in zip(rates, losses, strict=True)
        ],
        hovertemplate="step size %{customdata[0]}: loss %{customdata[1]}<extra></extra>",
    )
    figure.add_vline(x=chosen, line_width=1.5, line_color=MARKS.accent)
    figure.add_hline(y=before, line_width=1.2, line_color=MARKS.muted, line_dash="dash")
    figure.add_annotation(
        x=0,
        xref="paper",
        xanchor="left",
        y=before,
        yanchor="bottom",
        text="before",
        showarrow=False,
    )
    # Far too large a step explodes; the curve's bend is what there is to see.
    top = max(2.0 * before, 1.2 * losses[list(rates).index(chosen)])
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=False,
        yaxis={
            "range": [0, min(top, 1.1 * max(*losses, before))],
            "nticks": 5,
            "fixedrange": True,
            "title": "loss after",
        },
        xaxis={
            "type": "log",
            "dtick": 1,
            "fixedrange": True,
            "zeroline": False,
            "title": "step size η",
        },
    )
    return legible(figure)
