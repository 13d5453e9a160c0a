"""A lab as one HTML file: what its view can do without a server, and a word on what it can't."""

from collections.abc import Mapping
from typing import Any

from cnnviz.export.page import STAGE, html_page, shadow
from cnnviz.networks.trace import Trace
from cnnviz.views.explorer import Place, still_message
from cnnviz.views.network import Painting
from cnnviz.views.styles import style_of

_POINT = "Point at a number to see where it comes from, click to keep it."
_CANNOT = "Other inputs and settings are in the app: this file keeps what was set there."
_KERNEL = (
    "Set a kernel's value or a pixel to another number, and the map follows. What was set in the "
    "app, the size of the input, stride and padding among it, stays as it is in this file."
)


def layer_page(traced: Trace, title: str, painting: Painting, pin: str | None) -> str:
    """The page of a lab that shows one layer: 2D convolution, or pooling.

    Pixels and weights can be set to other values in it.
    """
    data = still_message(traced, painting, place=Place(title, linked=True, pin=pin), changes=True)
    style = style_of("network_view")
    return html_page(
        title=title,
        hint=_POINT,
        content=STAGE.format(
            name="The layer", content=shadow("network", style, '<div class="network-view"></div>')
        ),
        foot=f"PyTorch computed the numbers that the page opens with. {_KERNEL}",
        styles=[style],
        data=data,
    )


def signal_page(signal: Mapping[str, Any], title: str = "1D convolution") -> str:
    """The page of the 1D lab, of what its view is sent (`cnnviz.views.signal`)."""
    style = style_of("signal_view")
    return html_page(
        title=title,
        hint="Drag a stem of the signal or the filter up or down, and play.",
        content=STAGE.format(name="The filter on the signal", content=shadow("signal", style)),
        foot=f"NumPy computed the numbers that the page opens with; once a stem is dragged, this "
        f"page computes them itself. {_CANNOT}",
        styles=[style],
        data={"signal": {**signal, "alone": True}},
    )
