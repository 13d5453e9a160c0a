"""The confusion matrix: what each class of the test images was read as."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from cnnviz.figures.text import SIZE, legible
from cnnviz.palette import LIGHT, MARKS, Theme, faint


def confusion(
    counts: NDArray[np.int64], theme: Theme = LIGHT, classes: Sequence[str] | None = None
) -> go.Figure:
    """The counts (N, N) of test images: a row a true class, a column what it was read as.

    `classes` are their names; without, they are the numbers from 0.

    The colour is of the mistakes alone, so that the diagonal's thousands don't outshine them; a
    transparent point on each cell can be clicked. Its numbers are to be read on a page of `theme`.
    """
    mistakes = counts.astype(float)
    np.fill_diagonal(mistakes, 0)
    text = [[str(count) if count else "" for count in row] for row in counts]
    figure = go.Figure(
        go.Heatmap(
            z=mistakes,
            # Without a mistake there is no colour, either.
            zmin=0,
            zmax=max(1.0, mistakes.max()),
            text=text,
            texttemplate="%{text}",
            # From nothing to orange, on whatever lies behind: light or dark.
            colorscale=[[0, faint(MARKS.positive, 0)], [1, faint(MARKS.positive, 0.85)]],
            # Plotly's own choice of black or white doesn't see through to what lies behind.
            textfont={"size": SIZE, "color": theme.text},
            xgap=1,
            ygap=1,
            showscale=False,
            hoverinfo="skip",
        )
    )
    truth, read = np.divmod(np.arange(counts.size), len(counts))
    names = [str(number) for number in range(len(counts))] if classes is None else classes
    figure.add_scatter(
        x=read,
        y=truth,
        mode="markers",
        marker={
            "size": min(30, 300 / len(counts)),
            "symbol": "square",
            "opacity": 0.01,
            "color": MARKS.muted,
        },
        customdata=[
            [int(count), names[row], names[column]]
            for count, row, column in zip(counts.ravel(), truth, read, strict=True)
        ],
        hovertemplate="%{customdata[0]} times a %{customdata[1]} was read as a %{customdata[2]}"
        "<extra></extra>",
        showlegend=False,
    )
    axis = {"tickmode": "linear", "showgrid": False, "zeroline": False, "fixedrange": True}
    if classes is not None:
        axis |= {
            "tickmode": "array",
            "tickvals": list(range(len(classes))),
            "ticktext": list(classes),
            "automargin": True,
        }
    ends = [-0.5, len(counts) - 0.5]
    figure.update_layout(
        height=430,
        margin={"l": 40, "r": 8, "t": 8, "b": 40},
        clickmode="event+select",
        dragmode=False,
        xaxis={**axis, "title": "read as", "range": ends},
        yaxis={**axis, "title": "truly", "range": ends[::-1]},
    )
    return legible(figure)
