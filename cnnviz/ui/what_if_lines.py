"""The changes of the draw page as lines of PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from cnnviz.ui import what_if

if TYPE_CHECKING:
    from torch import Tensor

    from cnnviz.networks.checkpoints import Checkpoint


def lines(checkpoint: Checkpoint, image: Tensor) -> None:
    """What makes the very picture of `image` (1, C, H, W), as it was before its pixels were
    changed, and the weights that it reads; nothing where nothing is changed."""
    from cnnviz.export import weights
    from cnnviz.reasons import lines as programs

    now = what_if.current(checkpoint)
    if not now.changes:
        return
    st.markdown("The changed network and the drawing in PyTorch:")
    st.code(programs.changed(checkpoint, now.changes, now.means, image), height=300)
    st.download_button(
        programs.WEIGHTS,
        lambda: weights.state_dict(checkpoint.model),
        programs.WEIGHTS,
        on_click="ignore",
        help="The network's weights before the changes, which these lines read.",
        key="what_if_weights",
    )
