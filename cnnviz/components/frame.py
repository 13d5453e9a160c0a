"""What a page's frame does in the browser: close the menu, show what has opened, follow links."""

from streamlit.components.v2 import component

from cnnviz.components.modules import together

_component = component(
    "cnnviz.page", js=together("page/index.js"), html="<i></i>", isolate_styles=False
)


def frame() -> None:
    """On a phone the menu of pages closes on a choice; what opens below comes into sight; a link
    to another page keeps the session."""
    _component(key="page_frame", data={})
