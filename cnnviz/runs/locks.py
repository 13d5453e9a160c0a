"""Who has a run: the kernel's locks on files in its folder, which end with their process."""

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cnnviz import plain_files
from cnnviz.runs.folders import RunError

TRAINING, QUEUED, IN_USE = "training.lock", "queued.lock", "in-use.lock"


def training(folder: Path) -> contextlib.AbstractContextManager[None]:
    """Held while a process trains the run. Raises RunError when another one does."""
    return _exclusive(folder / TRAINING, f"run {folder.name} is already being trained")


def queued(folder: Path) -> contextlib.AbstractContextManager[None]:
    """Held while the run is in a process's queue. Raises RunError when another one has it."""
    return _exclusive(folder / QUEUED, f"run {folder.name} is already waiting its turn")


def use(folder: Path) -> Any:
    """An open file that keeps the run from being deleted to make room until it is closed."""
    file = plain_files.open_plain(folder / IN_USE, os.O_RDWR | os.O_CREAT, "r+b")
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def is_training(folder: Path) -> bool:
    return is_held(folder / TRAINING, fcntl.LOCK_SH)


def is_queued(folder: Path) -> bool:
    return is_held(folder / QUEUED, fcntl.LOCK_SH)


def is_active(folder: Path) -> bool:
    """Whether a living process trains it or has it in its queue."""
    return is_training(folder) or is_queued(folder)


def is_in_use(folder: Path) -> bool:
    """Whether somebody looks at it."""
    return is_held(folder / IN_USE, fcntl.LOCK_EX)


def queued_since(folder: Path) -> float:
    """When the run was last put in the queue, in seconds since 1970; 0 if never."""
    try:
        return (folder / QUEUED).lstat().st_mtime
    except OSError:
        return 0.0


def is_held(path: Path, kind: int = fcntl.LOCK_SH) -> bool:
    """Whether some process's lock keeps this one from having a lock of `kind`."""
    try:
        with plain_files.open_plain(path, os.O_RDWR, "r+b") as file:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


@contextlib.contextmanager
def _exclusive(path: Path, problem: str) -> Iterator[None]:
    with plain_files.open_plain(path, os.O_RDWR | os.O_CREAT, "r+b") as file:
        deadline = time.monotonic() + 1
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if error.errno not in (errno.EAGAIN, errno.EACCES):
                    raise
                # Whoever merely looks at the lock holds it for a moment too.
                if time.monotonic() > deadline:
                    raise RunError(problem) from None
                time.sleep(0.005)
        os.utime(file.fileno())
        yield
