"""What a page's frame does in the browser: its link, and what the page does wherever one is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import streamlit as st
from streamlit.components.v2 import component

from cnnviz.components.modules import together

_component = component(
    "cnnviz.page", js=together("page/index.js"), html="<i></i>", isolate_styles=False
)


PAGE_ADDRESS = "page_address"
"""Where a session has the last part of its page's path, which is empty for the first page."""


@dataclass(frozen=True)
class Linked:
    """What the page's address is to have: a text by name, None for what it is not to have.

    `lacking` says, in sentences, what of the page the address doesn't hold.
    """

    entries: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    lacking: str = ""

    @property
    def message(self) -> dict[str, object]:
        return {
            "entries": dict(self.entries),
            "lacking": self.lacking,
            "page": st.session_state.get(PAGE_ADDRESS),
        }


def frame(linked: Linked, presents: bool = False) -> None:
    """Buttons that copy the page's link and show its QR code. On a phone the menu of pages closes
    on a choice; what opens below comes into sight; a link to another page keeps the session.

    `presents` is for pages without a view that tells the page of the presentation size."""
    data = linked.message | {"presents": presents}
    _component(key="page_frame", data=data, width="content", height="content")
