"""What people do with runs: each may change their own, and look on at all others.

Whoever has the command line has the files, and may do everything: this is for people who come
through a page.
"""

import contextlib
import threading
from pathlib import Path

from cnnviz.people import NotYoursError, Person
from cnnviz.runs import control, folders, locks, pruning, turns
from cnnviz.runs.folders import RunError
from cnnviz.runs.queue import Queue
from cnnviz.training.config import TrainingConfig

MOST_EACH = 5
"""Runs that one person may have waiting at once."""

MOST_WAITING = 100
"""Runs that may wait at once, whosever they are."""

_asking = threading.Lock()


def may_change(folder: Path, person: Person) -> bool:
    return person.may_change(folders.about(folder).owner)


def start(queue: Queue, config: TrainingConfig, title: str, person: Person) -> Path:
    """The folder of a new run of this person's, which waits for its turn.

    Raises:
        RunError: when they have too many that wait, or it can't be put in the queue.
    """
    with _asking:
        _check_room(folders.root(), person.digest, person)
        folder = folders.create(config, title, owner=person.digest)
        try:
            queue.submit(folder)
        except (RunError, OSError):
            # Nobody has seen it, and it has nothing; where it waits after all, it can't be deleted.
            with contextlib.suppress(RunError, OSError):
                pruning.delete(folder)
            raise
        return folder


def resume(queue: Queue, folder: Path, person: Person, epochs: int | None = None) -> None:
    """Have it trained on, to `epochs` in all where these are given. Nobody's becomes theirs.

    Raises:
        NotYoursError: when it is somebody else's.
        RunError: as of `start`.
    """
    check(folder, person)
    with _asking:
        _check_room(folder.parent, folders.about(folder).owner or person.digest, person)
        queue.submit(folder, epochs)
        folders.claim(folder, person.digest)


def pause(folder: Path, person: Person) -> None:
    """Have it give up its turn, its state saved. Raises NotYoursError, as all below do."""
    check(folder, person)
    control.send(folder, wish="pause")


def go_on(queue: Queue, folder: Path, person: Person) -> None:
    """Have a paused run wait for its turn again."""
    check(folder, person)
    with _asking:
        if not locks.is_active(folder):
            _check_room(folder.parent, folders.about(folder).owner or person.digest, person)
        queue.go_on(folder)


def stop(queue: Queue, folder: Path, person: Person) -> None:
    check(folder, person)
    queue.stop(folder)


def change(folder: Path, person: Person, **settings: object) -> None:
    """Another learning rate or batch size from now on. Raises ValueError for one out of range."""
    check(folder, person)
    control.send(folder, **settings)


def rename(folder: Path, person: Person, title: str) -> None:
    check(folder, person)
    folders.rename(folder, title)


def pin(folder: Path, person: Person, pinned: bool) -> None:
    check(folder, person)
    folders.pin(folder, pinned)


def delete(folder: Path, person: Person) -> None:
    """Remove it for good. Raises RunError while it trains or waits to."""
    check(folder, person)
    pruning.delete(folder)


def check(folder: Path, person: Person) -> None:
    """Raises NotYoursError when the run is somebody else's."""
    if not may_change(folder, person):
        title = folders.about(folder).title
        raise NotYoursError(
            f"the run {title} was started in another browser: only whoever started it can change it"
        )


def _check_room(runs: Path, owner: str, person: Person) -> None:
    found = turns.waiting(runs)
    theirs = sum(run.owner == owner for run in found)
    if theirs >= MOST_EACH and not person.teacher:
        raise RunError(
            f"{theirs} of your runs wait for their turn already, and no more than {MOST_EACH} can: "
            "stop one of them, or wait until one has begun"
        )
    if len(found) >= MOST_WAITING:
        raise RunError(f"{len(found)} runs wait for their turn already; try again later")
