"""What goes home from *Why*: the network's weights, and an explanation as a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from cnnviz.export import reason, weights
from cnnviz.reasons import lines

if TYPE_CHECKING:
    from cnnviz.reasons.question import Question
    from cnnviz.ui.why.context import Context


def weights_button(context: Context) -> None:
    """The weights that the lines of PyTorch read."""
    model = context.checkpoint.model
    st.download_button(
        lines.WEIGHTS,
        lambda: weights.state_dict(model),
        lines.WEIGHTS,
        on_click="ignore",
        help="The network's weights, which the lines of PyTorch read.",
        key="why_weights",
    )


def program_button(
    context: Context, title: str, asked: Question, code: str, name: str, *, key: str
) -> None:
    """The lines of `code` with the drawing and the weights, as `name`.py."""
    st.download_button(
        "Program",
        lambda: reason.program(
            title, context.checkpoint.model, context.image, asked.target, asked.other, code
        ),
        f"{name}.py",
        "text/x-python",
        on_click="ignore",
        key=key,
        help="These lines with the drawing and the weights in one file.",
    )
