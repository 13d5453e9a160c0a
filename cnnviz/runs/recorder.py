"""Train a run in this process, writing what happens into its folder as it happens.

Every file but the events appears whole or not at all; the events grow by whole lines, and a line
that a crash has torn is cut off before the next is written. A snapshot is on disk before the
event that tells of it.
"""

import contextlib
import errno
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from enum import Enum, auto
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO

from safetensors.torch import save

from cnnviz.datasets.catalogue import DATASETS
from cnnviz.datasets.images import TrainingData
from cnnviz.runs import control, folders, locks, plain_files, states
from cnnviz.runs.folders import RunError
from cnnviz.runs.history import Reader
from cnnviz.training.config import TrainingConfig
from cnnviz.training.events import (
    Continued,
    Control,
    Epoch,
    Event,
    Failed,
    Finished,
    Paused,
    Saved,
    Snapshot,
    Started,
    State,
    Step,
    Stopped,
    Told,
    Wish,
    to_line,
)
from cnnviz.training.loop import train

SAVE_EVERY = 2.0
"""Seconds of training that a killed process may have to do again."""

FLUSH_EVERY = 0.1
"""Seconds that a step may wait to be seen; the first `FIRST_STEPS` wait for nothing."""

FIRST_STEPS = 20
LOOK_EVERY = 0.02
"""Seconds between two looks at what is wanted of the run."""

LOOK_EVERY_WHEN_PAUSED = 0.03
RESERVE = "reserve"
RESERVED_BYTES = 16_384

Watch = Callable[[Event], None]


def record(
    folder: Path,
    wishes: Control | None = None,
    watch: Watch | None = None,
    data: TrainingData | None = None,
    abandoned: Callable[[], bool] = lambda: False,
) -> None:
    """Train the run in `folder`, from its saved state if it has one, until it ends or is stopped.

    Pause, stop and changed settings are taken from the folder's `control.json`, besides from
    `wishes`. `abandoned` says that nobody is left to train for: the run then ends as one that was
    interrupted, with its state saved.

    Raises:
        RunError: when the run can't be trained; what it was is in its folder too.
    """
    with contextlib.ExitStack() as held:
        with _disk_problems_told(folder):
            held.enter_context(locks.training(folder))
        config = folders.config(folder)
        state = states.load(folder)
        with _Writer(folder, config, state, abandoned) as writer:
            try:
                listener = _Listener(folder, wishes or (lambda: None), abandoned, writer)
                for event in train(config, state, listener, data):
                    writer.write(event)
                    if watch is not None:
                        watch(event)
            except Exception as error:
                writer.fail(str(error))
                raise


def note(folder: Path, event_at: Callable[[int], Told]) -> None:
    """Write down an event of a run that isn't training; `event_at` makes it of the last step.

    Raises:
        RunError: when it trains after all, or its folder can't be written.
    """
    with _disk_problems_told(folder), locks.training(folder):
        event = event_at(Reader(folder).update().last_step)
        with _open_for_append(folder / folders.EVENTS) as file:
            file.write(to_line(event, time.time()))


def checkpoint_metadata(
    config: TrainingConfig, losses: list[float], accuracy: float | None, step: int
) -> dict[str, str]:
    """What a file of trained weights says about itself, besides the weights."""
    architecture: dict[str, Any] = {"hidden": config.hidden}
    if config.model == "SimpleCNN":
        architecture = config.architecture.to_dict()
    metadata = {
        "model": config.model,
        "architecture": json.dumps(architecture),
        "recipe": config.to_json(),
        "losses": json.dumps(losses),
        "step": str(step),
        "date": datetime.now(UTC).date().isoformat(),
    }
    # Readers take "test_accuracy" for that on MNIST.
    if accuracy is not None and config.dataset == "mnist":
        metadata["test_accuracy"] = repr(accuracy)
    if config.shuffle_pixels is not None:
        metadata["shuffle_pixels"] = str(config.shuffle_pixels)
    return metadata | _versions()


@lru_cache(maxsize=1)
def _versions() -> dict[str, str]:
    # Reading these takes longer than writing a snapshot.
    found = {}
    for library in ("torch", "torchvision", "cnnviz"):
        with contextlib.suppress(PackageNotFoundError):
            found[library] = version(library)
    return found


class _Writer:
    """The run's folder as it fills; events are flushed ten times a second and when they matter.

    What the disk refuses becomes a RunError that says so.
    """

    def __init__(
        self,
        folder: Path,
        config: TrainingConfig,
        state: State | None,
        abandoned: Callable[[], bool],
    ) -> None:
        self.folder = folder
        self.config = config
        self.abandoned = abandoned
        self.step = state.step if state is not None else 0
        self.flushed = self.saved = time.monotonic()
        before = Reader(folder).update()
        self.losses = [row.loss_sum for row in before.epochs if row.step <= self.step]
        good = [row.step for row in before.snapshots if row.step <= self.step]
        self.last_good_step = good[-1] if good else None
        with _disk_problems_told(folder):
            self.file = _open_for_append(folder / folders.EVENTS)
            plain_files.make_folder(folder / folders.SNAPSHOTS)
            # Given back to a full disk, so that the run's end can still be written down.
            with contextlib.suppress(OSError):
                plain_files.write(folder / RESERVE, b"\0" * RESERVED_BYTES)
        self.tell(Started(self.step, config.threads))

    def __enter__(self) -> "_Writer":
        return self

    def __exit__(self, *_: object) -> None:
        # Nothing here may take the place of the error that ended the run.
        with contextlib.suppress(OSError):
            self.file.close()
        with contextlib.suppress(OSError):
            (self.folder / RESERVE).unlink(missing_ok=True)

    @property
    def wants_to_save(self) -> bool:
        return time.monotonic() - self.saved > SAVE_EVERY

    def write(self, event: Event) -> None:
        """Take in what training yields."""
        if isinstance(event, Step):
            with _disk_problems_told(self.folder):
                self._write_step(event)
        elif isinstance(event, Saved):
            with _disk_problems_told(self.folder):
                self._write_state(event)
        else:
            if isinstance(event, Epoch):
                self.losses.append(event.loss_sum)
            self.tell(event)

    def tell(self, event: Told) -> None:
        """An event, where it can be seen at once."""
        with _disk_problems_told(self.folder):
            self.file.write(to_line(event, time.time()))
            self.flush()

    def flush(self) -> None:
        self.file.flush()
        self.flushed = time.monotonic()

    def fail(self, reason: str) -> None:
        """The run's last event, written even where the disk is full: the reserve makes room."""
        with contextlib.suppress(OSError):
            self.file.close()
        with contextlib.suppress(OSError):
            (self.folder / RESERVE).unlink(missing_ok=True)
        # A folder that can't be written at all keeps no reason; whoever asked is still told it.
        with contextlib.suppress(OSError, RunError):
            # Opened anew: that cuts off a line which the disk took half of.
            self.file = _open_for_append(self.folder / folders.EVENTS)
            self.tell(Failed(self.step, reason, self.last_good_step))

    def _write_step(self, event: Step) -> None:
        self.step = event.step
        self.file.write(to_line(event))
        if event.step <= FIRST_STEPS or time.monotonic() - self.flushed > FLUSH_EVERY:
            self.flush()

    def _write_state(self, saved: Saved) -> None:
        event = saved.event
        if isinstance(event, Snapshot):
            self._write_snapshot(event, saved.state)
            self.tell(event)
        self._save(saved.state)
        # Nobody has stopped a run whose server is gone: that one was interrupted.
        if isinstance(event, Finished) or (isinstance(event, Stopped) and not self.abandoned()):
            self.tell(event)

    def _write_snapshot(self, event: Snapshot, state: State) -> None:
        self._check_folder()
        whole = event.tested == DATASETS[self.config.dataset].test
        metadata = checkpoint_metadata(
            self.config, self.losses, event.test_accuracy if whole else None, event.step
        )
        path = folders.snapshot_path(self.folder, event.step)
        plain_files.write(path, save(dict(state.weights), metadata))
        self.last_good_step = event.step

    def _save(self, state: State) -> None:
        # The events first: a state must never be ahead of what is told of it.
        self.flush()
        self._check_folder()
        states.save(self.folder, state)
        self.saved = time.monotonic()

    def _check_folder(self) -> None:
        """Somebody may have removed it by hand: it isn't to come back as half a run."""
        if not plain_files.is_plain(self.folder / folders.CONFIG):
            raise FileNotFoundError(errno.ENOENT, "the run's folder is gone")


class _Phase(Enum):
    TRAINING = auto()
    PAUSING = auto()
    """The state has been asked for; it is saved when training asks what to do next."""


class _Listener:
    """Tells training what is wanted of it: by `wishes`, and in the folder's `control.json`.

    Called before each step; it returns after the pause when the run is to pause.
    """

    def __init__(
        self,
        folder: Path,
        wishes: Control,
        abandoned: Callable[[], bool],
        writer: _Writer,
    ) -> None:
        self.folder = folder
        self.wishes = wishes
        self.abandoned = abandoned
        self.writer = writer
        self.phase = _Phase.TRAINING
        self.wanted = control.Wanted()
        self.version: tuple[int, int] | None = None
        self.next_look = time.monotonic()

    def __call__(self) -> Wish | None:
        wish = self.wishes()
        if wish is not None and wish.stop:
            return wish
        if self.phase is _Phase.PAUSING:
            self.phase = _Phase.TRAINING
            self._wait_while_paused()
            return self._follow(wish or Wish())
        if time.monotonic() < self.next_look:
            return wish
        self.next_look = time.monotonic() + LOOK_EVERY
        if self._has_changed() or self.abandoned():
            return self._follow(wish or Wish())
        if self.writer.wants_to_save:
            return replace(wish or Wish(), save=True)
        return wish

    def _follow(self, wish: Wish) -> Wish:
        """`wish`, with what `control.json` wants besides."""
        if self.wanted.wish == "stop" or self.abandoned():
            return replace(wish, stop=True)
        if self.wanted.wish == "pause":
            self.phase = _Phase.PAUSING
        return Wish(
            save=self.phase is _Phase.PAUSING or wish.save,
            learning_rate=wish.learning_rate or self.wanted.learning_rate,
            batch_size=wish.batch_size or self.wanted.batch_size,
        )

    def _has_changed(self) -> bool:
        """Read `control.json` again if it is another than was read last."""
        version = None
        with contextlib.suppress(OSError):
            status = (self.folder / folders.CONTROL).lstat()
            version = (status.st_mtime_ns, status.st_ino)
        if version == self.version:
            return False
        self.version = version
        self.wanted = control.read(self.folder)
        return True

    def _wait_while_paused(self) -> None:
        self.writer.tell(Paused(self.writer.step))
        while self.wanted.wish == "pause" and not self.abandoned():
            time.sleep(LOOK_EVERY_WHEN_PAUSED)
            self._has_changed()
        if self.wanted.wish == "run":
            self.writer.tell(Continued(self.writer.step))


def _open_for_append(path: Path) -> BinaryIO:
    """The events, opened to go on after their last whole line."""
    file = plain_files.open_plain(path, os.O_RDWR | os.O_CREAT, "r+b")
    end = file.seek(0, os.SEEK_END)
    while end > 0:
        start = max(0, end - 65_536)
        file.seek(start)
        newline = file.read(end - start).rfind(b"\n")
        if newline >= 0:
            end = start + newline + 1
            break
        end = start
    file.truncate(end)
    file.seek(end)
    return file


@contextlib.contextmanager
def _disk_problems_told(folder: Path) -> Iterator[None]:
    """Raises RunError, in words, in place of OSError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            problem = f"the disk with {folder} is full; what was recorded until then is kept"
        else:
            problem = f"{folder} can't be written: {error.strerror or error}"
        raise RunError(problem) from error
