"""The picture, network and run in view, as a link has them: the same parameters on every page.

`take` begins a session with what its first address asks for; `of` says what the address is to have
from then on, which the browser writes there without a run more. A set-up that somebody else
describes by the same names is `begin_with`.

torch takes seconds to import, so nothing here needs it but for a test image or own weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from cnnviz.components import drawing_pad
from cnnviz.components.frame import PAGE_ADDRESS, Linked
from cnnviz.drawing import compact, sources
from cnnviz.ui import lesson, link, model, starting_points
from cnnviz.ui.addresses import SESSION, TRAINING
from cnnviz.ui.drawing import Drawn, set_drawing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnnviz.drawing.frames import Frame

CANVAS = "draw"
"""The key of the canvas that pages share."""

FIRST_DIGIT = 7
PICTURES = ("sample", "test", "drawing", "centre")
RUN = "training_run"
"""Where the session has the name of the run in view."""

_TAKEN, _CENTRE, _LINKED = "linked_taken", "linked_centre", "linked_picture"
_AS_SEEN = "The link has your {} as the network sees it{}."
_STROKES_TOO_LONG = ", since the strokes don't fit into 1,500 characters"
_TOO_LARGE = "Your {} isn't in the link: it doesn't fit into 1,500 characters."


def take(canvas: str = CANVAS) -> None:
    """Begin the session with what its address asks for; strokes go on the canvas of that key.

    What can't be used is told by the page's `link.unusable`.
    """
    if _TAKEN in st.session_state:
        return
    st.session_state[_TAKEN] = True
    for name, reason in begin_with(link.texts(SESSION), canvas).items():
        link.refuse(SESSION.page, name, reason)


def begin_with(texts: Mapping[str, str | Sequence[str]], canvas: str = CANVAS) -> dict[str, str]:
    """Show the picture and use the network that `texts` name, by a link's parameters.

    What of them can't be, by name, with the reason.
    """
    asked, refused = link.read(SESSION, texts)
    if "model" in asked:
        try:
            model.use_linked(asked["model"])
        except ValueError as error:
            refused["model"] = str(error)
    if "run" in asked:
        # Whether there is one of that name, Training says: no other page looks at runs.
        st.session_state[RUN] = asked["run"]
    centre = st.session_state[_CENTRE] = asked.get("centre", True)
    kept = {**dict.fromkeys(PICTURES), "centre": None if centre else "false"}
    st.session_state[_LINKED] = _Known((), Linked(kept))
    source = _source(asked, refused)
    drawing: compact.Compact | None = asked.get("drawing")
    if drawing is not None and drawing.picture is None:
        # Strokes on a picture in colours leave those that they don't cover.
        beneath = source if source is not None and source.light is not None else None
        drawing_pad.begin_with(canvas, drawing, beneath)
        ink = drawing.ink if drawing.strokes else None
        drawn = Drawn(None, ink, centre, beneath)
    elif source is None:
        return refused
    else:
        drawn = Drawn(source, None, centre, source)
    if canvas == CANVAS:
        starting_points.take(drawn.source)
    set_drawing(drawn)
    of(drawn, canvas, model.current_reads().frame)
    return refused


def note(table: link.Table) -> None:
    """Say what of the link isn't in use; call after the widgets that are in sight."""
    link.unusable(table, SESSION, page().entries)


def _source(asked: Mapping[str, Any], refused: dict[str, str]) -> sources.Source | None:
    """The sample, test image or picture that is asked for; None where there is none."""
    drawing: compact.Compact | None = asked.get("drawing")
    if drawing is not None and drawing.picture is not None:
        return sources.seen_before(drawing.picture, drawing.text)
    if "test" in asked:
        try:
            return starting_points.numbered(*asked["test"])
        except ValueError as error:
            refused["test"] = str(error)
    return sources.sample(asked["sample"]) if "sample" in asked else None


def centred_at_first() -> bool:
    return st.session_state.get(_CENTRE, True)


def page() -> Linked:
    """What the address of a page is to have of the session, whatever the page is about."""
    known: Linked = st.session_state[_LINKED].linked
    every = {**known.entries, "model": model.parameter(), **lesson.parameters()}
    if st.session_state.get(PAGE_ADDRESS) != TRAINING.page:  # which writes it there itself
        every["run"] = st.session_state.get(RUN)
    return replace(known, entries=every)


@dataclass(frozen=True, eq=False)
class _Known:
    """What was drawn, and what the address has of it: worked out once for each drawing."""

    of: tuple[Any, ...]
    linked: Linked


def of(drawn: Drawn, canvas: str, frame: Frame) -> Linked:
    """What the address is to have of what is drawn on that canvas, for pictures of `frame`."""
    strokes = drawing_pad.strokes_on(canvas) if drawn.source is None else ()
    now = (drawn.source, strokes, drawn.beneath, drawn.centre, frame)
    known: _Known | None = st.session_state.get(_LINKED)
    if known is None or not _same(known.of, now):
        entries, lacking = _entries(drawn, strokes, frame)
        centre = None if drawn.centre else "false"
        every = {**dict.fromkeys(PICTURES), **entries, "centre": centre}
        known = st.session_state[_LINKED] = _Known(now, Linked(every, lacking))
    return known.linked


def _same(before: tuple[Any, ...], now: tuple[Any, ...]) -> bool:
    """Whether they are the very same things: arrays can't be asked whether they are equal."""
    return len(before) == len(now) and all(a is b for a, b in zip(before, now, strict=True))


def _entries(
    drawn: Drawn, strokes: Sequence[Mapping[str, Any]], frame: Frame
) -> tuple[dict[str, str], str]:
    source = drawn.source
    if source is not None and source.address is not None:
        name, text = source.address
        first = source.digit == FIRST_DIGIT
        return ({} if first else {name: text}), ""
    if source is not None:
        return _picture(drawn, frame, "picture", "")
    try:
        text = compact.of_strokes(compact.strokes_of_paths(strokes))
    except ValueError:  # such strokes as the canvas doesn't make
        text = None
    entries, lacking = {}, ""
    if text is None:
        entries, lacking = _picture(drawn, frame, "drawing", _STROKES_TOO_LONG)
    else:
        entries["drawing"] = text
    beneath = drawn.beneath
    if sources.colours_of(beneath, frame) is None or beneath is None:
        return entries, lacking
    if beneath.address is None:
        return entries, _TOO_LARGE.format("photo")
    return {**entries, beneath.address[0]: beneath.address[1]}, lacking


def _picture(drawn: Drawn, frame: Frame, what: str, why: str) -> tuple[dict[str, str], str]:
    prepared = drawn.prepared(frame)
    text = None if prepared.light is not None else compact.of_picture(prepared.centred)
    if text is None:
        return {}, _TOO_LARGE.format(what)
    return {"drawing": text}, _AS_SEEN.format(what, why)
