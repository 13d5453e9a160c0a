"""The drawing that a session carries from page to page.

torch takes seconds to import, so it is left to the function that needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare

if TYPE_CHECKING:
    from torch import Tensor

_DRAWING, _DIGIT = "current_drawing", "current_digit"


def current_drawing() -> Tensor:
    """(1, 1, 28, 28) in [0, 1]: what the network last saw on the draw page; our 7 before that."""
    if _DRAWING not in st.session_state:
        from cnnviz.networks.trace import as_image

        return as_image(prepare(samples.ink(7)).centred)
    return st.session_state[_DRAWING]


def current_digit() -> int | None:
    """Which digit the current drawing truly is; None where nobody but its author knows."""
    return st.session_state.get(_DIGIT) if _DRAWING in st.session_state else 7


def set_drawing(image: Tensor, digit: int | None = None) -> None:
    """Remember `image` (1, 1, 28, 28) in [0, 1] and which digit it truly is, for other pages."""
    st.session_state[_DRAWING] = image
    st.session_state[_DIGIT] = digit
