"""A person's own data sets: pictures with classes, kept on this machine, a file each.

    name = own.save(Collection("my symbols", ("sun", "moon"), images, labels))
    config = TrainingConfig(preset="own", dataset=name)

A file is safetensors: `images` (n, C, H, W) and `labels` (n,), both uint8, `held` (n,) bool, and
metadata. It appears whole or not at all, and never changes: its name ends in the digest of what is
in it, so a run's data set is the one that it began with, and other pictures are another data set.
Files may have come from elsewhere: their header is checked before anything is made of it, no link
is followed, nothing is pickled.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from cnnviz import plain_files
from cnnviz.datasets.collection import Collection
from cnnviz.datasets.outlines import MOST_PICTURES, Outline, check_name, is_name
from cnnviz.datasets.stored import Pictures, Split, Stored, Unavailable, disk_problems_told, folder
from cnnviz.files import remove_old_parts

MOST_HEADER = 200_000
"""Bytes; a hundred classes with long names have some 20,000."""

_KEY = "cnnviz.collection"
_SUFFIX = ".safetensors"
_TYPES = {"images": "U8", "labels": "U8", "held": "BOOL"}  # a byte each


class Damaged(Unavailable):
    """Its file was read, and isn't what it says."""


def where(root: str | os.PathLike[str] | None = None) -> Path:
    """The folder of the collections: `own` in `root`; else `CNNVIZ_OWN`, else `own` where data
    sets are kept (`CNNVIZ_DATA`)."""
    if root is None and (chosen := os.environ.get("CNNVIZ_OWN")):
        return Path(chosen).expanduser().absolute()
    return (folder(root) / "own").absolute()


def path_of(name: str, root: str | os.PathLike[str] | None = None) -> Path:
    """The file of a collection. Raises ValueError for what can't be a collection's name."""
    check_name(name)
    return where(root) / f"{name}{_SUFFIX}"


def save(collection: Collection, root: str | os.PathLike[str] | None = None) -> str:
    """Keep it on this machine, whole or not at all; its name, which `TrainingConfig(dataset=…)`
    takes. Raises `Unavailable`, saying why, where the disk won't."""
    import numpy as np
    from safetensors.numpy import save as to_bytes

    path = path_of(collection.name, root)
    tensors = {
        "images": collection.images,
        "labels": collection.labels.astype(np.uint8),
        "held": collection.held,
    }
    content = to_bytes(tensors, {_KEY: json.dumps(collection.outline.to_dict())})
    with disk_problems_told(collection.title, path.parent, "CNNVIZ_OWN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_old_parts(path.parent)
        plain_files.write(path, content)
    return collection.name


def load(name: str, root: str | os.PathLike[str] | None = None) -> Collection:
    """A collection that was saved. Raises ValueError for what can't be a name, `Unavailable` where
    it isn't there (any more), or its file isn't what it says."""
    path = path_of(name, root)
    with _problems_told(name, path), plain_files.open_plain(path) as file:
        return _collection(file, path)


def outline(name: str, root: str | os.PathLike[str] | None = None) -> Outline:
    """What is known of a collection without its pictures, which aren't read. Raises as `load`."""
    path = path_of(name, root)
    with _problems_told(name, path):
        status = path.lstat()
        return _outline(path, status.st_mtime_ns, status.st_ino, status.st_size)


def owner(name: str, root: str | os.PathLike[str] | None = None) -> str | None:
    """The digest of the one person whose it is; None where it is everybody's, as is a damaged file,
    which doesn't say. Raises as `load` for one that isn't there or can't be read."""
    try:
        return outline(name, root).owner
    except Damaged:
        return None


def names(root: str | os.PathLike[str] | None = None) -> list[str]:
    """Every collection's name, the newest first; those whose files are damaged too."""
    with contextlib.suppress(OSError), os.scandir(where(root)) as entries:
        found = [
            (entry.stat(follow_symlinks=False).st_mtime_ns, entry.name.removesuffix(_SUFFIX))
            for entry in entries
            if entry.name.endswith(_SUFFIX) and entry.is_file(follow_symlinks=False)
        ]
        return [name for _, name in sorted(found, reverse=True) if is_name(name)]
    return []


def outlines(root: str | os.PathLike[str] | None = None) -> list[Outline]:
    """Of every collection that can be read, the newest first."""
    found = []
    for name in names(root):
        with contextlib.suppress(Unavailable):
            found.append(outline(name, root))
    return found


def delete(name: str, root: str | os.PathLike[str] | None = None) -> None:
    """Remove a collection from this machine for good, whosever it is; runs that were trained on it
    stay.

    Raises ValueError for what can't be a name, `Unavailable` where it isn't there or can't be
    removed.
    """
    path = path_of(name, root)
    with _problems_told(name, path):
        plain_files.remove(path)
    # What a process that was killed may have left of it.
    remove_old_parts(path.parent)


class OwnPictures(Stored):
    """A collection as a data set of the catalogue."""

    imports = ("import os", "from safetensors.torch import load_file")

    def __init__(self, outline: Outline) -> None:
        super().__init__(outline.title, "", ())
        self.outline = outline

    def where(self, root: str | os.PathLike[str] | None = None) -> Path:
        return where(root)

    def available(self, root: str | os.PathLike[str] | None = None) -> bool:
        return plain_files.is_plain(path_of(self.outline.name, root))

    def load(self, split: Split, root: Any = None, progress: Any = None) -> Pictures:
        if not self.available(root):
            # Deleted is deleted, from memory too.
            with self._lock:
                self._loaded.clear()
            raise Unavailable(f"{self.title} isn't on this machine any more")
        return super().load(split, root, progress)

    def read(self, split: Split, where: Path) -> Pictures:
        name = self.outline.name
        path = where / f"{name}{_SUFFIX}"
        with _problems_told(name, path), plain_files.open_plain(path) as file:
            collection = _collection(file, path)
            if collection.outline != self.outline:
                raise ValueError("it isn't the data set that it was")
            return collection.part(split)

    def fetch(self, root: Any = None, progress: Any = None) -> Path:
        if not self.available(root):
            raise Unavailable(f"{self.title} isn't on this machine any more")
        return self.where(root)

    def lines(self) -> str:
        return f"""\
# Pictures of one's own: another machine needs this file, and the name of its folder.
folder = os.environ.get("CNNVIZ_OWN", {str(where())!r})
pictures = load_file(os.path.join(folder, "{self.outline.name}{_SUFFIX}"))
held, every, of_class = pictures["held"], pictures["images"] / 255, pictures["labels"].long()
images, labels = every[~held], of_class[~held]
test_images, test_labels = every[held], of_class[held]"""


def _collection(file: BinaryIO, path: Path) -> Collection:
    """All of a file. Raises ValueError where it isn't what its header and its name say."""
    from safetensors.numpy import load as from_bytes

    outline = _header(file, path)
    file.seek(0)
    tensors = from_bytes(file.read())
    collection = Collection(
        outline.title,
        outline.classes,
        tensors["images"],
        tensors["labels"],
        tensors["held"],
        outline.frame,
        outline.owner,
    )
    if collection.outline != outline:
        raise ValueError("its content isn't what its name and its header say")
    return collection


@lru_cache(maxsize=1024)
def _outline(path: Path, _changed: int, _file: int, _size: int) -> Outline:
    with plain_files.open_plain(path) as file:
        return _header(file, path)


def _header(file: BinaryIO, path: Path) -> Outline:
    """What the file says is in it, held against how long it is and what it is called.

    Raises ValueError for anything that isn't a collection of allowed size.
    """
    size = os.fstat(file.fileno()).st_size
    length = int.from_bytes(file.read(8), "little")
    if not 2 <= length <= min(MOST_HEADER, size - 8):
        raise ValueError("it is no collection of pictures")
    try:
        header = json.loads(file.read(length))
        outline = Outline.from_dict(json.loads(header.pop("__metadata__")[_KEY]))
    except (AttributeError, KeyError, TypeError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError("it is no collection of pictures") from error
    count = outline.train + outline.test
    if count > MOST_PICTURES:
        raise ValueError(f"it has {count:,} pictures, more than {MOST_PICTURES:,}")
    shapes = {"images": [count, *outline.frame.shape], "labels": [count], "held": [count]}
    for name, kind in _TYPES.items():
        row = header.get(name)
        if not isinstance(row, dict) or (row.get("dtype"), row.get("shape")) != (
            kind,
            shapes[name],
        ):
            raise ValueError(f"its {name} aren't {kind} of shape {shapes[name]}")
    if len(header) != len(_TYPES) or size != 8 + length + sum(map(math.prod, shapes.values())):
        raise ValueError("it is longer or shorter than its pictures")
    if f"{outline.name}{_SUFFIX}" != path.name:
        raise ValueError(f"it is called {outline.name!r:.80} inside")
    return outline


@contextlib.contextmanager
def _problems_told(name: str, path: Path) -> Iterator[None]:
    """Raises `Unavailable`, in words, in place of what files raise."""
    from safetensors import SafetensorError

    try:
        yield
    except FileNotFoundError as error:
        raise Unavailable(f"{name} isn't on this machine (any more)") from error
    except OSError as error:
        raise Unavailable(
            f"{name} can't be read from {path.parent}: {error.strerror or error}"
        ) from error
    except (ValueError, SafetensorError) as error:
        raise Damaged(f"the file of {name} can't be used: {error}") from error
