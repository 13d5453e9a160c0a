"""Files that are whole or not there at all."""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

OLD = 60.0
"""Seconds after which nobody still writes a part that has not changed."""


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` beside `path` and rename it there once it is on the disk.

    A reader sees the old file or the new one, never a part. Makes the folder if need be. Raises
    OSError, and leaves nothing behind, when the disk is full or read-only.
    """
    with writing_atomically(path) as file:
        file.write(content)


@contextlib.contextmanager
def writing_atomically(path: Path) -> Iterator[BinaryIO]:
    """The same for what comes bit by bit: a file to write to, which becomes `path` at the end.

    Nothing is left behind where the block raises.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of one's own, so that two writers at once don't meet.
    beside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        # Left by a crashed process of the same number, or laid there: a link would lead elsewhere.
        beside.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(beside, flags, 0o666), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def remove_old_parts(folder: Path) -> None:
    """Remove what killed processes left of `write_atomically` in `folder`, if it can be."""
    for part in folder.glob(".*.part"):
        with contextlib.suppress(OSError):
            if time.time() - part.lstat().st_mtime > OLD:
                part.unlink()
