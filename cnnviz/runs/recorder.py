"""Train a run in this process, writing what happens into its folder as it happens.

Every file but the events appears whole or not at all; the events grow by whole lines, and a line
that a crash has torn is cut off before the next is written. A snapshot is on disk before the
event that tells of it.
"""

import contextlib
import errno
import json
import math
import os
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from cnnviz.runs import folder as runs
from cnnviz.files import write_atomically
from cnnviz.runs.folder import RunError
from cnnviz.runs.history import read
from cnnviz.training.events import (
    Control,
    Epoch,
    Event,
    Failed,
    Finished,
    Saved,
    Snapshot,
    State,
    Step,
    Stopped,
    Wish,
)
from cnnviz.training.loop import train
from cnnviz.training.config import TrainingConfig
from cnnviz.datasets.catalogue import DATASETS
from cnnviz.datasets.images import TrainingData

SAVE_EVERY = 2.0
"""Seconds of training that a killed process may have to do again."""

FLUSH_EVERY = 0.1
_RESERVE = "reserve"
_RESERVED_BYTES = 16_384

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
    with runs.training_lock(folder):
        config = runs.config(folder)
        state = load_state(folder)
        with _Writer(folder, config, state, abandoned) as writer:
            try:
                control = _Control(folder, wishes, abandoned, writer)
                for event in train(config, state, control, data):
                    writer.write(event)
                    if watch is not None:
                        watch(event)
            except OSError as error:
                reason = _disk_problem(folder, error)
                writer.give_up(reason)
                raise RunError(reason) from error
            except Exception as error:
                writer.append({"event": "failed", "step": writer.step, "reason": str(error)})
                raise


def note(folder: Path, kind: str) -> None:
    """Write down an event of a run that isn't training: `queued`, or `stopped`."""
    with runs.training_lock(folder):
        step = read(folder).events.last_step
        with _open_for_append(folder / runs.EVENTS) as file:
            line = {"event": kind, "step": step, "time": round(time.time(), 3)}
            file.write(json.dumps(line).encode() + b"\n")


def load_state(folder: Path) -> State | None:
    """What the run goes on from; None when it has not begun.

    Raises:
        RunError: when the file is there but isn't such a state.
    """
    path = folder / runs.STATE
    if not path.exists():
        return None
    try:
        if path.is_symlink():
            raise ValueError("a link")
        with safe_open(path, "pt") as file:
            place = json.loads((file.metadata() or {})["state"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        numbers = {
            name: _checked(place[name], kind)
            for name, kind in (
                *((name, int) for name in ("step", "epoch", "position", "batches", "batch_size")),
                *((name, float) for name in ("loss_sum", "seconds", "learning_rate")),
            )
        }
        seed = place["epoch_seed"]
        return State(
            **numbers,
            epoch_seed=None if seed is None else _checked(seed, int, signed=True),
            generator=tensors.pop("generator"),
            weights=_under("weights.", tensors),
            optimizer=_under("optimizer.", tensors),
        )
    except (OSError, KeyError, TypeError, ValueError, SafetensorError) as error:
        raise RunError(
            f"run {folder.name} can't go on, its saved state is damaged: {error}"
        ) from error


def save_state(folder: Path, state: State) -> None:
    place = {
        name: value
        for name, value in vars(state).items()
        if name not in ("generator", "weights", "optimizer")
    }
    tensors = {
        "generator": state.generator,
        **{f"weights.{name}": tensor for name, tensor in state.weights.items()},
        **{f"optimizer.{name}": tensor for name, tensor in state.optimizer.items()},
    }
    write_atomically(folder / runs.STATE, save(tensors, {"state": json.dumps(place)}))


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
    """The run's folder as it fills; events are flushed ten times a second and when they matter."""

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
        self.losses: list[float] = []
        self.step = state.step if state is not None else 0
        self.flushed = self.saved = time.monotonic()
        self.file = _open_for_append(folder / runs.EVENTS)
        (folder / runs.SNAPSHOTS).mkdir(exist_ok=True)
        if state is not None:
            self.losses = [epoch.loss_sum for epoch in read(folder).events.epochs[: state.epoch]]
        # Given back to a full disk, so that the run's end can still be written down.
        with contextlib.suppress(OSError):
            (folder / _RESERVE).write_bytes(b"\0" * _RESERVED_BYTES)
        self.append({"event": "started", "step": self.step, "threads": config.threads})

    def __enter__(self) -> "_Writer":
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self.file.close()
        (self.folder / _RESERVE).unlink(missing_ok=True)

    @property
    def wants_to_save(self) -> bool:
        return time.monotonic() - self.saved > SAVE_EVERY

    def write(self, event: Event) -> None:
        if isinstance(event, Step):
            self.step = event.step
            self._line(
                {
                    "event": "step",
                    "step": event.step,
                    "epoch": event.epoch,
                    "loss": event.loss,
                    "learning_rate": event.learning_rate,
                    "seconds": round(event.seconds, 4),
                }
                if math.isfinite(event.loss)
                else {"event": "step", "step": event.step, "epoch": event.epoch}
            )
            # The first steps are what a person waits for, and there are few of them.
            if event.step <= 20 or time.monotonic() - self.flushed > FLUSH_EVERY:
                self.flush()
        elif isinstance(event, Saved):
            self._save(event.state)
        elif isinstance(event, Snapshot):
            self._snapshot(event)
        elif isinstance(event, Stopped):
            self._save(event.state)
            # Nobody has stopped a run whose server is gone.
            if not self.abandoned():
                self.append({"event": "stopped", "step": event.step})
        elif isinstance(event, Finished):
            self._save(event.state)
            self.append(
                {"event": "finished", "step": event.step, "test_accuracy": event.test_accuracy}
            )
        else:
            if isinstance(event, Epoch):
                self.losses.append(event.loss_sum)
            kind = {Epoch: "epoch", Failed: "failed"}.get(type(event), "change")
            self.append({"event": kind, **asdict(event)})

    def append(self, line: dict[str, Any]) -> None:
        self._line({**line, "time": round(time.time(), 3)})
        self.flush()

    def flush(self) -> None:
        self.file.flush()
        self.flushed = time.monotonic()

    def give_up(self, reason: str) -> None:
        """The disk is full: make room with the reserve and say so."""
        with contextlib.suppress(OSError):
            self.file.close()
        (self.folder / _RESERVE).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.file = _open_for_append(self.folder / runs.EVENTS)
            self.append({"event": "failed", "step": self.step, "reason": reason})

    def _check_folder(self) -> None:
        """Somebody may have removed it by hand: it isn't to come back as half a run."""
        if not (self.folder / runs.CONFIG).is_file():
            raise FileNotFoundError(errno.ENOENT, "the run's folder is gone")

    def _line(self, line: dict[str, Any]) -> None:
        self.file.write(json.dumps(line, allow_nan=False).encode() + b"\n")

    def _save(self, state: State) -> None:
        # The events first: a state must never be ahead of what is told of it.
        self.flush()
        self._check_folder()
        save_state(self.folder, state)
        self.saved = time.monotonic()

    def _snapshot(self, event: Snapshot) -> None:
        self._check_folder()
        whole = event.tested == DATASETS[self.config.dataset].test
        metadata = checkpoint_metadata(
            self.config, self.losses, event.test_accuracy if whole else None, event.step
        )
        write_atomically(
            runs.snapshot_path(self.folder, event.step),
            save(dict(event.state.weights), metadata),
        )
        self.append(
            {
                "event": "snapshot",
                "step": event.step,
                "epoch": event.epoch,
                "test_accuracy": event.test_accuracy,
                "tested": event.tested,
            }
        )
        self._save(event.state)


class _Control:
    """The page's wishes, read from the folder when its file has changed; waits while paused."""

    def __init__(
        self,
        folder: Path,
        more: Control | None,
        abandoned: Callable[[], bool],
        writer: _Writer,
    ) -> None:
        self.folder = folder
        self.more = more
        self.abandoned = abandoned
        self.writer = writer
        self.looked = -math.inf
        self.seen: object = None
        self.current = runs.Control()

    def __call__(self) -> Wish | None:
        more = self.more() if self.more is not None else None
        if more is not None and more.stop:
            return more
        now = time.monotonic()
        if now - self.looked < 0.02:
            return more
        self.looked = now
        if self.abandoned():
            return Wish(stop=True)
        changed = self._look()
        if self.current.wish == "pause" and not changed:
            self._wait()
            changed = True
        if self.current.wish == "stop":
            return Wish(stop=True)
        save = self.writer.wants_to_save or (changed and self.current.wish == "pause")
        if changed:
            # A paused run saves itself first, and waits when it is asked next.
            self.looked = -math.inf if self.current.wish == "pause" else self.looked
            return Wish(False, save, self.current.learning_rate, self.current.batch_size)
        return Wish(save=True) if save else more

    def _look(self) -> bool:
        try:
            status = os.stat(self.folder / runs.CONTROL)
            mark = (status.st_mtime_ns, status.st_ino)
        except OSError:
            mark = None
        if mark == self.seen:
            return False
        self.seen = mark
        self.current = runs.read_control(self.folder)
        return True

    def _wait(self) -> None:
        self.writer.append({"event": "paused", "step": self.writer.step})
        while self.current.wish == "pause":
            time.sleep(0.03)
            self._look()
            if self.abandoned():
                return
        if self.current.wish == "run":
            self.writer.append({"event": "continued", "step": self.writer.step})


def _open_for_append(path: Path) -> BinaryIO:
    """The events, opened to go on after their last whole line."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    file = os.fdopen(descriptor, "r+b")
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


def _disk_problem(folder: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk with {folder} is full; what was recorded until then is kept"
    return f"{folder} can't be written: {error.strerror or error}"


def _checked(value: Any, kind: type, signed: bool = False) -> Any:
    good = isinstance(value, kind | int) and not isinstance(value, bool)
    if not good or not math.isfinite(value) or (value < 0 and not signed):
        raise ValueError(f"{value!r} where a number should be")
    return kind(value)


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }
