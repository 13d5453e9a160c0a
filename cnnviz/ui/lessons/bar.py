"""The strip of the lesson that is played, and what pages tell it of themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from cnnviz.components.course_bar import course_bar, course_told
from cnnviz.lessons.facts import FACTS
from cnnviz.lessons.lesson import Do, Look, Question
from cnnviz.lessons.marks import MARKS
from cnnviz.ui.fragments import fragment
from cnnviz.ui.lessons import playing

if TYPE_CHECKING:
    from cnnviz.networks.trace import Trace
    from cnnviz.ui.lessons.playing import Played

LABELS = {
    "en": {
        "back": "Back",
        "next": "Next",
        "skip": "Skip",
        "finish": "Finish",
        "leave": "leave the lesson",
        "say": "Say",
        "number": "Type a number, such as −2 or 0.5.",
        "place": "Click a place of the picture; or arrow keys, then Enter.",
        "row": "row",
        "column": "column",
        "fold": "fold",
        "unfold": "unfold",
        "open": "The app may be used.",
        "closed": "Without the app: it comes back when you have answered.",
    },
    "de": {
        "back": "Zurück",
        "next": "Weiter",
        "skip": "Auslassen",
        "finish": "Fertig",
        "leave": "Lektion verlassen",
        "say": "Antworten",
        "number": "Eine Zahl, etwa −2 oder 0,5.",
        "place": "Auf eine Stelle des Bildes klicken; oder Pfeiltasten, dann Eingabetaste.",
        "row": "Zeile",
        "column": "Spalte",
        "fold": "einklappen",
        "unfold": "ausklappen",
        "open": "Die App darf benutzt werden.",
        "closed": "Ohne die App: nach der Antwort ist sie wieder da.",
    },
}
_COUNT, _TRACED, _PIN = "lesson_count", "lesson_traced", playing.PIN


def bar() -> None:
    """The strip, where a lesson is played."""
    if playing.current() is not None:
        with st.container(key="course_bar_place"):
            fragment(_bar)()


def told(part: str, facts: Mapping[str, Any], traced: Trace | None) -> None:
    """See `cnnviz.ui.lesson.told`."""
    played = playing.current()
    if played is None:
        return
    known = playing.facts()
    if traced is not None:
        st.session_state[_TRACED] = traced
        known |= _pinned(st.session_state.get(_PIN, ""))
    known["page"] = st.session_state.get("page_path", "")
    for name, value in facts.items():
        assert name in FACTS, name
        known[name] = value
    if (state := _state(played)) is not None:
        course_told(state, key=f"course_told_{part}")


def _bar() -> None:
    played = playing.current()
    if played is None or playing.pending():
        st.rerun()  # the whole page: another one may be next
    course_bar(
        _shown(played),
        on_move=playing.move,
        on_answer=playing.answer,
        on_pin=_take_pin,
        on_before=playing.had,
    )


def _shown(played: Played) -> dict[str, Any]:
    step = played.now
    shown = {
        "at": f"{played.at}.{played.seed}",
        "lesson": played.lesson.title,
        "language": played.lesson.language,
        "name": played.lesson.name,
        "had": None if played.before.is_of_an_address else dict(played.before.texts),
        "begun": playing.set_ups(),
        "step": played.step + 1,
        "of": len(played.lesson.steps),
        "kind": step.kind,
        "words": "",
        "rules": "",
        "task": "",
        "choices": [],
        "asks": False,
        "unit": "",
        "picture": None,
        "answered": None,
        "facts": "",
        "state": _state(played),
        "closed": False,
        "mark": MARKS[step.mark].selector if step.mark else "",
        "parts": MARKS[step.mark].parts if step.mark else (),
        "pin": st.session_state.get(_PIN, ""),
        "notes": "",
        "labels": LABELS[played.lesson.language],
    }
    try:
        shown |= _said(played)
    except ValueError as error:  # an expression that has no value for what is on the page now
        shown["task"] = f"This step can't be shown: {error}"
    if st.session_state.get("lesson_notes") and played.step == 0:
        notes = played.lesson.notes
        shown["notes"] = " · ".join((notes.aim, *notes.likely, notes.room))
    return shown


def _said(played: Played) -> dict[str, Any]:
    """The step's words with numbers in them, and what comes of an answer to its question."""
    step = played.now
    if isinstance(step, Look | Do):
        known = playing.facts()
        task = "" if step.do is None else step.do.filled(known)
        return {"words": step.words.filled(known), "task": task}
    asked, given = played.ask(step), played.answers.get(played.step)
    said = {
        "task": asked.text,
        "choices": list(asked.choices),
        "asks": True,
        "unit": asked.question.unit,
        "closed": not step.open,
    }
    labels = LABELS[played.lesson.language]
    if asked.picture is not None:
        said["picture"] = {"values": asked.picture, "ink": step.colours == "ink"}
    rules = [labels["open" if step.open else "closed"]]
    if asked.picture is not None:
        rules.insert(0, labels["place"])
    said["rules"] = " ".join(rules)
    if given is None:
        return said
    right = asked.right(given)
    reply = asked.why if right else asked.reason(given)
    used = {name: value for name, value in playing.facts().items() if name in step.facts}
    answered = {"right": right, "said": reply, "given": given}
    return {**said, "answered": answered, "facts": json.dumps(used)}


def _state(played: Played) -> dict[str, Any] | None:
    """How far the step's task is done, and its words where they tell of the page; None where there
    is neither."""
    step, said = played.now, _of_the_page(played)
    if not isinstance(step, Do) and said is None:
        return None
    count = st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1
    left, done = step.left(playing.facts()) if isinstance(step, Do) else "", ""
    if isinstance(step, Do) and left is None:
        try:
            done = step.done.filled(playing.facts())
        except ValueError as error:
            done = str(error)
    at = f"{played.at}.{played.seed}"
    return {"at": at, "count": count, "left": left, "done": done, "said": said}


def _of_the_page(played: Played) -> dict[str, str] | None:
    """The step's words where they tell of the page: the strip is made before the page has run."""
    step = played.now
    if isinstance(step, Question):
        names = step.facts
    else:
        names = step.words.names | (frozenset() if step.do is None else step.do.names)
    if not names & FACTS.keys():
        return None
    try:
        said = {"words": "", **_said(played)}
    except ValueError:  # the strip says what can't be computed
        return None
    return {"words": said["words"], "task": said["task"]}


def _take_pin(address: str) -> None:
    st.session_state[_PIN] = address
    playing.facts().update(_pinned(address))


def _pinned(address: str) -> dict[str, Any]:
    """The facts of the unit at an address such as conv1.0.3.4 or fc.7; those of none where there
    is none."""
    none = {name: fact.start for name, fact in FACTS.items() if name.startswith("pin.")}
    traced: Trace | None = st.session_state.get(_TRACED)
    layer, *place = address.split(".")
    if traced is None or not place or not all(p.isascii() and p.isdigit() for p in place):
        return none
    if layer == "input":
        values = traced.image
    elif any(each.name == layer for each in traced.layers):
        values = traced[layer].values
    else:
        return none
    at = [int(p) for p in place]
    if len(at) != values.ndim or any(i >= n for i, n in zip(at, values.shape, strict=True)):
        return none
    channel, row, column = at if len(at) == 3 else (at[0], 0, 0)
    value = float(values[tuple(at)])
    return {
        **{"pin.layer": layer, "pin.map": channel, "pin.row": row, "pin.column": column},
        "pin.value": value,
    }
