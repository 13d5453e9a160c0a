"""What took a while to compute, kept by name: in a folder on this machine, within a bound.

A name holds the digests of everything that the arrays were made from, so nothing is ever out of
date. What can't be read or written is computed anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as from_bytes
from safetensors.numpy import save as to_bytes

from cnnviz import plain_files
from cnnviz.datasets.stored import folder
from cnnviz.files import remove_old_parts

Arrays = Mapping[str, NDArray[np.generic]]

_SUFFIX = ".safetensors"


def where() -> Path:
    """The folder: `CNNVIZ_KEPT`, else `kept` where data sets are (`CNNVIZ_DATA`)."""
    if chosen := os.environ.get("CNNVIZ_KEPT"):
        return Path(chosen).expanduser().absolute()
    return (folder() / "kept").absolute()


class Kept:
    """Arrays by name, in the part `kind` of the folder: `most_bytes` there, and as many in memory;
    those used longest ago go first."""

    def __init__(self, kind: str, most_bytes: int) -> None:
        self.kind = kind
        self.most_bytes = most_bytes
        self._lock = threading.Lock()
        self._memory: OrderedDict[tuple[Path, str], Arrays] = OrderedDict()

    def get(self, name: str, make: Callable[[], Arrays]) -> Arrays:
        """The arrays of that name, made if need be. They are shared, and can't be written into."""
        found = self.find(name)
        return self.put(name, make()) if found is None else found

    def find(self, name: str) -> Arrays | None:
        """The arrays of that name; None where there are none."""
        path = self._path(name)
        with self._lock:
            if (found := self._memory.get((path, name))) is not None:
                self._memory.move_to_end((path, name))
                return found
        with contextlib.suppress(OSError, ValueError, SafetensorError):
            found = from_bytes(plain_files.read(path, self.most_bytes))
            os.utime(path)  # it is in use
            return self._remember(path, name, found)
        return None

    def put(self, name: str, arrays: Arrays) -> Arrays:
        """Keep them; what is too large, or the disk won't take, in memory alone."""
        path = self._path(name)
        content = to_bytes({key: np.ascontiguousarray(array) for key, array in arrays.items()})
        if len(content) <= self.most_bytes:
            with contextlib.suppress(OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
                remove_old_parts(path.parent)
                plain_files.write(path, content)
                self._prune(path.parent)
        return self._remember(path, name, arrays)

    def _path(self, name: str) -> Path:
        # A layer may be called anything.
        digest = hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
        return where() / self.kind / f"{digest}{_SUFFIX}"

    def _remember(self, path: Path, name: str, arrays: Arrays) -> Arrays:
        for array in arrays.values():
            array.flags.writeable = False
        with self._lock:
            self._memory[path, name] = arrays
            self._memory.move_to_end((path, name))
            while len(self._memory) > 1 and self._in_memory() > self.most_bytes:
                self._memory.popitem(last=False)
        return arrays

    def _in_memory(self) -> int:
        return sum(array.nbytes for kept in self._memory.values() for array in kept.values())

    def _prune(self, place: Path) -> None:
        with os.scandir(place) as entries:
            found = [
                (entry.stat(follow_symlinks=False).st_mtime_ns, entry.name, entry.stat().st_size)
                for entry in entries
                if entry.name.endswith(_SUFFIX) and entry.is_file(follow_symlinks=False)
            ]
        total = sum(size for _, _, size in found)
        for _, name, size in sorted(found):
            if total <= self.most_bytes:
                return
            with contextlib.suppress(OSError):
                plain_files.remove(place / name)
            total -= size
