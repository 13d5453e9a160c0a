"""Read a run's folder back, as a whole or as it grows; whatever isn't an event is passed over."""

import contextlib
import os
from array import array
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cnnviz import plain_files
from cnnviz.runs import folders, locks
from cnnviz.runs.folders import About, RunError
from cnnviz.training.config import TrainingConfig
from cnnviz.training.events import (
    Change,
    Continued,
    Epoch,
    Failed,
    Finished,
    Paused,
    Queued,
    Snapshot,
    Started,
    Step,
    Stopped,
    Told,
    from_line,
)

Ending = Literal["stopped", "finished", "failed"]
Status = Literal["queued", "running", "paused", "interrupted"] | Ending

MAX_EVENTS = 1_000_000_000
"""Bytes. The longest run that the settings allow has 6 million steps; of these 240,000 are written,
30 MB. Before not all were, it would have had 700 MB.
"""

_CHUNK = 1_000_000
"""Bytes that are read at a time. A line of ours has about 120."""


def is_kept(step: int) -> bool:
    """Whether a step's loss is written and read back: the numbers of five digits, then zeros.

    That is every step up to 100,000, then one in ten, and one in a hundred from a million on. A
    curve has a logarithmic axis and 600 points; an epoch's sum counts all of its steps.
    """
    return step % 10 ** max(0, len(str(step)) - 5) == 0


@dataclass
class Events:
    """What has happened in a run so far.

    `steps`, `losses`, `learning_rates` and `seconds` (of training within the epoch) are one entry
    a step that `is_kept`, in order; `last_step` is the last that is told of, kept or not.
    `revision` grows with each event.
    """

    steps: array = field(default_factory=lambda: array("q"))
    losses: array = field(default_factory=lambda: array("d"))
    learning_rates: array = field(default_factory=lambda: array("d"))
    seconds: array = field(default_factory=lambda: array("d"))
    epochs: list[Epoch] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    ending: Ending | None = None
    reason: str | None = None
    test_accuracy: float | None = None
    paused: bool = False
    waiting: bool = False
    last_step: int = 0
    revision: int = 0

    def add(self, event: Told) -> None:
        """Take in one event. Raises ValueError for a step that comes after a later one."""
        match event:
            case Step():
                self._add_step(event)
            case Epoch():
                self.epochs.append(event)
            case Snapshot():
                self.snapshots = [s for s in self.snapshots if s.step < event.step] + [event]
            case Change():
                self.changes.append(event)
            case Queued():
                self.ending = self.reason = None
                self.paused, self.waiting = False, True
            case Started():
                self._go_back_to(event.step)
            case Paused() | Continued():
                self.paused = isinstance(event, Paused)
            case Stopped():
                self._end("stopped")
            case Finished():
                self._end("finished")
                self.test_accuracy = event.test_accuracy
            case Failed():
                self._end("failed")
                self.reason = event.reason
        self.last_step = max(self.last_step, event.step)
        self.revision += 1

    def _add_step(self, event: Step) -> None:
        last = self.steps[-1] if self.steps else 0
        if event.step <= last:
            raise ValueError(f"step {event.step} after step {last}")
        if is_kept(event.step):
            self.steps.append(event.step)
            self.losses.append(event.loss)
            self.learning_rates.append(event.learning_rate)
            self.seconds.append(event.seconds)

    def _end(self, ending: Ending) -> None:
        self.ending = ending
        self.paused = self.waiting = False

    def _go_back_to(self, step: int) -> None:
        """Training goes on from `step`: what a killed process did after it is done again."""
        kept = len(self.steps)
        while kept and self.steps[kept - 1] > step:
            kept -= 1
        for column in (self.steps, self.losses, self.learning_rates, self.seconds):
            del column[kept:]
        self.epochs = [row for row in self.epochs if row.step <= step]
        self.snapshots = [row for row in self.snapshots if row.step <= step]
        self.changes = [row for row in self.changes if row.step <= step]
        self.ending = self.reason = self.test_accuracy = None
        self.paused = self.waiting = False
        self.last_step = step


class Reader:
    """The events of a run, taken in as they are written: `update` reads only what is new."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events = Events()
        self._offset = 0
        self._file: int | None = None

    def update(self) -> Events:
        """Take in what is new. Raises RunError when the file is too large to be real."""
        path = self.folder / folders.EVENTS
        with contextlib.suppress(OSError), plain_files.open_plain(path) as file:
            status = os.fstat(file.fileno())
            if status.st_size > MAX_EVENTS:
                raise RunError(f"the events of run {self.folder.name} are too many to be real")
            if status.st_size < self._offset or status.st_ino != self._file:
                # Another file than the one read until now.
                self.events, self._offset = Events(revision=self.events.revision + 1), 0
                self._file = status.st_ino
            file.seek(self._offset)
            while chunk := file.read(_CHUNK):
                whole = chunk[: chunk.rfind(b"\n") + 1]
                if not whole and len(chunk) < _CHUNK:
                    break  # a line that is still being written
                self._offset += len(whole or chunk)
                file.seek(self._offset)
                for line in whole.splitlines():
                    # What can't be read was torn, or is another's: those around it still count.
                    with contextlib.suppress(ValueError):
                        self.events.add(from_line(line))
        return self.events


@dataclass(frozen=True)
class BrokenRun:
    """A folder that should be a run but can't be read as one; `problem` says why."""

    name: str
    folder: Path
    about: About
    problem: str


@dataclass(frozen=True)
class Run:
    """One look at a run."""

    name: str
    folder: Path
    about: About
    config: TrainingConfig
    events: Events
    status: Status

    @property
    def active(self) -> bool:
        """Whether it is trained, or may be at any moment: there is more to come."""
        return self.status in ("running", "queued", "paused")

    @property
    def left_waiting(self) -> bool:
        """Whether it was waiting for its turn when the process with the queue ended."""
        return self.status == "interrupted" and self.events.waiting

    @property
    def batch_size(self) -> int:
        changed = [c.new for c in self.events.changes if c.setting == "batch_size"]
        return max(1, int(changed[-1])) if changed else self.config.batch_size

    @property
    def learning_rate(self) -> float:
        changed = [c.new for c in self.events.changes if c.setting == "learning_rate"]
        return changed[-1] if changed else self.config.learning_rate

    @property
    def samples_done(self) -> int:
        """Images trained on so far, an image of two epochs counted twice."""
        epochs = self.events.epochs
        done, step = len(epochs) * self.config.samples, epochs[-1].step if epochs else 0
        size = self.config.batch_size
        marks = [c for c in self.events.changes if c.setting == "batch_size"]
        for mark in marks:
            if mark.step > step:
                done += (mark.step - step) * size
                step = mark.step
            size = int(mark.new)
        return done + max(0, self.events.last_step - step) * size

    @property
    def samples_per_second(self) -> float | None:
        """Of the latest stretch of training, up to two hundred kept steps of one epoch.

        Only the time of the steps counts, not that of tests, snapshots or a pause between them.
        """
        steps, seconds, epochs = self.events.steps, self.events.seconds, self.events.epochs
        last = len(seconds) - 1
        first = max(0, last - 200)
        while first < last and seconds[first] > seconds[last]:
            first += 1
        if last <= first:
            return None
        spent = seconds[last] - seconds[first]
        images = (steps[last] - steps[first]) * self.batch_size
        if epochs and epochs[-1].step == self.events.last_step:
            # The last batch of an epoch has what is left of it.
            images -= -self.config.samples % self.batch_size
        return images / spent if spent > 0 else None


def read(folder: Path, reader: Reader | None = None) -> Run:
    """The run in `folder` as it is now; with a `reader`, only what is new is read.

    Raises:
        RunError: when it can't be read.
    """
    config = folders.config(folder)
    events = (reader or Reader(folder)).update()
    return Run(folder.name, folder, folders.about(folder), config, events, _status(folder, events))


def inspect(folder: Path, reader: Reader | None = None) -> Run | BrokenRun:
    """The same of any folder of a run: one that can't be read says why."""
    try:
        return read(folder, reader)
    except RunError as error:
        return BrokenRun(folder.name, folder, folders.about(folder), str(error))


def read_all(root: Path | None = None) -> list[Run | BrokenRun]:
    """Every run, newest first."""
    root = root or folders.root()
    return [inspect(root / name) for name in folders.names(root)]


def status(folder: Path, reader: Reader | None = None) -> Status:
    """What becomes of the run in `folder`, whatever its settings are."""
    return _status(folder, (reader or Reader(folder)).update())


def _status(folder: Path, events: Events) -> Status:
    if locks.is_training(folder):
        return "paused" if events.paused else "running"
    if events.ending is not None:
        return events.ending
    if events.waiting:
        return "queued" if locks.is_queued(folder) else "interrupted"
    return "paused" if events.paused else "interrupted"
