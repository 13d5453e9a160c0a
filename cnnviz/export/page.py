"""The explorer as one HTML file: opened from disk, it draws, reads and explains without a server.

Its modules are those of the app (`cnnviz/frontend`), one after the other in the page; what
Streamlit lends them there, `frontend/standalone` lends them here.
"""

import html
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from string import Template

import numpy as np
from PIL import Image

from cnnviz import __version__
from cnnviz.drawing import samples
from cnnviz.drawing.frames import MNIST
from cnnviz.drawing.preprocessing import Prepared
from cnnviz.drawing.sources import DIGITS
from cnnviz.images.png import png_url
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.trace import as_image, trace
from cnnviz.palette import DARK, LIGHT, Theme
from cnnviz.serving.headers import digest
from cnnviz.views.arrays import encode_plainly
from cnnviz.views.modules import FRONTEND, bundle
from cnnviz.views.network import (
    Live,
    Opening,
    Painting,
    Words,
    trace_message,
    weights_message,
)

_TEMPLATES = Path(__file__).parent / "templates"
_KEY = "draw"


@dataclass(frozen=True, eq=False)
class Start:
    """What lies on the canvas as the page opens: `ink` (S, S) in [0, 1], or None for nothing.

    Strokes stay when the pen comes down; a picture (`stays` False) goes, as a sample does.
    `prepared` is what the network sees of it, `centre` whether drawings are centred.
    """

    prepared: Prepared
    ink: np.ndarray | None = None
    stays: bool = False
    centre: bool = True
    truth: str | None = None


def page(checkpoint: Checkpoint, start: Start, words: Words = Words()) -> str:
    """One HTML page with all of `checkpoint`'s network, and what it makes of `start`."""
    traced = trace(checkpoint.model, as_image(start.prepared.image))
    assert traced.probabilities is not None  # whatever is opened ends in logits
    weights = weights_message(traced)
    digits = checkpoint.frame == MNIST and checkpoint.classes == DIGITS
    shown = trace_message(
        traced,
        key=_KEY,
        weights=weights["id"],
        live=Live(_KEY, start.centre),
        painting=Painting(frame=checkpoint.frame),
        words=replace(words, classes=None if digits else checkpoint.classes),
        opening=Opening(linked=True),
    )
    shown["options"]["alone"] = True
    for meaning in shown["options"]["glossary"].values():
        meaning["place"] = ""  # there are no other pages to play on
    data = {
        "weights": weights,
        "trace": shown,
        "reading": {
            "view": _KEY,
            "probabilities": encode_plainly(traced.probabilities)["values"],
            "blank": start.prepared.empty,
            "unlike": None,
            "truth": start.truth if start.truth in checkpoint.classes else None,
            "classes": list(checkpoint.classes),
        },
        "start": {
            "ink": None if start.ink is None else _mask(start.ink),
            "stays": start.stays,
            "samples": [
                {"name": str(digit), "strokes": [_thinned(stroke) for stroke in strokes]}
                for digit, strokes in samples.STROKES.items()
                if digits
            ],
        },
    }
    style, script = _style(), _script()
    styles = {
        "style": style,
        "reading_style": (FRONTEND / "reading" / "style.css").read_text("utf-8"),
        "network_style": (FRONTEND / "network_view" / "style.css").read_text("utf-8"),
    }
    template = Template((_TEMPLATES / "page.html.template").read_text("utf-8"))
    return template.substitute(
        styles,
        policy=_policy([script], styles.values()),
        title=html.escape(words.title or f"cnnviz: {checkpoint.name}"),
        version=__version__,
        data=_json(data),
        script=script,
    )


def _policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """What the file may do: run the scripts and styles in it, and ask nobody for anything."""

    def hashes(texts: Iterable[str]) -> str:
        return " ".join(f"'sha256-{digest(text)}'" for text in texts)

    return (
        f"default-src 'none'; script-src {hashes(scripts)}; style-src {hashes(styles)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _json(data: object) -> str:
    """As the text of a script element: nothing in it can end that."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


@lru_cache(maxsize=1)
def _script() -> str:
    text = bundle(FRONTEND / "standalone" / "page.js")
    if "</script" in text or "<!--" in text:
        raise ValueError("a module says what would end the page's script: </script or <!--")
    return text


@lru_cache(maxsize=1)
def _style() -> str:
    """Both themes' colours, under the names that Streamlit gives them, and the page's own rules.

    The fonts are the reader's: the app's would be a fifth of the file.
    """
    dark = _colours(DARK)
    return "\n".join(
        [
            f":root {{ color-scheme: light; {_colours(LIGHT)} "
            "--st-font: system-ui, sans-serif; "
            "--st-code-font: ui-monospace, monospace; }",
            "@media (prefers-color-scheme: dark) "
            f"{{ :root:not([data-theme=light]) {{ color-scheme: dark; {dark} }} }}",
            f":root[data-theme=dark] {{ color-scheme: dark; {dark} }}",
            (_TEMPLATES / "page.css").read_text("utf-8"),
        ]
    )


def _colours(theme: Theme) -> str:
    names = {
        "--st-background-color": theme.background,
        "--st-secondary-background-color": theme.surface,
        "--st-border-color": theme.line,
        "--st-text-color": theme.text,
        "--st-primary-color": theme.accent,
        "--muted": theme.muted,
    }
    return " ".join(f"{name}: {colour};" for name, colour in names.items())


def _thinned(stroke: samples.Stroke) -> list[tuple[int, int]]:
    """To whole pixels, and every other point: with a pen of 20 pixels nobody sees which."""
    points = [*stroke[:-1:2], stroke[-1]]
    return [(round(x), round(y)) for x, y in points]


def _mask(ink: np.ndarray) -> str:
    """The ink as a PNG's opacity, to an 8-bit level, no finer than the canvas can show."""
    alpha = Image.fromarray(np.round(np.asarray(ink) * 255).astype(np.uint8))
    side = 2 * samples.CANVAS_SIZE
    if max(alpha.size) > side:
        alpha = alpha.resize((side, side), Image.Resampling.BOX)
    black = Image.new("L", alpha.size)
    return png_url(Image.merge("LA", (black, alpha)), optimize=True)
