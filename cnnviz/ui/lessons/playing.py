"""Which step of which lesson a session plays, and what it had before, to be given back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from cnnviz.lessons.facts import starts
from cnnviz.lessons.lesson import Asked, Lesson, Question, Step
from cnnviz.lessons.reading import course, language_of
from cnnviz.ui import addresses, link, linked
from cnnviz.ui.drawing import Drawn
from cnnviz.ui.lesson import LANGUAGE, PLAYED, TO
from cnnviz.ui.lessons import settings

if TYPE_CHECKING:
    from cnnviz.ui.link import Table

HOME = "lessons"
PIN = "lesson_pin"
"""The address of the unit that is pinned, as the browser told it."""

_FACTS, _DONE, _SET_UPS = "lesson_facts", "lesson_done", "lesson_set_ups"
# How the step that comes is come to: from the one before, or by itself.
_ON, _FRESH = "on", "fresh"
# What a page keeps beside its settings.
_BESIDE = ("good", "preset", "tidied_commas", "position")


@dataclass(frozen=True)
class Before:
    """What somebody had before the lesson: the page, all settings, and the picture.

    `texts` are what the browser keeps of it over a reload: picture and network as a link has them
    (`linked`), and the settings as `cnnviz.ui.lessons.settings` has them. `settings` are those that
    the session still has. `is_of_an_address` where the session began with the lesson: by a link, or
    when the page was reloaded.
    """

    page: str
    settings: Mapping[str, Any]
    linked: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)
    is_of_an_address: bool = False


@dataclass(frozen=True, eq=False)
class Played:
    """Step `step`, from 0, of `lesson`, with `seed` for its numbers; `answers` are those given,
    by step."""

    lesson: Lesson
    step: int
    seed: int
    before: Before
    answers: Mapping[int, float | list[int]] = field(default_factory=dict)

    @property
    def now(self) -> Step:
        return self.lesson.steps[self.step]

    @property
    def at(self) -> str:
        """Names the lesson and the step."""
        return f"{self.lesson.name}.{self.step + 1}"

    @property
    def set_up_before(self) -> Mapping[str, str]:
        """What a step without a set-up of its own finds, for somebody who begins with it."""
        earlier = self.lesson.steps[: self.step]
        page = self.now.page
        return next((s.set_up for s in reversed(earlier) if s.page == page and s.set_up), {})

    def ask(self, question: Question) -> Asked:
        """The step's `question` with this learner's numbers. Raises ValueError as
        `Question.asked`."""
        return question.asked(self.seed + self.step, facts())


def current() -> Played | None:
    """What this session plays; None while it plays none."""
    return st.session_state.get(PLAYED)


def language() -> str:
    """The language of this session's lessons: the browser's, where there are lessons in it."""
    return st.session_state.get(LANGUAGE) or language_of(st.context.locale)


def begin(name: str, step: int = 0, *, by_address: bool = False) -> None:
    """Play that lesson from that step on; the session begins with it where it is `by_address`.

    Raises KeyError where there is none of that name, ValueError as `course`.
    """
    lesson = course(language())[name]
    played = current()
    before = played.before if played else replace(_before(), is_of_an_address=by_address)
    step = min(max(step, 0), len(lesson.steps) - 1)
    st.session_state[PLAYED] = Played(lesson, step, secrets.randbelow(2**31), before)
    st.session_state[TO] = _FRESH


def move(way: str) -> None:
    """One step back or on, or out of the lesson; past its last step it has been played."""
    played = current()
    if played is None:
        return
    step = played.step + {"back": -1, "next": 1}.get(way, 0)
    if way == "leave" or step >= len(played.lesson.steps):
        if way != "leave":
            st.session_state.setdefault(_DONE, set()).add(played.lesson.name)
        leave()
    elif step >= 0:
        st.session_state[PLAYED] = replace(played, step=step)
        st.session_state[TO] = _ON


def had(texts: Mapping[str, str]) -> None:
    """Give this back at the end, which the browser has kept since before a reload."""
    played = current()
    if played is not None and played.before.is_of_an_address:
        linked = {name: text for name, text in texts.items() if name in addresses.SESSION.rows}
        before = Before(HOME, {}, linked, texts)
        st.session_state[PLAYED] = replace(played, before=before)


def leave() -> None:
    """Give back what there was before the lesson."""
    played = current()
    if played is not None:
        del st.session_state[PLAYED]
        st.session_state[TO] = played.before


def answer(given: float | list[int]) -> None:
    """Keep what was answered at this step, if it can be an answer there: it came from a browser,
    and may have been meant for another step."""
    played = current()
    if played is None or not isinstance(step := played.now, Question):
        return
    try:
        fits = played.ask(step).may_be(given)
    except ValueError:  # what is on the page now leaves nothing to ask: the strip says so
        return
    if fits:
        answers = {**played.answers, played.step: given}
        st.session_state[PLAYED] = replace(played, answers=answers)


def taken_as_played() -> frozenset[str]:
    """The names of the lessons that this session has played to the end since it was last asked."""
    return frozenset(st.session_state.pop(_DONE, ()))


def facts() -> dict[str, Any]:
    """What the pages have told so far."""
    return st.session_state.setdefault(_FACTS, starts())


def follow() -> None:
    """Set up what the lesson goes to next, and go there; call before a page runs."""
    to = st.session_state.pop(TO, None)
    if to is None:
        return
    if isinstance(to, Before):
        _give_back(to)
        _go(to.page)
    elif (played := current()) is not None:
        step = played.now
        page = step.page or _here()
        set_up = step.set_up or (played.set_up_before if to == _FRESH else {})
        if set_up:
            _set_up(page, set_up)
        _go(page)


def set_ups() -> int:
    """How often a step of this session has set up its page."""
    return st.session_state.get(_SET_UPS, 0)


def pending() -> bool:
    """Whether the lesson is about to go on."""
    return TO in st.session_state


def _here() -> str:
    return st.session_state.get("page_path", HOME)


def _go(page: str) -> None:
    if page != _here():
        # Not without parameters: that would stop at those that a widget is bound to.
        st.switch_page(f"pages/{page}.py", query_params={})


def _set_up(page: str, texts: Mapping[str, str]) -> None:
    """Have `page` begin as a link with these parameters would; its note tells what of them can't
    be.

    Its widgets get their values from the session: an address that a widget is bound to can't be
    written while it is.
    """
    facts().update(starts())
    st.session_state.pop(PIN, None)
    st.session_state[_SET_UPS] = set_ups() + 1
    # Where a hand came to rest; what widgets are bound to is set by them.
    st.query_params.pop("at", None)
    table, every = addresses.TABLES[page], addresses.SESSION
    forget(table)
    refused = settings.put(table, texts)
    if session := {name: text for name, text in texts.items() if name in every.rows}:
        if "centre" in session:
            st.session_state["draw_centre"] = session["centre"] == "true"
        refused |= linked.begin_with(session)
    # Those are of the link that the session began with.
    st.session_state.pop(f"{every.page}_refused", None)
    for name, reason in refused.items():
        link.refuse(table.page, name, reason)


def forget(table: Table) -> None:
    """Take away what the session keeps of the settings in that table."""
    for key in _keys(table):
        st.session_state.pop(key, None)


def _keys(table: Table) -> list[str]:
    page = table.page
    fixed = {f"{page}_{name}" for name in ("asked", "refused", "note", "first", "good", "position")}
    named = {
        *table.rows,
        *(f"{page}_{name}" for name in table.rows),
        *(f"{name}_{more}" for name in table.rows for more in _BESIDE),
    }
    fields = {f"{page}_{name}_field" for name in table.rows}
    kernels = {key for key in map(str, st.session_state) if key.startswith(f"{page}_kernel")}
    return sorted(fixed | named | fields | kernels | {*table.beside})


def _before() -> Before:
    kept = {
        key: st.session_state[key]
        for table in addresses.TABLES.values()
        for key in _keys(table)
        if key in st.session_state
    }
    drawn: Drawn | None = st.session_state.get("current_drawing")
    entries = {name: text for name, text in linked.page().entries.items() if text is not None}
    if drawn is not None:
        kept["current_drawing"] = drawn
    return Before(_here(), kept, entries, {**entries, **settings.texts()})


def _give_back(before: Before) -> None:
    for table in addresses.TABLES.values():
        forget(table)
    st.session_state.pop("draw_centre", None)
    linked.begin_with(before.linked or {"sample": str(linked.FIRST_DIGIT)})
    if not before.settings:  # since the page was reloaded
        settings.begin_with(before.texts)
    for key, value in before.settings.items():
        st.session_state[key] = value
