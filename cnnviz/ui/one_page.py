"""What the draw page shows, to take home as one HTML file.

torch takes seconds to import, so it is left to the function that needs it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from cnnviz.components.network_view import Words
    from cnnviz.drawing.preprocessing import Prepared
    from cnnviz.networks.checkpoints import Checkpoint
    from cnnviz.ui.drawing import Drawn


def save_as_one_page(
    drawn: Drawn, prepared: Prepared, checkpoint: Checkpoint, words: Words
) -> None:
    """A button that hands over the file, which is made when it is pressed."""

    def made() -> str:
        from cnnviz.export.page import page
        from cnnviz.views.explorer import Start

        start = Start.of(prepared, drawn.source, drawn.ink, drawn.centre)
        return page(checkpoint, start, words)

    st.download_button(
        "Save as one page",
        made,
        "explorer.html",
        "text/html",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
        help="One file with this drawing and this network: opened from disk it does all that you "
        "see here, without a network. For a lesson's page, or to hand out.",
        key="draw_one_page",
    )


def save_lab_as_one_page(name: str, make: Callable[[], str]) -> None:
    """A button for a lab's page, which `make` gives when it is asked for."""
    st.download_button(
        "Save as one page",
        make,
        f"{name}.html",
        "text/html",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
        help="One file with what is shown above, to be pointed at and changed without a network. "
        "It says in it what only the app can do.",
        key=f"{name}_one_page",
    )
