"""What becomes of a score as ink is taken away."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from cnnviz.figures.text import legible
from cnnviz.palette import MARKS
from cnnviz.spelling import fixed, percent

HEIGHT = 210


def curves(gone: Sequence[float], scores: Mapping[str, Sequence[float]]) -> go.Figure:
    """Scores (S,) over the share of the ink that is `gone` (S,), a line an order.

    The first is the one that is judged, and drawn full.
    """
    figure = go.Figure()
    for place, (name, line) in enumerate(scores.items()):
        figure.add_scatter(
            x=[100 * share for share in gone],
            y=list(line),
            name=name,
            mode="lines",
            line={
                "dash": ("solid", "dot", "dash")[place % 3],
                "width": 2.2 if place == 0 else 1.5,
                "color": MARKS.accent if place == 0 else MARKS.muted,
            },
            customdata=[
                (fixed(score, 2), percent(share, 0))
                for score, share in zip(line, gone, strict=True)
            ],
            hovertemplate="%{customdata[0]}, %{customdata[1]} gone",
        )
    figure.update_layout(
        height=HEIGHT,
        # At the right, half of the last tick's words: without room for them Plotly hides them.
        margin={"l": 8, "r": 26, "t": 8, "b": 8},
        hovermode="x unified",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={
            "range": [0, 100],
            "dtick": 25,
            "ticksuffix": " %",
            "fixedrange": True,
            "zeroline": False,
        },
        yaxis={"fixedrange": True, "nticks": 5},
    )
    return legible(figure)
