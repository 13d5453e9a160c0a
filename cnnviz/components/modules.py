"""All ES modules of a component in one file, so that a browser asks for it once.

Streamlit serves each module by itself, compresses it anew for every visitor and gives a browser
nothing to keep it by: fetching the network view's eighty took a third of the time that its page
took to open. So they are put one after the other into a file (`cnnviz.views.modules`).
"""

import contextlib
import hashlib
import logging
import time
from pathlib import Path

from streamlit.components.v2 import component
from streamlit.components.v2.types import ComponentRenderer

from cnnviz.files import write_atomically
from cnnviz.views.modules import FRONTEND, bundle
from cnnviz.views.styles import style_of

MADE = FRONTEND / "made"

OLD = 7 * 24 * 3600.0
"""Seconds after which no server sends a file made of modules as they once were."""

_log = logging.getLogger(__name__)


def component_in(name: str, html: str | None = None) -> ComponentRenderer:
    """The component whose modules and style sheet are in that folder of the frontend.

    `html` is what it begins with.
    """
    return component(
        f"cnnviz.{name}",
        js=together(f"{name}/index.js"),
        css=sheet(name),
        html=html,
    )


def together(entry: str) -> str:
    """The path, from the frontend's folder, of one file with `entry` and every module below it.

    It is `entry` itself where the folder can't be written or a module can't be put into a function.
    """
    try:
        return _made(entry, bundle(FRONTEND / entry))
    except (OSError, ValueError) as error:
        _log.warning("%s: modules are sent one by one (%s)", entry, error)
        return entry


def sheet(name: str) -> str:
    """The path of a component's style sheet under a name that a browser can keep it by.

    It is that of the sheet itself, whose imports the browser follows, where the folder can't be
    written.
    """
    path = f"{name}/style.css"
    try:
        return _made(path, style_of(name))
    except OSError as error:
        _log.warning("%s: sent as it is (%s)", path, error)
        return path


def _made(source: str, text: str) -> str:
    """The path of a file with this `text`, named by its component and its content."""
    name, kind = Path(source).parent.name, Path(source).suffix
    digest = hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
    path = MADE / f"{name}-{digest}{kind}"
    if not path.exists():
        write_atomically(path, text.encode())
        _remove_old(name, kind)
    return path.relative_to(FRONTEND).as_posix()


def _remove_old(name: str, kind: str) -> None:
    for made in MADE.glob(f"{name}-*{kind}"):
        with contextlib.suppress(OSError):
            if time.time() - made.stat().st_mtime > OLD:
                made.unlink()
