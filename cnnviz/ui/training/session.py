"""Which run this session looks at, and what pages need of its folder, read once."""

import contextlib
import itertools
import threading
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import streamlit as st
from torch import Tensor

from cnnviz.networks import checkpoints
from cnnviz.networks.architecture import normalisation_of
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.models import FullyConnected, SimpleCNN
from cnnviz.runs import folders, history, locks, owned, pruning, queue
from cnnviz.runs.folders import RunError
from cnnviz.runs.history import BrokenRun, Reader, Run, Status
from cnnviz.training.config import TrainingConfig
from cnnviz.ui import person
from cnnviz.ui.linked import RUN
from cnnviz.ui.model import current_model, use_model
from cnnviz.views.film import Frame, frame_of

_READER, _HOLD, _READERS, _USED, _TITLE, _FOR = (
    "training_reader",
    "training_hold",
    "training_readers",
    "training_used",
    "training_title",
    "training_for",
)
PROBLEM = "training_problem"
SETTLES = 0.45
"""Seconds that a click waits for what it asked of the worker, so as to show it at once."""


def current() -> Run | BrokenRun | None:
    """The run this session looks at: chosen, or in the URL it came with, or the newest of one's
    own, or the newest of nobody's.

    None when there is none of these. What the URL says later isn't asked: a fragment that runs by
    itself still sends the one of before a click.
    """
    if st.session_state.get(_FOR) not in (None, person.current().digest):
        _look_at_none()  # it was the newest of somebody whom the browser hadn't named yet
    name = st.session_state.get(RUN) or st.query_params.get("run")
    reader = st.session_state.get(_READER)
    if reader is None or reader.folder.name != name or not reader.folder.is_dir():
        if reader is not None and reader.folder.name == name:
            _say_that_it_is_gone()
            name = None
        folder = _folder(name)
        if folder is None:
            return None
        if folder.name != name:
            st.session_state[_FOR] = person.current().digest
        reader = st.session_state[_READER] = Reader(folder)
        # Looked at: it isn't deleted to make room.
        with contextlib.suppress(OSError):
            st.session_state[_HOLD] = locks.use(folder)
    # The session keeps the name too: a visit to another page empties the address. A click may have
    # chosen another run since the first line; that choice stays.
    if st.session_state.get(RUN, name) == name:
        st.session_state[RUN] = reader.folder.name
    if st.query_params.get("run") != reader.folder.name:
        st.query_params["run"] = reader.folder.name
    found = history.inspect(reader.folder, reader)
    st.session_state[_TITLE] = found.about.title
    return found


def _say_that_it_is_gone() -> None:
    """The run in view is there no more, and another is to come in its place."""
    title = st.session_state.get(_TITLE, "in view")
    _look_at_none()
    st.session_state[PROBLEM] = f"The run {title} was deleted meanwhile."


def _look_at_none() -> None:
    for key in (_READER, _HOLD, RUN, _FOR):
        st.session_state.pop(key, None)
    st.query_params.pop("run", None)


def choose(name: str) -> None:
    """Look at the run called `name` from now on."""
    for key in (_READER, _HOLD, _FOR):
        st.session_state.pop(key, None)
    st.session_state[RUN] = name


def _folder(name: str | None) -> Path | None:
    if name is not None:
        try:
            return folders.find(name)
        except RunError as error:
            st.session_state[PROBLEM] = str(error)
    for newest in (*mine(), *nobodys()):
        with contextlib.suppress(RunError):
            return folders.find(newest)
    return None


def mine() -> list[str]:
    """The names of one's own runs, newest first."""
    me = person.current()
    return [name for name in folders.names() if me.owns(_owner(name))]


def nobodys() -> list[str]:
    """The names of the runs that belong to nobody, newest first."""
    return [name for name in folders.names() if _owner(name) is None]


def _owner(name: str) -> str | None:
    return folders.about(folders.root() / name).owner


def may_change(folder: Path) -> bool:
    """Whether this session's person may do more than look on."""
    return owned.may_change(folder, person.current())


def readable() -> list[Run]:
    """Every run that can be read, newest first; of each only what is new to this session is."""
    known = st.session_state.get(_READERS, {})
    # Only of runs that are still there: a deleted one's events would stay in memory.
    readers = {name: known.get(name) or Reader(folders.root() / name) for name in folders.names()}
    st.session_state[_READERS] = readers
    found = (history.inspect(reader.folder, reader) for reader in readers.values())
    return [run for run in found if isinstance(run, Run)]


def start(config: TrainingConfig) -> str | None:
    """Put a new run in the queue and look at it; its name, or None where there is a problem."""
    with problems_on_page():
        pruning.limits()  # a wrong setting is told before anything has begun
        title = _title(config.preset)
        folder = owned.start(queue.server_queue(), config, title, person.current())
        choose(folder.name)
        pruning.prune()
        return folder.name
    return None


def _title(preset: str) -> str:
    """The preset's name, numbered from the second run on: two of one name would be mixed up."""
    taken = {folders.about(folders.root() / name).title for name in folders.names()}
    numbered = (f"{preset} {number}" for number in itertools.count(2))
    return next(title for title in itertools.chain([preset], numbered) if title not in taken)


def resume(folder: Path, epochs: int | None = None) -> None:
    """Put it back in the queue, to have `epochs` in all where these are given."""
    with problems_on_page():
        owned.resume(queue.server_queue(), folder, person.current(), epochs)


def stop(folder: Path) -> None:
    with problems_on_page():
        owned.stop(queue.server_queue(), folder, person.current())
        _settle(folder, "stopped", "finished", "failed")


def pause(folder: Path) -> None:
    with problems_on_page():
        owned.pause(folder, person.current())
        _settle(folder, "paused", "finished", "failed")


def go_on(folder: Path) -> None:
    with problems_on_page():
        owned.go_on(queue.server_queue(), folder, person.current())
        _settle(folder, "running", "finished", "failed")


def _settle(folder: Path, *wanted: Status) -> None:
    """Wait until the run has become one of `wanted`, but not for ever: the page looks again."""
    reader = Reader(folder)
    deadline = time.monotonic() + SETTLES
    while history.status(folder, reader) not in wanted and time.monotonic() < deadline:
        time.sleep(0.01)


def change(folder: Path, **settings: object) -> None:
    with problems_on_page():
        owned.change(folder, person.current(), **settings)


def pin(folder: Path, pinned: bool) -> None:
    with problems_on_page():
        owned.pin(folder, person.current(), pinned)


def rename(folder: Path, title: str) -> None:
    with problems_on_page():
        owned.rename(folder, person.current(), title)


def delete(folder: Path) -> None:
    with problems_on_page():
        owned.delete(folder, person.current())
        _look_at_none()


@lru_cache(maxsize=1)
def warm_worker() -> None:
    """Start the worker in the background, once a server: the page needn't wait for it."""
    threading.Thread(target=queue.server_queue().warm, daemon=True).start()


def snapshot(run: Run, step: int) -> Checkpoint:
    """The network at a snapshot's step.

    Raises ValueError when its file can't be used, or holds another network than the run's.
    """
    path = folders.snapshot_path(run.folder, step)
    try:
        changed = path.lstat().st_mtime_ns
        opened = _opened(run.folder, step, changed, f"{run.about.title} · step {step}")
    except OSError:
        raise RunError(f"the snapshot of step {step} is missing") from None
    if not _is_of(opened.model, run.config):
        raise RunError(f"the snapshot of step {step} holds another network than this run's")
    return opened


def _is_of(model: SimpleCNN | FullyConnected, config: TrainingConfig) -> bool:
    if isinstance(model, SimpleCNN):
        return config.model != "FullyConnected" and model.architecture == config.architecture
    images = config.images
    first = normalisation_of(images.frame)
    wanted = (config.hidden, images.shape, len(images.classes), first)
    is_it = (model.hidden, model.picture, model.classes, model.normalisation) == wanted
    return config.model == "FullyConnected" and is_it


@lru_cache(maxsize=512)
def _opened(folder: Path, step: int, _changed: int, name: str) -> Checkpoint:
    return checkpoints.load_safetensors(folders.read_snapshot(folder, step), name)


def use(run: Run, step: int) -> None:
    """Make the snapshot the network in use on every page."""
    with problems_on_page():
        checkpoint = snapshot(run, step)
        use_model(checkpoint)
        used = st.session_state.get(_USED, {})
        st.session_state[_USED] = {**used, checkpoint.name: (run.name, step)}


def in_use() -> tuple[str, int] | None:
    """Name and step of the run whose snapshot is the network in use on every page, if one is."""
    return st.session_state.get(_USED, {}).get(current_model().name)


def frames(run: Run, image: Tensor) -> list[Frame]:
    """The filmstrip: each readable snapshot, and what it reads in `image` (1, C, H, W)."""
    made = []
    for row in run.events.snapshots:
        with contextlib.suppress(ValueError):
            made.append(frame_of(snapshot(run, row.step), row, image))
    return made


def changes(run: Run, step: int) -> tuple[int, dict[str, float]] | None:
    """How far each layer's weights moved since the snapshot before `step`'s, and that one's step.

    A distance is the norm of the difference over the norm before; from nothing but zeros there
    is none. None where there is no snapshot before, or either can't be used.
    """
    steps = [row.step for row in run.events.snapshots if row.step <= step]
    if len(steps) < 2:
        return None
    try:
        before, after = (snapshot(run, s).model.state_dict() for s in steps[-2:])
    except ValueError:
        return None
    return steps[-2], {
        name.removesuffix(".weight"): float((after[name] - weight).norm() / weight.norm())
        for name, weight in before.items()
        if name.endswith(".weight") and weight.any()
    }


@contextlib.contextmanager
def problems_on_page() -> Iterator[None]:
    """What goes wrong becomes a message on the page."""
    st.session_state.pop(PROBLEM, None)
    try:
        yield
    except (ValueError, OSError) as error:
        st.session_state[PROBLEM] = str(error)
