"""Whose turn it is to train: as many runs at once as there are workers, people one after another.

A turn is a lock on a file beside the runs, so that all servers with one folder of runs have one
queue, and a server that is killed gives its turns back. Beside the locks stands when each person
had their last turn.
"""

import contextlib
import fcntl
import os
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cnnviz import plain_files
from cnnviz.runs import folders, locks

FOLDER = ".turns"
MOST_TURNS = 64
"""Runs that train at once, however many workers there are."""

PATIENCE = 3.0
"""Seconds that another server may leave a free turn of its own unused."""

FORGOTTEN = 24 * 3600.0
"""Seconds after which it is of no account when somebody had a turn."""

_LONGEST_NAME = 200


@dataclass(frozen=True)
class Waiting:
    """A run that waits: `owner` is whose, "" where that is nobody's, `since` is in seconds."""

    name: str
    owner: str
    since: float


class Taker:
    """Takes the turns of the runs that wait at one server, beside those that wait at others."""

    def __init__(self) -> None:
        self._unused_since: dict[Path, float] = {}

    def take(self, mine: Collection[Path], places: int) -> tuple[Path, contextlib.ExitStack] | None:
        """A run of `mine` whose turn it is, one of `places`, with it; None where none has one."""
        for runs in {folder.parent for folder in mine}:
            if not is_free(runs, places):
                self._unused_since.clear()
                continue
            here = {folder.name: folder for folder in mine if folder.parent == runs}
            before: list[Path] = []
            for run in waiting(runs):
                if run.name in here:
                    if not self._pass_over(before):
                        break
                    turn = take(runs, run.name, places)
                    return None if turn is None else (here[run.name], turn)
                before.append(runs / run.name)
        return None

    def _pass_over(self, before: list[Path]) -> bool:
        """Whether those that have these runs in their queues left a turn unused for too long: as
        many of them as there are wait at the same time."""
        now, since = time.monotonic(), self._unused_since
        self._unused_since = {folder: since.get(folder, now) for folder in before}
        return all(now - first > PATIENCE for first in self._unused_since.values())


def take(runs: Path, name: str, places: int) -> contextlib.ExitStack | None:
    """One of `places` turns for the run called `name`, until the stack is closed; None if all are
    taken."""
    plain_files.make_folder(runs / FOLDER)
    for path in _locks(runs, places):
        with contextlib.ExitStack() as held:
            file = held.enter_context(plain_files.open_plain(path, os.O_RDWR | os.O_CREAT, "r+b"))
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            file.truncate()
            file.write(name.encode())
            file.flush()
            return held.pop_all()
    return None


def is_free(runs: Path, places: int) -> bool:
    """Whether one of `places` turns is."""
    return not all(map(locks.is_held, _locks(runs, places)))


def having(runs: Path) -> set[str]:
    """The names of the runs that have a turn now."""
    names = set()
    for path in (runs / FOLDER).glob("turn-*.lock"):
        with contextlib.suppress(OSError):
            if locks.is_held(path):
                names.add(plain_files.read(path, _LONGEST_NAME).decode(errors="replace"))
    return names


def note(runs: Path, owner: str) -> None:
    """This person has a turn now."""
    path = _last_turn(runs, owner)
    with contextlib.suppress(OSError):
        plain_files.make_folder(path.parent)
        for other in path.parent.glob("last-*"):
            with contextlib.suppress(OSError):
                if time.time() - other.lstat().st_mtime > FORGOTTEN:
                    other.unlink()
        plain_files.write(path, b"")


def last_turn(runs: Path, owner: str) -> float:
    """When this person's last turn began, in seconds since 1970; 0 if never."""
    try:
        return _last_turn(runs, owner).lstat().st_mtime
    except OSError:
        return 0.0


def waiting(runs: Path) -> list[Waiting]:
    """Every run that waits for its turn, whichever server has it in its queue; the next first."""
    begun = having(runs)
    found = []
    for name in folders.names(runs):
        folder = runs / name
        if name in begun or not locks.is_queued(folder):
            continue
        owner = folders.about(folder).owner or ""
        found.append(Waiting(name, owner, locks.queued_since(folder)))
    return in_order(found, {run.owner: last_turn(runs, run.owner) for run in found})


def in_order(found: Iterable[Waiting], last_turns: Mapping[str, float]) -> list[Waiting]:
    """A turn for each person in the circle, then the next for each; the next run first.

    In the circle stands first who has had no turn for the longest; whoever comes anew, or comes
    back, stands at its end.
    """
    of_person: defaultdict[str, list[Waiting]] = defaultdict(list)
    for run in sorted(found, key=lambda run: (run.since, run.name)):
        of_person[run.owner].append(run)
    since = {
        owner: max(last_turns.get(owner, 0.0), runs[0].since) for owner, runs in of_person.items()
    }
    order = []
    turn = max(since.values(), default=0.0)
    while of_person:
        owner = min(of_person, key=lambda owner: (since[owner], owner))
        order.append(of_person[owner].pop(0))
        turn += 1
        since[owner] = turn
        if not of_person[owner]:
            del of_person[owner]
    return order


def _locks(runs: Path, places: int) -> list[Path]:
    return [runs / FOLDER / f"turn-{place}.lock" for place in range(min(places, MOST_TURNS))]


def _last_turn(runs: Path, owner: str) -> Path:
    return runs / FOLDER / f"last-{owner or 'nobody'}"
