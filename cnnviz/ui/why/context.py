"""What every section of *Why* is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator
    from torch import Tensor

    from cnnviz.drawing.preprocessing import Prepared
    from cnnviz.networks.checkpoints import Checkpoint
    from cnnviz.networks.trace import Trace
    from cnnviz.ui.drawing import Drawn
    from cnnviz.ui.model import Reads

NETWORK = "why_network"
"""The key of the page's view of the network, which a section's own pictures point into."""


def of_drawing(name: str) -> DeltaGenerator:
    """A container for what depends on the drawing, in a section that shows more than that.

    While the pen is further than torch, it is dimmed; `name` is unlike others of the section.
    """
    return st.container(key=f"why_of_drawing_{name}")


@dataclass(frozen=True, eq=False)
class Context:
    """The network in use, the drawing as it sees it, and what it made of that.

    `image` is (1, C, H, W) in [0, 1], `traced` its way through the network. `truth` is which of
    the classes the drawing is known to be of. `rail` is where a section puts its settings; what it
    shows goes into the container that it is called in.
    """

    checkpoint: Checkpoint
    reads: Reads
    drawn: Drawn
    prepared: Prepared
    image: Tensor
    traced: Trace
    truth: int | None
    rail: DeltaGenerator

    @property
    def logits(self) -> Tensor:
        """(K,), finite: of a network without them no section is asked."""
        assert self.traced.logits is not None
        return self.traced.logits

    @property
    def answer(self) -> int:
        """Which of the classes it says."""
        return int(self.logits.argmax())

    @property
    def classes(self) -> tuple[str, ...]:
        return self.checkpoint.classes
