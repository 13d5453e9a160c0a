"""A run's folder as it fills.

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
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import BinaryIO

from safetensors.torch import save

from cnnviz import plain_files
from cnnviz.files import remove_old_parts
from cnnviz.networks.architecture import normalisation_of
from cnnviz.networks.models import FullyConnected
from cnnviz.runs import folders, states
from cnnviz.runs.folders import RunError
from cnnviz.runs.history import Reader, is_kept
from cnnviz.training.config import TrainingConfig
from cnnviz.training.events import (
    Epoch,
    Event,
    Failed,
    Finished,
    Saved,
    Snapshot,
    Started,
    State,
    Step,
    Stopped,
    Told,
    to_line,
)

SAVE_EVERY = 2.0
"""Seconds of training that a killed process may have to do again."""

FLUSH_EVERY = 0.1
"""Seconds that a step may wait to be seen; the first `FIRST_STEPS` wait for nothing."""

FIRST_STEPS = 20
RESERVE = "reserve"
RESERVED_BYTES = 16_384


class Writer:
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
        with disk_problems_told(folder):
            self.file = open_for_append(folder / folders.EVENTS)
        try:
            self._begin()
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *_: object) -> None:
        # Nothing here may take the place of the error that ended the run.
        with contextlib.suppress(OSError):
            self.file.close()
        with contextlib.suppress(OSError):
            (self.folder / RESERVE).unlink(missing_ok=True)

    def _begin(self) -> None:
        with disk_problems_told(self.folder):
            plain_files.make_folder(self.folder / folders.SNAPSHOTS)
            remove_old_parts(self.folder)
            remove_old_parts(self.folder / folders.SNAPSHOTS)
            # Given back to a full disk, so that the run's end can still be written down.
            with contextlib.suppress(OSError):
                plain_files.write(self.folder / RESERVE, b"\0" * RESERVED_BYTES)
        self.tell(Started(self.step, self.config.threads))

    @property
    def wants_to_save(self) -> bool:
        return time.monotonic() - self.saved > SAVE_EVERY

    def write(self, event: Event) -> None:
        """Take in what training yields."""
        if isinstance(event, Step):
            with disk_problems_told(self.folder):
                self._write_step(event)
        elif isinstance(event, Saved):
            with disk_problems_told(self.folder):
                self._write_state(event)
        else:
            if isinstance(event, Epoch):
                self.losses.append(event.loss_sum)
            self.tell(event)

    def tell(self, event: Told) -> None:
        """An event, where it can be seen at once."""
        with disk_problems_told(self.folder):
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
            self.file = open_for_append(self.folder / folders.EVENTS)
            self.tell(Failed(self.step, reason, self.last_good_step))

    def _write_step(self, event: Step) -> None:
        self.step = event.step
        if is_kept(event.step):
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
        whole = event.tested == self.config.images.test
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


def open_for_append(path: Path) -> BinaryIO:
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
def disk_problems_told(folder: Path) -> Iterator[None]:
    """Raises RunError, in words, in place of OSError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            problem = f"the disk with {folder} is full; what was recorded until then is kept"
        else:
            problem = f"{folder} can't be written: {error.strerror or error}"
        raise RunError(problem) from error


def checkpoint_metadata(
    config: TrainingConfig, losses: list[float], accuracy: float | None, step: int
) -> dict[str, str]:
    """What a file of trained weights says about itself, besides the weights."""
    connected = config.model == "FullyConnected"
    images = config.images
    if connected:
        architecture = FullyConnected.description(
            config.hidden, images.shape, len(images.classes), normalisation_of(images.frame)
        )
    else:
        architecture = config.architecture.to_dict()
    metadata = {
        "model": "FullyConnected" if connected else "SimpleCNN",
        "architecture": json.dumps(architecture),
        "recipe": config.to_json(),
        "dataset": images.title,
        "classes": json.dumps(images.classes, ensure_ascii=False),
        "frame": json.dumps(images.frame.to_dict()),
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
