"""The lesson that a session works on: kept on this machine at each step, and what came of it."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import streamlit as st

from cnnviz.datasets import own
from cnnviz.datasets.stored import Unavailable
from cnnviz.runs import folders, history
from cnnviz.runs.folders import RunError
from cnnviz.runs.history import Reader, Run
from cnnviz.teaching import shelf
from cnnviz.teaching.course import Choices, course, settings, with_scribbles
from cnnviz.teaching.files import Kept, Taught
from cnnviz.teaching.lesson import SIDE, Drawing, Lesson, Taken, begun
from cnnviz.teaching.shelf import ChangedElsewhereError, Stamp, Traces
from cnnviz.training.testing import Readings
from cnnviz.ui import person
from cnnviz.ui.training import session

_DESK, _ADDRESS = "teach_desk", "lesson"
_APART = (
    "These drawings were changed or deleted in another tab. What is here is now a set of its own, "
    "with its own address."
)


@dataclass(frozen=True)
class Tested:
    """What the network of `taught` reads, as `read`, in the `drawings` of `lesson` that were held
    back for the test and are still there; None where there are none."""

    lesson: Lesson
    taught: Taught
    drawings: list[Drawing]
    read: Readings | None


@dataclass
class Desk:
    """`name` is the lesson's file; `kept` what is in it. `taken` is what was taken out of it, the
    last at the end. `stamp` is that of the file as this session knows it. `step` is that of the
    snapshot of the run in `traces` that is in `kept`. `tested` is what `Tested` says of `kept`."""

    name: str
    kept: Kept
    traces: Traces = field(default_factory=Traces)
    taken: tuple[Taken, ...] = ()
    problem: str | None = None
    stamp: Stamp = None
    reader: Reader | None = None
    step: int | None = None
    tested: Tested | None = None

    @property
    def lesson(self) -> Lesson:
        return self.kept.lesson


def current() -> Desk:
    """The session's: that of its address, or a new one."""
    desk = st.session_state.get(_DESK)
    if desk is None:
        desk = st.session_state[_DESK] = _opened(st.query_params.get(_ADDRESS))
    if desk.lesson.drawings and st.query_params.get(_ADDRESS) != desk.name:
        st.query_params[_ADDRESS] = desk.name
    _take_network(desk)
    return desk


def counted_here() -> Lesson | None:
    """The session's lesson, where it has been to Teach; no address changes."""
    desk = st.session_state.get(_DESK)
    return None if desk is None else desk.lesson


def change(step: Callable[[Lesson], Lesson]) -> None:
    """Go on with what `step` makes of the lesson; where that can't be, it says why, and stays."""
    desk = _desk()
    with problems_on_page(desk):
        desk.kept = replace(desk.kept, lesson=step(desk.lesson))
        _save(desk)


def take_out(symbol: int) -> None:
    """A symbol with its drawings; `bring_back` undoes it."""
    desk = _desk()
    if not (before := desk.lesson).has(symbol):
        return
    change(lambda lesson: lesson.without(symbol))
    if desk.lesson is not before:
        desk.taken = (*desk.taken, before.taken(symbol))


def bring_back() -> None:
    """What was taken out last, into the lesson as it is now."""
    desk = _desk()
    if not desk.taken:
        return
    before, taken = desk.lesson, desk.taken[-1]
    change(lambda lesson: lesson.with_back(taken))
    if desk.lesson is not before:
        desk.taken = desk.taken[:-1]


def choose(choices: Choices) -> None:
    desk = _desk()
    if choices != desk.kept.choices:
        desk.kept = replace(desk.kept, choices=choices)
        with problems_on_page(desk):
            _save(desk)


def train() -> None:
    """Have the lesson trained: its drawings as they are now, in a run like any other."""
    desk = _desk()
    with problems_on_page(desk):
        lesson = with_scribbles(desk.lesson.tidied())
        plan = course(lesson, person.current().digest)
        name = own.save(plan.collection)
        desk.kept = replace(desk.kept, lesson=lesson)
        desk.taken = ()
        kept = dict.fromkeys((*desk.traces.collections, name))
        desk.traces = Traces(tuple(kept), desk.traces.run)
        _save(desk)
        begun = session.start(settings(plan, desk.kept.choices))
        if begun is None:
            raise ValueError(st.session_state[session.PROBLEM])
        desk.traces = Traces(tuple(kept), begun, dict(plan.labels), plan.held)
        desk.reader = desk.step = None
        _save(desk)  # so that a page opened later takes the network


def run(desk: Desk) -> Run | None:
    """The last run of the lesson, as far as it is; None where there is none that can be read."""
    if desk.traces.run is None:
        return None
    if desk.reader is None or desk.reader.folder.name != desk.traces.run:
        with contextlib.suppress(RunError):
            desk.reader = Reader(folders.find(desk.traces.run))
    if desk.reader is None or not desk.reader.folder.is_dir():
        return None
    found = history.inspect(desk.reader.folder, desk.reader)
    return found if isinstance(found, Run) else None


def open_file(kept: Kept) -> None:
    """Go on with what was in a file, as another lesson."""
    st.session_state[_DESK] = desk = Desk(shelf.new_name(), kept)
    with problems_on_page(desk):
        _save(desk)


def delete() -> None:
    """All drawings of the lesson, for good; an empty one takes its place."""
    desk = _desk()
    with problems_on_page(desk):
        shelf.delete(desk.name, desk.traces)
        st.session_state[_DESK] = Desk(shelf.new_name(), Kept(begun()))
        st.query_params.pop(_ADDRESS, None)


@contextlib.contextmanager
def problems_on_page(desk: Desk) -> Iterator[None]:
    """What goes wrong becomes a message on the page."""
    desk.problem = None
    try:
        yield
    except (ValueError, Unavailable, OSError) as error:
        desk.problem = str(error)


def _desk() -> Desk:
    return st.session_state[_DESK]


def _opened(name: str | None) -> Desk:
    if name is None:
        return Desk(shelf.new_name(), Kept(begun()))
    try:
        # First: what is saved in between counts as a change.
        stamp = shelf.stamp(name)
        kept = shelf.load(name)
    except ValueError as error:
        st.query_params.pop(_ADDRESS, None)
        return Desk(shelf.new_name(), Kept(begun()), problem=str(error))
    return Desk(name, kept, shelf.traces(name), stamp=stamp)


def _save(desk: Desk) -> None:
    """Where another page has saved the lesson since, neither overwrites the other."""
    try:
        desk.stamp = shelf.save(desk.name, desk.kept, desk.traces, desk.stamp)
    except ChangedElsewhereError:
        desk.name = shelf.new_name()
        desk.stamp = shelf.save(desk.name, desk.kept, desk.traces, None)
        desk.problem = _APART


def _take_network(desk: Desk) -> None:
    """What the run has made of it so far, until all of it is kept."""
    labels, held = desk.traces.labels, desk.traces.held
    if not labels or (made := run(desk)) is None or not made.events.snapshots:
        return
    step = made.events.snapshots[-1].step
    if step != desk.step:
        try:
            network = session.snapshot(made, step)
        except ValueError:
            return  # it is being written, or pruned: the one of before stays
        model = network.model
        if model.picture != (1, SIDE, SIDE) or max(labels.values()) >= model.classes:
            return  # another run of that name, from elsewhere
        desk.step = step
        desk.kept = replace(desk.kept, taught=Taught(network, labels, held))
    if made.events.ending is not None:
        desk.traces = Traces(desk.traces.collections, desk.traces.run)
        if shelf.stamp(desk.name) != desk.stamp:
            return  # another page of this lesson was first
        with problems_on_page(desk):
            _save(desk)
