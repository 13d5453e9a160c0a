"""The explorer without Streamlit: what frontend/standalone is sent, in a page or a notebook."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image
from torch import nn

from cnnviz.drawing import samples
from cnnviz.drawing.frames import MNIST, Frame
from cnnviz.drawing.preprocessing import Prepared
from cnnviz.drawing.sources import DIGITS, Source
from cnnviz.images.png import png_url
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.trace import Trace, as_image, trace
from cnnviz.reasons.changes import Changes
from cnnviz.views.arrays import encode_plainly
from cnnviz.views.network import (
    Live,
    Opening,
    Painting,
    WhatIf,
    Words,
    trace_message,
    weights_message,
)
from cnnviz.views.seen import names_of_steps, seen_message


@dataclass(frozen=True, eq=False)
class Subject:
    """A network of anybody's that tells `classes` apart, and the pictures of `frame` it reads."""

    model: nn.Sequential
    frame: Frame
    classes: tuple[str, ...]
    name: str


Classifier = Checkpoint | Subject


@dataclass(frozen=True, eq=False)
class Start:
    """What lies on the canvas as it opens: `ink` (S, S) in [0, 1], or None for nothing.

    Strokes stay when the pen comes down; a picture (`stays` False) goes, as a sample does.
    `prepared` is what the network sees of it, `centre` whether drawings are centred.
    """

    prepared: Prepared
    ink: np.ndarray | None = None
    stays: bool = False
    centre: bool = True
    truth: str | None = None

    @classmethod
    def of(
        cls, prepared: Prepared, source: Source | None, ink: np.ndarray | None, centre: bool
    ) -> "Start":
        """With a `source`, else with the `ink` of somebody's strokes, if any; `prepared` is what
        `drawing.sources.seen` made of it."""
        return cls(
            prepared,
            ink if source is None else source.shown,
            # Ink over a picture in colour is nothing without it: it goes with the first stroke.
            stays=source is None and prepared.light is None,
            centre=centre,
            truth=source and source.truth,
        )


@dataclass(frozen=True)
class Place:
    """Where it is shown: the `key` of its canvas and view; `linked` keeps the pin in the page's
    address, for one view a page."""

    key: str = "draw"
    linked: bool = False
    pin: str | None = None


def answer_of(classifier: Classifier, prepared: Prepared) -> Trace:
    """What a network makes of a picture.

    Raises ValueError for a network that ends in maps: there is no answer to read.
    """
    traced = trace(classifier.model, as_image(prepared.image))
    if traced.probabilities is None:
        last = " × ".join(map(str, traced.layers[-1].values.shape))
        raise ValueError(f"model must end in a score for each class, it ends in maps of {last}")
    return traced


def explorer_message(
    classifier: Classifier,
    start: Start,
    traced: Trace,
    words: Words = Words(),
    place: Place = Place(),
) -> dict[str, Any]:
    """All of a network, what it makes of `start` (`traced`, by `answer_of`), and a pen."""
    frame, digits = classifier.frame, _reads_digits(classifier)
    weights = weights_message(traced)
    return {
        "weights": weights,
        **answer_message(classifier, start, traced, words, place, weights["id"]),
        "start": {
            "ink": None if start.ink is None else _mask(start.ink),
            "stays": start.stays,
            "samples": [
                {"name": str(digit), "strokes": [_thinned(stroke) for stroke in strokes]}
                for digit, strokes in samples.STROKES.items()
                if digits
            ],
        },
        "centre": None
        if frame.box is None
        else {
            "on": start.centre,
            "steps": {str(on).lower(): names_of_steps(frame, on) for on in (True, False)},
        },
    }


def answer_message(
    classifier: Classifier,
    start: Start,
    traced: Trace,
    words: Words,
    place: Place,
    weights: str,
) -> dict[str, Any]:
    """What torch makes of another drawing; `weights` is the digest of those that were sent."""
    assert traced.probabilities is not None  # or it would have been refused
    shown = _shown(
        traced,
        weights,
        Live(place.key, start.centre),
        Painting(frame=classifier.frame),
        replace(words, classes=None if _reads_digits(classifier) else classifier.classes),
        place,
    )
    return {
        "trace": shown,
        "reading": {
            "view": place.key,
            "probabilities": encode_plainly(traced.probabilities)["values"],
            "blank": start.prepared.empty,
            "unlike": None,
            "truth": start.truth if start.truth in classifier.classes else None,
            "classes": list(classifier.classes),
        },
        "seen": seen_message(start.prepared, place.key),
    }


def still_message(
    traced: Trace,
    painting: Painting = Painting(),
    words: Words = Words(),
    place: Place = Place(),
    changes: bool = False,
) -> dict[str, Any]:
    """A trace to be pointed at, without a pen: of any layers. With `changes` its weights and its
    input can be set to other values there."""
    weights = weights_message(traced)
    shown = _shown(traced, weights["id"], None, painting, words, place)
    if changes:
        nobody = WhatIf(Changes(), traced, lambda text, sequence, keep: None)
        shown["options"]["changes"] = nobody.to_dict()
    return {"weights": weights, "trace": shown}


def _shown(
    traced: Trace, weights: str, live: Live | None, painting: Painting, words: Words, place: Place
) -> dict[str, Any]:
    shown = trace_message(
        traced,
        key=place.key,
        weights=weights,
        live=live,
        painting=painting,
        words=words,
        opening=Opening(pin=place.pin, linked=place.linked),
    )
    shown["options"]["alone"] = True
    for meaning in shown["options"]["glossary"].values():
        meaning["place"] = ""  # there are no other pages to play on
    return shown


def _reads_digits(classifier: Classifier) -> bool:
    return classifier.frame == MNIST and classifier.classes == DIGITS


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
