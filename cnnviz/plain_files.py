"""Files of a folder that anyone may have written: links aren't followed, and a pipe isn't read.

A run's folder can be copied from elsewhere. A link in it could lead a write to any file of the
user's, and opening a FIFO would wait for ever.
"""

import errno
import os
import stat
from pathlib import Path
from typing import Any

from cnnviz.files import write_atomically
from cnnviz.spelling import count


def open_plain(path: Path, flags: int = os.O_RDONLY, mode: str = "rb") -> Any:
    """The plain file `path` as a file object of `mode`, opened with the flags of `os.open`.

    Raises:
        OSError: when it is a link, a folder, a FIFO or the like, or lies in a folder that is a
            link; and whatever else `os.open` raises.
    """
    folder = _open_folder(path.parent)
    try:
        # O_NONBLOCK: opening a FIFO returns at once; on plain files it changes nothing.
        guarded = flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = _open(path, guarded, path.name, folder)
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _not("a plain file", path)
    return os.fdopen(descriptor, mode)


def read(path: Path, limit: int) -> bytes:
    """All of a plain file. Raises OSError as `open_plain`, and when it has over `limit` bytes."""
    with open_plain(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > limit:
            raise OSError(errno.EFBIG, f"{count(size)} bytes, more than {count(limit)}", str(path))
        return file.read()


def write(path: Path, content: bytes) -> None:
    """`write_atomically`, in a folder that isn't a link; a link in the file's place is replaced."""
    os.close(_open_folder(path.parent))
    write_atomically(path, content)


def remove(path: Path) -> None:
    """Remove a file, whatever it is; a link goes itself. Raises OSError where its folder is a
    link, or there is none of that name."""
    folder = _open_folder(path.parent)
    try:
        os.unlink(path.name, dir_fd=folder)
    finally:
        os.close(folder)


def make_folder(path: Path) -> None:
    """Have a folder at `path`. Raises OSError when something else is there, a link included."""
    path.mkdir(exist_ok=True)
    os.close(_open_folder(path))


def is_plain(path: Path) -> bool:
    """Whether a plain file is there, itself and not through a link."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def _open_folder(path: Path) -> int:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    return _open(path, flags, path, None)


def _open(path: Path, flags: int, name: str | Path, folder: int | None) -> int:
    try:
        return os.open(name, flags, 0o644, dir_fd=folder)
    except OSError as error:
        # What a link, and a FIFO opened for writing, are answered with.
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise _not("a plain file", path) from error
        if error.errno == errno.ENOTDIR:
            raise _not("a folder", path) from error
        raise OSError(error.errno, error.strerror, str(path)) from error


def _not(kind: str, path: Path) -> OSError:
    return OSError(errno.EINVAL, f"not {kind}", str(path))
