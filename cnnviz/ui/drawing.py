"""The drawing that a session carries from page to page.

torch takes seconds to import, so it is left to the function that needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from cnnviz.drawing import sources
from cnnviz.drawing.frames import MNIST, Frame
from cnnviz.drawing.preprocessing import Prepared

if TYPE_CHECKING:
    from torch import Tensor

    from cnnviz.views.explorer import Start

_DRAWN = "current_drawing"


@dataclass(frozen=True, eq=False)
class Drawn:
    """What the draw page last showed: a `source`, else `ink` (H, W), and what lay `beneath` it; and
    whether it is centred."""

    source: sources.Source | None
    ink: np.ndarray | None = None
    centre: bool = True
    beneath: sources.Source | None = None

    def seen(self, frame: Frame = MNIST) -> Tensor:
        """(1, C, H, W) in [0, 1]: as a network for pictures of `frame` sees it."""
        from cnnviz.networks.trace import as_image

        return as_image(self.prepared(frame).image)

    def prepared(self, frame: Frame = MNIST) -> Prepared:
        """The same, and how it came to be."""
        return sources.seen(self.source, self.ink, self.centre, frame, self.beneath)


def current_drawing(frame: Frame = MNIST) -> Tensor:
    """(1, C, H, W) in [0, 1]: what a network for pictures of `frame` sees of the drawing on the
    draw page; our 7 before that."""
    return _drawn().seen(frame)


def current_start(frame: Frame, classes: Sequence[str]) -> Start:
    """The same as it opens a page of its own."""
    from cnnviz.views.explorer import Start

    drawn = _drawn()
    start = Start.of(drawn.prepared(frame), drawn.source, drawn.ink, drawn.centre)
    return replace(start, truth=current_truth(classes))


def current_truth(classes: Sequence[str]) -> str | None:
    """Which of the `classes` the current drawing truly is; None where it is none of them, or nobody
    but its author knows."""
    source = _drawn().source
    truth = source and source.truth
    return truth if truth in classes else None


def set_drawing(drawn: Drawn) -> None:
    """Remember it for other pages."""
    st.session_state[_DRAWN] = drawn


def _drawn() -> Drawn:
    return st.session_state.get(_DRAWN) or Drawn(sources.sample(7))
