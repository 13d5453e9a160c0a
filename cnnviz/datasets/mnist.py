"""MNIST, held in memory: found on disk or fetched from torchvision's mirrors, always verified.

Files lie where `torchvision.datasets.MNIST(root)` looks for them (`root/MNIST/raw`), so either
can use what the other has fetched. They are read packed or unpacked, and believed only when
their checksum is right, so a half-finished download is never taken for a whole one.
"""

import errno
import gzip
import hashlib
import http.client
import os
import sys
import threading
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.files import write_atomically

Split = Literal["train", "test"]
Progress = Callable[[int, int], None]

# Seconds without a byte; a dead network should be told soon, there are samples to go on with.
TIMEOUT = 10.0
_CHUNK = 1 << 16


class Unavailable(Exception):  # noqa: N818 - it reads as it is used: `except data.Unavailable`
    """MNIST can't be had; the message says why, to people."""


@dataclass(frozen=True, eq=False)
class Digits:
    """`images` (N, 28, 28) uint8, 255 where the ink is; `labels` (N,) int64, 0 to 9.

    Both are shared, and can't be written into.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class _File:
    """One of MNIST's files: its packed size in bytes, and the MD5 packed and unpacked."""

    name: str
    size: int
    packed: str
    unpacked: str


# The packed checksums are torchvision's own (datasets/mnist.py); a test compares them.
_FILES = (
    _File(
        "train-images-idx3-ubyte",
        9912422,
        "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "6bbc9ace898e44ae57da46a324031adb",
    ),
    _File(
        "train-labels-idx1-ubyte",
        28881,
        "d53e105ee54ea40749a09fcbcd1e9432",
        "a25bea736e30d166cdddb491f175f624",
    ),
    _File(
        "t10k-images-idx3-ubyte",
        1648877,
        "9fb629c4189551a2d022fa330f9573f3",
        "2646ac647ad5339dbf082846283269ea",
    ),
    _File(
        "t10k-labels-idx1-ubyte",
        4542,
        "ec29112dd5afa0611ce80d1b7f02629c",
        "27ae3e4e09519cfbb04c329615203637",
    ),
)
TOTAL_BYTES = sum(file.size for file in _FILES)

_lock = threading.Lock()
_loaded: dict[tuple[Path, Split], Digits] = {}


def folder(root: str | os.PathLike[str] | None = None) -> Path:
    """Where MNIST is kept: `root`, else `CNNVIZ_DATA`, else the user's cache folder."""
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


def available(root: str | os.PathLike[str] | None = None) -> bool:
    """Whether MNIST seems to be on this machine: a look at the four files, cheap, no download.

    Checksums are left to `load` and `fetch`.
    """
    raw = _raw(root)
    return all(_packed(raw, file) or _unpacked(raw, file) for file in _FILES)


def load(
    split: Split, root: str | os.PathLike[str] | None = None, progress: Progress | None = None
) -> Digits:
    """MNIST's 60,000 training or 10,000 test digits, fetched if need be, then kept in memory.

    `progress(done, total)` counts bytes fetched.
    Raises `Unavailable` when they can't be had, ValueError for another split.
    """
    if split not in ("train", "test"):
        raise ValueError(f"split must be 'train' or 'test', got {split!r}")
    key = (folder(root).absolute(), split)
    with _lock:
        if key not in _loaded:
            prefix = "train" if split == "train" else "t10k"
            images, labels = (file for file in _FILES if file.name.startswith(prefix))
            raw = _raw(root)
            contents = [_read(raw, file) for file in (images, labels)]
            if None in contents:
                _fetch(root, progress)
                contents = [_read(raw, file) for file in (images, labels)]
            if None in contents:
                raise Unavailable(f"MNIST could not be read from {raw}")
            _loaded[key] = Digits(
                images=_array(contents[0] or b"", 16).reshape(-1, 28, 28),
                labels=_frozen(_array(contents[1] or b"", 8).astype(np.int64)),
            )
        return _loaded[key]


def fetch(root: str | os.PathLike[str] | None = None, progress: Progress | None = None) -> Path:
    """Verify the four files, download what is missing or damaged, and say where they are.

    `progress(done, total)` counts bytes, of all files together. Raises `Unavailable`.
    """
    with _lock:
        return _fetch(root, progress)


def _fetch(root: str | os.PathLike[str] | None, progress: Progress | None) -> Path:
    raw = _raw(root)
    done = 0
    for file in _FILES:
        if _read(raw, file) is None:
            _download(
                raw, file, (lambda n, d=done: progress(d + n, TOTAL_BYTES)) if progress else None
            )
        done += file.size
        if progress:
            progress(done, TOTAL_BYTES)
    return raw


def _raw(root: str | os.PathLike[str] | None) -> Path:
    return folder(root) / "MNIST" / "raw"


def _packed(raw: Path, file: _File) -> Path | None:
    path = raw / f"{file.name}.gz"
    return path if _size(path) == file.size else None


def _unpacked(raw: Path, file: _File) -> Path | None:
    path = raw / file.name
    return path if _size(path) else None


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _read(raw: Path, file: _File) -> bytes | None:
    """The unpacked content if a file with the right checksum is there, else None."""
    try:
        if path := _packed(raw, file):
            content = path.read_bytes()
            if _md5(content) == file.packed:
                return gzip.decompress(content)
        if path := _unpacked(raw, file):
            content = path.read_bytes()
            if _md5(content) == file.unpacked:
                return content
    except OSError as error:
        raise Unavailable(f"MNIST is in {raw}, but can't be read: {error.strerror}") from error
    return None


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _array(content: bytes, header: int) -> NDArray[np.uint8]:
    # IDX: a header of big-endian numbers, then plain bytes.
    return np.frombuffer(content, np.uint8, offset=header)


def _frozen(array: NDArray[np.int64]) -> NDArray[np.int64]:
    array.flags.writeable = False
    return array


def _download(raw: Path, file: _File, progress: Callable[[int], None] | None) -> None:
    # Not needed before a download, and it takes a second to import.
    from torchvision.datasets import MNIST

    reasons = []
    for mirror in MNIST.mirrors:
        url = f"{mirror}{file.name}.gz"
        try:
            content = _get(url, file.size, progress)
        except (OSError, http.client.HTTPException, ValueError) as error:
            reasons.append(f"{url}: {error}")
            continue
        if len(content) < file.size:
            reasons.append(f"{url}: ended after {len(content):,} of {file.size:,} bytes")
        elif _md5(content) != file.packed:
            reasons.append(f"{url}: the checksum is wrong")
        else:
            _keep(raw / f"{file.name}.gz", content)
            return
    raise Unavailable(f"MNIST could not be downloaded ({'; '.join(reasons)})")


def _get(url: str, size: int, progress: Callable[[int], None] | None) -> bytes:
    request = urllib.request.Request(url, headers={"User-Agent": "cnnviz"})
    content = bytearray()
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
        # One byte more than wanted is enough to see that it's another file.
        while len(content) <= size and (chunk := response.read(_CHUNK)):
            content += chunk
            if progress:
                progress(min(len(content), size))
    return bytes(content)


def _keep(path: Path, content: bytes) -> None:
    try:
        write_atomically(path, content)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            reason = "the disk is full"
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            reason = "the folder is read-only"
        else:
            reason = error.strerror or str(error)
        raise Unavailable(
            f"MNIST can't be kept in {path.parent}: {reason}. "
            "Another folder can be chosen with CNNVIZ_DATA."
        ) from error
