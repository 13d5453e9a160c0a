"""A table of what each class was read as, whose cells can be clicked."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components import theme
from cnnviz.figures.confusion import confusion


def clicked_cell(
    counts: NDArray[np.int64], classes: Sequence[str] | None, *, key: str
) -> tuple[int, int] | None:
    """Show the `counts` (N, N); the true class and the read one of the cell that was clicked, each
    from 0; None where none was. `classes` are their names; without, they are the numbers."""
    event: Any = st.plotly_chart(
        confusion(counts, theme.current(), classes),
        key=key,
        on_select="rerun",
        selection_mode="points",
        config={"displayModeBar": False},
    )
    points = event.selection.points if event else []
    return (int(points[0]["y"]), int(points[0]["x"])) if points else None
