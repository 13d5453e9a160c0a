"""The network view as a widget of notebooks, by anywidget.

Its modules are those of the app and of the page in one file; where there is a pen, the notebook's
Python answers each drawing with torch's own values.
"""

import base64
import html
import io
import uuid
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from IPython.display import publish_display_data
from PIL import Image
from torch import Tensor

from cnnviz.drawing.preprocessing import ink_from_canvas, prepare
from cnnviz.drawing.samples import CANVAS_SIZE
from cnnviz.images.network import SCALE, network_png
from cnnviz.networks.trace import Trace
from cnnviz.palette import DARK, LIGHT
from cnnviz.views.explorer import (
    Place,
    Start,
    Subject,
    answer_message,
    answer_of,
    explorer_message,
    still_message,
)
from cnnviz.views.modules import FRONTEND, bundle
from cnnviz.views.network import RED_GREEN_BLUE, Light, Painting, Words
from cnnviz.views.styles import FONTS, colours, style_of

_PNG = "data:image/png;base64,"
_MOST = 1_000_000  # letters of a drawing; one has some thousands
_NOTE = "cnnviz.show: run the cell to point at it"
# JupyterLab's "model not found" is text alone; a widget that is there has elements.
_WITHOUT_WIDGET = (
    ".jp-OutputArea-child:has(.cnnviz-picture) + .jp-OutputArea-child "
    ".jupyter-widgets:not(:has(*)) { display: none }"
)


class NetworkWidget(anywidget.AnyWidget):
    """A network and what it makes of a picture. A saved notebook keeps a picture of it.

    `trace` is what is shown, `image` (1, C, H, W) what the network reads.
    """

    _esm = bundle(FRONTEND / "standalone" / "widget.js")

    key = traitlets.Unicode().tag(sync=True)
    data = traitlets.Dict().tag(sync=True)
    answer = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    styles = traitlets.Dict().tag(sync=True)
    ink = traitlets.Unicode("").tag(sync=True)
    centre = traitlets.Bool(True).tag(sync=True)

    def __init__(self, trace: Trace, words: Words, **state: Any) -> None:
        super().__init__(styles=_styles(), key=uuid.uuid4().hex, **state)
        self.trace = trace
        self._words = words

    @property
    def image(self) -> Tensor:
        return self.trace.image[None]

    def _ipython_display_(self, **_: Any) -> None:
        """A picture, which a saved notebook keeps, and after it the widget, which hides it.

        Two outputs: of one, a notebook that trusts it takes the widget, and where no Python is
        behind that any more, JupyterLab says "model not found" and looks no further.
        """
        made = self._repr_mimebundle_()
        publish_display_data(self._picture())
        if made is not None:
            data, metadata = made
            publish_display_data({**data, "text/plain": _NOTE}, metadata)

    def _picture(self) -> dict[str, str]:
        png = network_png(self.trace, self._words.classes, title=self._words.title)
        encoded = base64.b64encode(png).decode("ascii")
        width = int.from_bytes(png[16:20], "big") // SCALE  # of the PNG's header
        alt = html.escape(self._words.title or "The network, layer by layer", quote=True)
        return {
            "text/html": f'<div class="cnnviz-picture" data-key="{self.key}">'
            f'<style>{_WITHOUT_WIDGET}</style><img width="{width}" alt="{alt}" '
            f'src="data:image/png;base64,{encoded}"></div>',
            "image/png": encoded,
            "text/plain": alt,
        }


class LiveWidget(NetworkWidget):
    """The same with a pen, beginning with `start`: torch answers each drawing."""

    def __init__(self, subject: Subject, start: Start, words: Words, pin: str | None) -> None:
        self._subject, self._start = subject, start
        self._place = _place(pin)
        traced = answer_of(subject, start.prepared)
        data = explorer_message(subject, start, traced, words, self._place)
        super().__init__(traced, words, data=data, centre=start.centre)
        self.observe(self._drawn, ["ink", "centre"])

    def _drawn(self, change: Any) -> None:
        # Both are set in one message: this answers once for each that is another.
        start = self._start
        if self.ink:
            prepared = prepare(_ink_of(self.ink), self.centre, frame=self._subject.frame)
            start = Start(prepared, centre=self.centre)
        elif self.centre != start.centre and start.ink is not None:
            prepared = prepare(start.ink, self.centre, frame=self._subject.frame)
            start = Start(prepared, centre=self.centre, truth=start.truth)
        self.trace = answer_of(self._subject, start.prepared)
        weights = self.data["weights"]["id"]
        self.answer = answer_message(
            self._subject, start, self.trace, self._words, self._place, weights
        )


def still(trace: Trace, words: Words, pin: str | None) -> NetworkWidget:
    """A trace to be pointed at."""
    image = trace.image
    is_light = bool(((image >= 0) & (image <= 1)).all())
    painting = Painting(
        ink=is_light and len(image) == 1,
        light=Light(RED_GREEN_BLUE) if is_light and len(image) == 3 else None,
    )
    return NetworkWidget(trace, words, data=still_message(trace, painting, words, _place(pin)))


def _place(pin: str | None) -> Place:
    """One of its own: a notebook may have many."""
    return Place(f"cnnviz-{uuid.uuid4().hex[:12]}", pin=pin)


def _ink_of(drawing: str) -> np.ndarray:
    """(H, W) in [0, 1] of what the browser's canvas has. Raises ValueError for anything else."""
    if not drawing.startswith(_PNG) or len(drawing) > _MOST:
        raise ValueError("ink must be a PNG of the canvas as a data: URL")
    with Image.open(io.BytesIO(base64.b64decode(drawing[len(_PNG) :])), formats=["PNG"]) as opened:
        if max(opened.size) > 2 * CANVAS_SIZE:
            raise ValueError(f"ink must be the canvas's size, {CANVAS_SIZE}, got {opened.size}")
        return ink_from_canvas(np.asarray(opened.convert("RGBA")))


def _styles() -> dict[str, str]:
    templates = Path(__file__).parents[1] / "export" / "templates"
    around = "\n".join(
        [
            f":host {{ display: block; {colours(LIGHT)} {FONTS} }}",
            f":host([data-theme=dark]) {{ color-scheme: dark; {colours(DARK)} }}",
            # Not of the host: a notebook's own rules for that would win.
            "main { color: var(--st-text-color); background: var(--st-background-color);",
            "  font: 14px/1.45 var(--st-font); padding: 10px; text-align: left; }",
            "* { box-sizing: border-box; }",
            (templates / "explorer.css").read_text("utf-8"),
        ]
    )
    names = ("network_view", "reading", "seen")
    return {"around": around} | {name: style_of(name) for name in names}
