"""What the network sees of a drawing, and how it came to be, while the pen moves."""

from cnnviz.components.modules import component_in
from cnnviz.drawing.preprocessing import Prepared
from cnnviz.views.seen import seen_message

_component = component_in("seen", '<div class="steps"></div>')


def seen(prepared: Prepared, *, key: str, view: str) -> None:
    """The ink's box, the field that it is scaled into and the picture; the last alone without
    centring.

    `view` is the key of a `network_view` of the page that follows the pen: while that shows a
    preview, so does this.
    """
    _component(key=key, data=seen_message(prepared, view))
