"""What stands in the pages' HTML, so that it is there before Streamlit has started."""

import re
from collections.abc import Iterator
from pathlib import Path

import streamlit

from cnnviz.components.modules import together
from cnnviz.serving.kept import COMPONENTS

STYLE = Path(__file__).parent / "page.css"

# Streamlit looks up the parts of its own that a page shows when it shows them, one after another.
# These are on nearly every page, so they are fetched while it starts.
PARTS = ("BidiComponent", "Html", "Checkbox", "DownloadButton")
# What is painted before its font has come is painted twice: page.css has them loaded at once.
FONTS = ("inter-latin-wght-normal.woff2", "jetbrains-mono-latin-wght-normal.woff2")

# Of a larger one, as Streamlit's messages are, an opening calls a small part.
MOST_ON_LOAD = 500_000  # bytes

_VIEW = "network_view/index.js"
_SCRIPTS = Path(streamlit.__file__).parent / "static" / "static" / "js"
_NAMED = re.compile(r'"\./static/js/([\w.-]+\.js)"')
_IMPORT = re.compile(r'(?:\bfrom|\bimport)"\./([\w.-]+\.js)"')


def dressed(html: bytes) -> bytes:
    """Streamlit's page with our style, which comes after its own and so weighs more, and with the
    addresses of what most pages show."""
    style = f"<style>\n{STYLE.read_text(encoding='utf-8')}</style>"
    needed = needed_beside(html.decode())
    html = html.replace(b"</head>", f"{needed}</head>".encode(), 1)
    return html.replace(b"</body>", f"{style}</body>".encode(), 1)


def needed_beside(html: str) -> str:
    """What pages need and `html` doesn't name yet, to be fetched while Streamlit starts.

    The network view's modules also run then, while the browser has nothing else to do.
    """
    fonts = [
        f'<link rel="preload" href="./app/static/{font}" as="font" type="font/woff2" crossorigin>'
        for font in FONTS
    ]
    parts = [
        f'<link rel="modulepreload" href="./static/js/{part}" crossorigin fetchpriority="low">'
        for part in _parts()
        if part not in html
    ]
    view = f".{COMPONENTS}cnnviz.network_view/{together(_VIEW)}"
    script = f'<script type="module" async src="{view}" fetchpriority="low"></script>'
    return "".join([*fonts, *parts, script])


def called_on_load(html: str) -> frozenset[str]:
    """The names of the scripts that Streamlit's page and `needed_beside` bring, unless so much of
    one isn't called that to compile all of it would hold the rest up."""
    named = {*_NAMED.findall(html), *_parts()}
    small = {
        name
        for name in named
        if (_SCRIPTS / name).is_file() and (_SCRIPTS / name).stat().st_size <= MOST_ON_LOAD
    }
    return frozenset({*small, Path(together(_VIEW)).name})


def _parts() -> list[str]:
    """The files of `PARTS` and those that they import; none where this Streamlit has others."""
    found: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in found or not (_SCRIPTS / name).is_file():
            return
        found[name] = None
        for below in _imports(name):
            visit(below)

    for part in PARTS:
        for script in _SCRIPTS.glob(f"{part}.*.js"):
            visit(script.name)
    return list(found)


def _imports(name: str) -> Iterator[str]:
    # They stand at the beginning of what Streamlit's bundler makes.
    for match in _IMPORT.finditer((_SCRIPTS / name).read_text(encoding="utf-8")):
        yield match[1]
