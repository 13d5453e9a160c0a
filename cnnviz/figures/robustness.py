"""Curves of the translation page: how sure networks stay as a digit is changed."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from cnnviz.figures.text import legible
from cnnviz.palette import MARKS
from cnnviz.spelling import percent

HEIGHT = 210
# Told apart by their dashes and their names, since orange and blue stand for signs.
DASHES = ("solid", "dash", "dot")


def curves(
    values: Sequence[float], probabilities: Mapping[str, Sequence[float]], present: float, unit: str
) -> go.Figure:
    """Probabilities in [0, 1] over `values` (N,), a line a network, and where the slider stands.

    `probabilities` maps a network's name to its (N,) probabilities; `unit` follows the numbers.
    """
    figure = go.Figure()
    for (name, line), dash in zip(probabilities.items(), DASHES, strict=False):
        figure.add_scatter(
            x=list(values),
            y=[100 * value for value in line],
            name=name,
            mode="lines",
            line={"dash": dash, "width": 2.2, "color": MARKS.muted},
            customdata=[percent(value) for value in line],
            hovertemplate="%{x:g}" + unit + ": %{customdata}",
        )
    figure.add_vline(x=present, line_width=1.5, line_color=MARKS.accent)
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        hovermode="x unified",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        yaxis={"range": [-3, 103], "ticksuffix": " %", "nticks": 5, "fixedrange": True},
        xaxis={"ticksuffix": unit, "fixedrange": True, "zeroline": False},
    )
    return legible(figure)
