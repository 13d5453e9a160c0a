"""Read a run's folder back, as a whole or as it grows; whatever isn't an event is passed over."""

import contextlib
import json
import math
import os
from array import array
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cnnviz.runs import folder as runs
from cnnviz.runs.folder import RunError, Status
from cnnviz.training.config import TrainingConfig

MAX_EVENTS = 200_000_000
"""Bytes; a thousand times a run's own."""


@dataclass(frozen=True)
class EpochRow:
    """What `cnnviz.training.Epoch` told, read back."""

    epoch: int
    step: int
    loss_sum: float
    loss_mean: float
    test_accuracy: float
    seconds: float
    samples_per_second: float


@dataclass(frozen=True)
class SnapshotRow:
    """A snapshot that is on disk; `test_accuracy` (0-1) over `tested` test images."""

    step: int
    epoch: int
    test_accuracy: float
    tested: int


@dataclass(frozen=True)
class ChangeRow:
    """A setting changed in mid-run, from the step after `step` on."""

    step: int
    setting: str
    old: float
    new: float


@dataclass
class Events:
    """What has happened in a run so far.

    `steps`, `losses`, `learning_rates` and `seconds` (of training within the epoch) are one entry
    a step, in order. `revision` grows with each event.
    """

    steps: array = field(default_factory=lambda: array("q"))
    losses: array = field(default_factory=lambda: array("d"))
    learning_rates: array = field(default_factory=lambda: array("d"))
    seconds: array = field(default_factory=lambda: array("d"))
    epochs: list[EpochRow] = field(default_factory=list)
    snapshots: list[SnapshotRow] = field(default_factory=list)
    changes: list[ChangeRow] = field(default_factory=list)
    ending: str | None = None
    reason: str | None = None
    test_accuracy: float | None = None
    paused: bool = False
    waiting: bool = False
    revision: int = 0

    @property
    def last_step(self) -> int:
        return self.steps[-1] if self.steps else 0

    def add(self, line: dict[str, Any]) -> None:
        """Take in one event. Raises KeyError, TypeError or ValueError when it isn't one."""
        kind, step = line["event"], _whole(line["step"])
        if kind == "step":
            if self.steps and step <= self.steps[-1]:
                raise ValueError("steps go forward")
            row = tuple(_number(line[name]) for name in ("loss", "learning_rate", "seconds"))
            self.steps.append(step)
            self.losses.append(row[0])
            self.learning_rates.append(row[1])
            self.seconds.append(row[2])
        elif kind == "epoch":
            self.epochs.append(
                EpochRow(
                    epoch=_whole(line["epoch"]),
                    step=step,
                    loss_sum=_number(line["loss_sum"]),
                    loss_mean=_number(line["loss_mean"]),
                    test_accuracy=_share(line["test_accuracy"]),
                    seconds=_number(line["seconds"]),
                    samples_per_second=_number(line["samples_per_second"]),
                )
            )
        elif kind == "snapshot":
            row = SnapshotRow(
                step,
                _whole(line["epoch"]),
                _share(line["test_accuracy"]),
                _whole(line["tested"]),
            )
            self.snapshots = [s for s in self.snapshots if s.step < step] + [row]
        elif kind == "change":
            setting = line["setting"]
            if setting not in ("learning_rate", "batch_size"):
                raise ValueError(setting)
            self.changes.append(
                ChangeRow(step, setting, _number(line["old"]), _number(line["new"]))
            )
        elif kind == "started":
            self._go_back_to(step)
            self.waiting = False
        elif kind == "queued":
            self.ending = self.reason = None
            self.waiting = True
        elif kind in ("paused", "continued"):
            self.paused = kind == "paused"
        elif kind in ("stopped", "finished", "failed"):
            self.ending = kind
            self.paused = self.waiting = False
            if kind == "failed":
                self.reason = str(line["reason"])[:1000]
            if kind == "finished":
                self.test_accuracy = _share(line["test_accuracy"])
        else:
            raise ValueError(kind)
        self.revision += 1

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
        self.paused = False


class Reader:
    """The events of a run, taken in as they are written: `update` reads only what is new."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events = Events()
        self._offset = 0
        self._file: int | None = None

    def update(self) -> Events:
        path = self.folder / runs.EVENTS
        with contextlib.suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(descriptor, "rb") as file:
                status = os.fstat(file.fileno())
                if status.st_size > MAX_EVENTS:
                    raise RunError(f"the events of run {self.folder.name} are too many to be real")
                if status.st_size < self._offset or status.st_ino != self._file:
                    # Another file than the one read until now.
                    self.events, self._offset = Events(revision=self.events.revision + 1), 0
                    self._file = status.st_ino
                file.seek(self._offset)
                new = file.read()
            whole = new[: new.rfind(b"\n") + 1]
            self._offset += len(whole)
            for line in whole.splitlines():
                # What can't be read was torn, or is another's: the events around it still count.
                with contextlib.suppress(
                    KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError
                ):
                    self.events.add(json.loads(line))
        return self.events


@dataclass(frozen=True)
class Run:
    """One look at a run. `problem` says why it can't be used, with `config` None."""

    name: str
    folder: Path
    about: runs.About
    config: TrainingConfig | None
    events: Events
    status: Status
    problem: str | None = None

    @property
    def total_steps(self) -> int:
        """Steps of the whole run; a changed batch size makes it an estimate."""
        if self.config is None:
            return 0
        done = self.events.last_step
        remaining = self.config.epochs * self.config.samples - self.samples_done
        return done + max(0, math.ceil(remaining / self.batch_size))

    @property
    def batch_size(self) -> int:
        assert self.config is not None
        changed = [c.new for c in self.events.changes if c.setting == "batch_size"]
        return int(changed[-1]) if changed else self.config.batch_size

    @property
    def learning_rate(self) -> float:
        assert self.config is not None
        changed = [c.new for c in self.events.changes if c.setting == "learning_rate"]
        return changed[-1] if changed else self.config.learning_rate

    @property
    def samples_done(self) -> int:
        """Images trained on so far, an image of two epochs counted twice."""
        assert self.config is not None
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
        """Of the latest stretch of training, up to two hundred steps of one epoch."""
        seconds = self.events.seconds
        last = len(seconds) - 1
        first = max(0, last - 200)
        while first < last and seconds[first] > seconds[last]:
            first += 1
        spent = seconds[last] - seconds[first] if last > first else 0.0
        return (last - first) * self.batch_size / spent if spent > 0 else None


def read(folder: Path, reader: Reader | None = None) -> Run:
    """The run in `folder` as it is now; with a `reader`, only what is new is read."""
    events = (reader or Reader(folder)).update()
    settings = problem = None
    try:
        settings = runs.config(folder)
    except RunError as error:
        problem = str(error)
    return Run(
        folder.name, folder, runs.about(folder), settings, events, _status(folder, events), problem
    )


def read_all(root: Path | None = None) -> list[Run]:
    """Every run, newest first."""
    root = root or runs.root()
    return [read(root / name) for name in runs.names(root)]


def ahead_of(run: Run, all_runs: list[Run]) -> list[Run]:
    """The runs that a queued run waits for, the next to end first."""
    since = runs.queued_since(run.folder)
    before = [
        other
        for other in all_runs
        if other.name != run.name
        and (
            other.status in ("running", "paused")
            or (other.status == "queued" and runs.queued_since(other.folder) < since)
        )
    ]
    return sorted(before, key=lambda r: (r.status == "queued", runs.queued_since(r.folder)))


def _status(folder: Path, events: Events) -> Status:
    if runs.is_training(folder):
        return "paused" if events.paused else "running"
    if events.ending in ("stopped", "finished", "failed"):
        return events.ending  # type: ignore[return-value]
    return "queued" if events.waiting and runs.is_queued(folder) else "interrupted"


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**9:
        raise ValueError(value)
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(value)
    return float(value)


def _share(value: Any) -> float:
    if not 0 <= _number(value) <= 1:
        raise ValueError(value)
    return float(value)
