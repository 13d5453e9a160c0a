"""Files that are whole or not there at all."""

import os
import threading
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` beside `path` and rename it there once it is on the disk.

    A reader sees the old file or the new one, never a part. Makes the folder if need be. Raises
    OSError, and leaves nothing behind, when the disk is full or read-only.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of one's own, so that two writers at once don't meet.
    beside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
