"""The explorer as one HTML file: opened from disk, it draws, reads and explains without a server.

Its modules are those of the app (`cnnviz/frontend`), one after the other in the page; what
Streamlit lends them there, `frontend/standalone` lends them here.
"""

import base64
import gzip
import html
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Any

from cnnviz import __version__
from cnnviz.palette import DARK, LIGHT, MARKS
from cnnviz.serving.headers import hash_source
from cnnviz.views.explorer import Classifier, Place, Start, answer_of, explorer_message
from cnnviz.views.modules import FRONTEND, bundle
from cnnviz.views.network import Words
from cnnviz.views.styles import FONTS, colours, style_of

_TEMPLATES = Path(__file__).parent / "templates"
_DRAW = (
    "Draw: every layer follows the pen. Point at a number to see where it comes from, "
    "click to keep it."
)
_FILM = "Drag the handle over the curve: the network as it was at that step of its training."
_WHOSE = (
    "PyTorch computed the numbers that the page opens with; from the first stroke on, this page "
    "computes them itself."
)
_RAIL = (
    '<section class="rail" aria-label="Drawing"><div class="st-key-draw"></div>'
    "{reading}{seen}</section>"
)
STAGE = '<section class="stage" aria-label="{name}">{content}</section>'


def page(
    classifier: Classifier,
    start: Start,
    words: Words = Words(),
    film: Mapping[str, Any] | None = None,
) -> str:
    """One HTML page with all of the network, and what it makes of `start`.

    With `film` (`cnnviz.export.run_page`) the snapshots that it was trained through stand above.
    Raises ValueError for a network that ends in maps.
    """
    traced = answer_of(classifier, start.prepared)
    # The page's own heading has the title.
    untitled = replace(words, title="")
    data = explorer_message(classifier, start, traced, untitled, Place(linked=True))
    names = ["reading", "seen", *(["training_view"] if film else []), "network_view"]
    styles = {name: style_of(name) for name in names}
    rail = _RAIL.format(
        reading=shadow("reading", styles["reading"], '<div class="reading"></div>'),
        seen=shadow("seen", styles["seen"], '<div class="steps"></div>'),
    )
    network = shadow("network", styles["network_view"], '<div class="network-view"></div>')
    hint = _DRAW
    if film is not None:
        strip = shadow("film", styles["training_view"], '<div class="film"></div>')
        network = f'<div id="curve" class="st-key-curve"></div>{strip}{network}'
        data["film"] = film
        hint = f"{_DRAW} {_FILM}"
    return html_page(
        title=words.title or f"cnnviz: {classifier.name}",
        hint=hint,
        content=rail + STAGE.format(name="The network", content=network),
        foot=_WHOSE,
        styles=styles.values(),
        data=data,
    )


def shadow(place: str, style: str, inside: str = "") -> str:
    """An element whose style sheet is its own, as Streamlit gives each component; `inside` is what
    that begins with."""
    return (
        f'<div id="{place}"><template shadowrootmode="open"><style>{style}</style>'
        f"{inside}</template></div>"
    )


def html_page(
    *, title: str, hint: str, content: str, foot: str, styles: Iterable[str], data: dict[str, Any]
) -> str:
    """A page of `content`, HTML whose `styles` are named, in the order in which they are there.

    `title`, `hint` and `foot` are plain text, `data` is what frontend/standalone/page.js reads.
    """
    style, opening = _style(), _opening()
    template = Template((_TEMPLATES / "page.html.template").read_text("utf-8"))
    return template.substitute(
        policy=_policy([opening, _script()], [style, *styles]),
        style=style,
        title=html.escape(title),
        hint=html.escape(hint),
        content=content,
        foot=html.escape(foot),
        version=__version__,
        data=_json(data),
        packed=_packed(),
        opening=opening,
    )


def _policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """What the file may do: run the scripts and styles in it, and ask nobody for anything."""
    script, style = (" ".join(map(hash_source, texts)) for texts in (scripts, styles))
    return (
        f"default-src 'none'; script-src {script}; style-src {style}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _json(data: object) -> str:
    """As the text of a script element: nothing in it can end that."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


@lru_cache(maxsize=1)
def _script() -> str:
    return bundle(FRONTEND / "standalone" / "page.js")


@lru_cache(maxsize=1)
def _packed() -> str:
    """The same in a third of its size: there is room for what the page shows."""
    return base64.b64encode(gzip.compress(_script().encode(), mtime=0)).decode("ascii")


@lru_cache(maxsize=1)
def _opening() -> str:
    """The script that unpacks the other; the page's policy names the hashes of both."""
    return (FRONTEND / "standalone" / "unpack.js").read_text("utf-8")


@lru_cache(maxsize=1)
def _style() -> str:
    """Both themes' colours, and the page's own rules."""
    dark = colours(DARK)
    return "\n".join(
        [
            f":root {{ color-scheme: light; {colours(LIGHT)} {FONTS} }}",
            "@media (prefers-color-scheme: dark) "
            f"{{ :root:not([data-theme=light]) {{ color-scheme: dark; {dark} }} }}",
            f":root[data-theme=dark] {{ color-scheme: dark; {dark} }}",
            f".loss {{ stroke: {MARKS.positive}; }}",
            *((_TEMPLATES / name).read_text("utf-8") for name in ("page.css", "explorer.css")),
        ]
    )
