"""A data set's files on this machine: found, or fetched from where torchvision does, and verified.

Files lie where `torchvision.datasets` looks for them, so either can use what the other has
fetched. They are believed only when their checksum is right, so a half-finished download is never
taken for a whole one.
"""

from __future__ import annotations

import errno
import hashlib
import http.client
import os
import sys
import threading
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from cnnviz.files import writing_atomically
from cnnviz.spelling import count

if TYPE_CHECKING:  # settings and `--help` read the catalogue, and needn't wait for numpy
    import numpy as np
    from numpy.typing import NDArray

Split = Literal["train", "test"]
Progress = Callable[[int, int], None]

# Seconds without a byte; a dead network should be told soon, there are samples to go on with.
TIMEOUT = 10.0
_CHUNK = 1 << 16


class Unavailable(Exception):  # noqa: N818 - it reads as it is used: `except Unavailable`
    """A data set can't be had; the message says why, to people."""


@dataclass(frozen=True, eq=False)
class Pictures:
    """`images` (N, C, H, W) uint8, or float32 in [0, 1]; `labels` (N,) int64, counted from 0.

    Both are shared, and can't be written into.
    """

    images: NDArray[Any]
    labels: NDArray[np.int64]

    def __post_init__(self) -> None:
        self.images.flags.writeable = False
        self.labels.flags.writeable = False


@dataclass(frozen=True)
class File:
    """A file as it is fetched: its name, its size in bytes, and its MD5.

    `unpacked` is the MD5 of what is packed in it, where that is known.
    """

    name: str
    size: int
    md5: str
    unpacked: str | None = None


class Stored(ABC):
    """The files of the data set `title`, in `place` under the folder that `folder` says."""

    def __init__(self, title: str, place: str, files: tuple[File, ...]) -> None:
        self.title = title
        self.place = place
        self.files = files
        self._lock = threading.Lock()
        self._loaded: dict[tuple[Path, Split], Pictures] = {}

    @property
    def total_bytes(self) -> int:
        """What there is to fetch; 0 for what comes with cnnviz."""
        return sum(file.size for file in self.files)

    def where(self, root: str | os.PathLike[str] | None = None) -> Path:
        return folder(root) / self.place

    def available(self, root: str | os.PathLike[str] | None = None) -> bool:
        """Whether it seems to be on this machine: a look at sizes, cheap, no download.

        Checksums are left to `load` and `fetch`.
        """
        where = self.where(root)
        return all(self.seems_there(where, file) for file in self.files)

    def load(
        self,
        split: Split,
        root: str | os.PathLike[str] | None = None,
        progress: Progress | None = None,
    ) -> Pictures:
        """The training or the test pictures, fetched if need be, then kept in memory.

        `progress(done, total)` counts bytes fetched.
        Raises `Unavailable` when they can't be had, ValueError for another split.
        """
        if split not in ("train", "test"):
            raise ValueError(f"split must be 'train' or 'test', got {split!r}")
        where = self.where(root)
        key = (where.absolute(), split)
        with self._lock:
            if key not in self._loaded:
                pictures = self._read(split, where)
                if pictures is None:
                    self._fetch(where, progress)
                    pictures = self._read(split, where)
                if pictures is None:
                    raise Unavailable(f"{self.title} could not be read from {where}")
                self._loaded[key] = pictures
            return self._loaded[key]

    def fetch(
        self, root: str | os.PathLike[str] | None = None, progress: Progress | None = None
    ) -> Path:
        """Verify the files, download what is missing or damaged, and say where they are.

        `progress(done, total)` counts bytes, of all files together. Raises `Unavailable`.
        """
        where = self.where(root)
        with self._lock:
            self._fetch(where, progress)
        return where

    # The next three are asked of each of its files.

    def urls(self, file: File) -> list[str]:
        """Where `file` can be had, the first choice first."""
        raise NotImplementedError

    def seems_there(self, where: Path, file: File) -> bool:
        """Whether `file`, or what is in it, lies in `where`, by sizes alone."""
        raise NotImplementedError

    def is_whole(self, where: Path, file: File) -> bool:
        """Whether `file`, or what is in it, lies in `where` and is what it should be."""
        raise NotImplementedError

    @abstractmethod
    def read(self, split: Split, where: Path) -> Pictures | None:
        """What is in `where`; None where it isn't all there, or is damaged.

        May raise OSError.
        """

    imports: tuple[str, ...] = ("import os", "from torchvision import datasets")
    """What `lines` need, torch aside."""

    @abstractmethod
    def lines(self) -> str:
        """Python, without cnnviz, that makes `images` (N, C, H, W) float32 in [0, 1] and `labels`
        (N,), `test_images` and `test_labels`; torch and its functional `F` are imported."""

    def _read(self, split: Split, where: Path) -> Pictures | None:
        try:
            return self.read(split, where)
        except OSError as error:
            raise Unavailable(
                f"{self.title} is in {where}, but can't be read: {error.strerror or error}"
            ) from error

    def _fetch(self, where: Path, progress: Progress | None) -> None:
        done = 0
        for file in self.files:
            try:
                whole = self.is_whole(where, file)
            except OSError as error:
                raise Unavailable(
                    f"{self.title} is in {where}, but can't be read: {error.strerror or error}"
                ) from error
            if not whole:
                so_far = done
                self._download(
                    where,
                    file,
                    (lambda n, so_far=so_far: progress(so_far + n, self.total_bytes))
                    if progress
                    else None,
                )
            done += file.size
            if progress:
                progress(done, self.total_bytes)

    def _download(self, where: Path, file: File, progress: Callable[[int], None] | None) -> None:
        reasons = []
        for url in self.urls(file):
            try:
                with _kept(self.title, where / file.name) as kept:
                    _get(url, file, kept, progress)
            except _NotItError as error:
                reasons.append(f"{url}: {error}")
            else:
                return
        raise Unavailable(f"{self.title} could not be downloaded ({'; '.join(reasons)})")


def folder(root: str | os.PathLike[str] | None = None) -> Path:
    """Where data sets are kept: `root`, else `CNNVIZ_DATA`, else the user's cache folder."""
    if root is not None:
        return Path(root).expanduser()
    if chosen := os.environ.get("CNNVIZ_DATA"):
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        cache = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        cache = Path.home() / "Library" / "Caches"
    else:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "cnnviz"


def size_of(path: Path) -> int | None:
    """In bytes; None where there is nothing."""
    try:
        return path.stat().st_size
    except OSError:
        return None


def md5_of(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def md5_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def is_file(where: Path, file: File) -> bool:
    """Whether `file` lies in `where` with the right size and checksum."""
    path = where / file.name
    return size_of(path) == file.size and md5_of_file(path) == file.md5


class _NotItError(Exception):
    """What came from a mirror isn't the file that was asked for."""


@contextmanager
def _kept(title: str, path: Path) -> Iterator[BinaryIO]:
    """A file that becomes `path` once it is whole; what the disk won't take is `Unavailable`."""
    with (
        disk_problems_told(title, path.parent, "CNNVIZ_DATA"),
        writing_atomically(path) as file,
    ):
        yield file


@contextmanager
def disk_problems_told(title: str, folder: Path, variable: str) -> Iterator[None]:
    """Raises `Unavailable`, in words, in place of OSError; `variable` names the folder."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            reason = "the disk is full"
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            reason = "the folder is read-only"
        else:
            reason = error.strerror or str(error)
        raise Unavailable(
            f"{title} can't be kept in {folder}: {reason}. "
            f"Another folder can be chosen with {variable}."
        ) from error


def _get(url: str, file: File, kept: BinaryIO, progress: Callable[[int], None] | None) -> None:
    """Write to `kept` what `url` sends. Raises `_NotItError` where that isn't the `file`."""
    request = urllib.request.Request(url, headers={"User-Agent": "cnnviz"})
    digest, done = hashlib.md5(usedforsecurity=False), 0
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _NotItError(error) from error
    with response:
        # One byte more than wanted is enough to see that it's another file.
        while done <= file.size:
            try:
                chunk = response.read(_CHUNK)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise _NotItError(error) from error
            if not chunk:
                break
            kept.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            if progress:
                progress(min(done, file.size))
    if done < file.size:
        raise _NotItError(f"ended after {count(done)} of {count(file.size)} bytes")
    if digest.hexdigest() != file.md5:
        raise _NotItError("the checksum is wrong")
