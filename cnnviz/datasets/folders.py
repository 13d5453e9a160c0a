"""A folder, or a zip, that has a folder of pictures a class: made into a collection.

    symbols/sun/1.png, symbols/sun/2.jpg, symbols/moon/1.png …

What nobody packs by mistake (a path that leads out, a link, an encrypted entry, a name twice, more
than a collection can have) is refused as a whole, and named. What can't be read as a picture is
left out, and named too. Every picture is made to the collection's shape as an upload on the draw
page is: in colour its middle, or its ink, found on the paper, cropped and centred.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from cnnviz import plain_files
from cnnviz.datasets.collection import Collection
from cnnviz.datasets.outlines import MOST_PICTURES
from cnnviz.drawing.frames import Frame
from cnnviz.drawing.pictures import MAX_BYTES
from cnnviz.spelling import fixed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_PACKED = 500 * 1000 * 1000
"""Bytes of a zip file."""

MOST_UNPACKED = 2000 * 1000 * 1000
"""Bytes of all its pictures together, as it says; each may have `pictures.MAX_BYTES`."""

MOST_FILES = 2 * MOST_PICTURES
"""Entries, folders and what is left out included."""

_MOST_DIRECTORY = 20 * 1000 * 1000
"""Bytes of a zip's list of entries, which is read as a whole before anything else is known."""

_IGNORED = {"Thumbs.db", "desktop.ini", "__MACOSX"}

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Made:
    """A collection, and what was left out of it: a sentence each, beginning with its path."""

    collection: Collection
    skipped: tuple[str, ...]


@dataclass(frozen=True)
class _Entry:
    """A file by its path, the parts of it, and how its content is read."""

    parts: tuple[str, ...]
    read: Callable[[], bytes]

    @property
    def path(self) -> str:
        """As it can be shown: a name on disk can be any bytes."""
        return "".join(c if c.isprintable() else "�" for c in "/".join(self.parts))


def collection_of(
    source: Path | IO[bytes],
    title: str,
    channels: int = 1,
    side: int = 28,
    progress: Progress | None = None,
    owner: str | None = None,
) -> Made:
    """The pictures of a folder or a zip (a path, or the opened file) as a collection.

    They become `channels` (1 or 3) by `side` by `side` pixels (8 to 64). Folders are its classes,
    the numbers in their names in order of size. `progress(done, total)` counts files. It belongs to
    the person of the digest `owner`, or to everybody. Raises ValueError, in words for people, for a
    source that is refused or has no collection in it.
    """
    frame = Frame.like_mnist((channels, side, side))
    if isinstance(source, Path):
        if source.is_dir():
            return _made(list(_in_folder(source.resolve())), title, frame, progress, owner)
        try:
            with plain_files.open_plain(source) as file:
                return collection_of(file, title, channels, side, progress, owner)
        except OSError as error:
            raise ValueError(f"{source} can't be read: {error.strerror or error}") from error
    _check_packed(source)
    with _opened(source) as archive:
        return _made(_in_zip(archive), title, frame, progress, owner)


def _made(
    entries: list[_Entry], title: str, frame: Frame, progress: Progress | None, owner: str | None
) -> Made:
    import numpy as np

    placed, skipped = _placed(entries)
    if len(placed) > MOST_PICTURES:
        raise ValueError(f"There may be at most {MOST_PICTURES:,} pictures, got {len(placed):,}.")
    pictures: dict[str, list[NDArray[np.uint8]]] = {}
    for done, entry in enumerate(placed, start=1):
        try:
            picture = _picture(entry, frame)
        except ValueError as error:
            skipped.append(f"{entry.path}: {error}")
        else:
            pictures.setdefault(entry.parts[0].strip(), []).append(picture)
        if progress is not None:
            progress(done, len(placed))
    if not pictures:
        found = f" ({skipped[0]})" if skipped else ""
        raise ValueError(f"There is no picture in a folder of its class{found}.")
    classes = sorted(pictures, key=_in_order)
    labels = np.repeat(np.arange(len(classes)), [len(pictures[name]) for name in classes])
    images = np.stack([picture for name in classes for picture in pictures[name]])
    collection = Collection(title, tuple(classes), images, labels, frame=frame, owner=owner)
    return Made(collection, tuple(skipped))


def _placed(entries: list[_Entry]) -> tuple[list[_Entry], list[str]]:
    """The files that lie in a class's folder, and a sentence for each other."""
    placed, skipped = [], []
    kept = (entry for entry in entries if not any(map(_is_ignored, entry.parts)))
    for entry in _without_the_folder_of_all(sorted(kept, key=lambda entry: entry.parts)):
        if len(entry.parts) == 2:
            placed.append(entry)
        elif len(entry.parts) < 2:
            skipped.append(f"{entry.path}: it lies in no class's folder")
        else:
            skipped.append(f"{entry.path}: it lies in a folder within a class's folder")
    return placed, skipped


def _picture(entry: _Entry, frame: Frame) -> NDArray[np.uint8]:
    """(C, H, W). Raises ValueError for what can't be read as one."""
    import numpy as np

    from cnnviz.drawing import sources

    source = sources.picture_for(frame, entry.read(), entry.parts[-1])
    seen = sources.seen(source, None, centre=True, frame=frame)
    return np.round(seen.image * 255).astype(np.uint8)


def _is_ignored(part: str) -> bool:
    """Whether systems leave such files and folders everywhere: not worth a word."""
    return part in _IGNORED or part.startswith(".")


def _without_the_folder_of_all(entries: list[_Entry]) -> list[_Entry]:
    """The same from one level deeper, where all lie in one folder: packed with the folder itself,
    or chosen a folder too high."""
    tops = {entry.parts[0] for entry in entries if len(entry.parts) > 1}
    deeper = any(len(entry.parts) > 2 for entry in entries)
    if len(tops) != 1 or not deeper or any(len(entry.parts) == 1 for entry in entries):
        return entries
    return [_Entry(entry.parts[1:], entry.read) for entry in entries]


def _in_order(name: str) -> list[tuple[int, int, str]]:
    """Digits count as numbers: 2 before 10."""
    return [
        (0, int(part), "") if part.isdecimal() else (1, 0, part.casefold())
        for part in re.split(r"(\d{1,15})", name)
        if part
    ]


def _in_folder(root: Path) -> Iterator[_Entry]:
    count = 0
    waiting: list[tuple[Path, tuple[str, ...]]] = [(root, ())]
    while waiting:
        folder, before = waiting.pop()
        try:
            with os.scandir(folder) as scanned:
                found = sorted(scanned, key=lambda entry: entry.name)
        except OSError as error:
            raise ValueError(f"{folder} can't be read: {error.strerror}") from error
        for entry in found:
            if _is_ignored(entry.name):
                continue
            parts = (*before, entry.name)
            count += 1
            if count > MOST_FILES:
                raise ValueError(f"{root} has more than {MOST_FILES:,} files.")
            if entry.is_symlink():
                raise ValueError(f"{'/'.join(parts)} is a link, and links aren't followed.")
            if entry.is_dir(follow_symlinks=False):
                # Deeper than a class in the folder of all, no picture is taken.
                if len(parts) <= 3:
                    waiting.append((Path(entry.path), parts))
            else:
                yield _Entry(parts, lambda path=Path(entry.path): _content(path))


def _content(path: Path) -> bytes:
    try:
        return plain_files.read(path, MAX_BYTES)
    except OSError as error:
        raise ValueError(f"it can't be read: {error.strerror or error}") from error


def _check_packed(file: IO[bytes]) -> None:
    """Before its list of entries is read: how long that is, and how long the file."""
    size = file.seek(0, os.SEEK_END)
    if size > MOST_PACKED:
        raise ValueError(
            f"The zip has {fixed(size / 1e6, 0)} MB; it may have at most {MOST_PACKED // 10**6} MB."
        )
    # The end record with the longest comment, and before it the 20 bytes that say zip64.
    file.seek(max(0, size - 65_557 - 20))
    tail = file.read()
    file.seek(0)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < 22:
        raise ValueError("This is no zip file, or it is cut off.")
    # There the list's place and length stand once more, and those count.
    if end >= 20 and tail[end - 20 : end - 16] == b"PK\x06\x07":
        raise ValueError(
            "This is a zip for more than 65,535 files or 4 GB (zip64), which isn't read; "
            "pack fewer pictures, or choose another way of packing."
        )
    entries, length = struct.unpack("<HI", tail[end + 10 : end + 16])
    if entries == 0xFFFF or length > _MOST_DIRECTORY:
        raise ValueError(f"The zip has more than {MOST_FILES:,} files, or is damaged.")


def _opened(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    # Of hostile bytes, anything: a version that Python doesn't know, a place before the start.
    except (zipfile.BadZipFile, struct.error, ValueError, OSError, RuntimeError) as error:
        raise ValueError(f"The zip is damaged: {error}.") from error


def _in_zip(archive: zipfile.ZipFile) -> list[_Entry]:
    """Its files, none of which has been read. Raises ValueError for one that shouldn't be there."""
    infos = archive.infolist()
    if len(infos) > MOST_FILES:
        raise ValueError(f"The zip has more than {MOST_FILES:,} files.")
    if sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise ValueError(
            f"Unpacked, the zip would have more than {MOST_UNPACKED // 10**6:,} MB: it is refused."
        )
    entries, seen = [], set()
    for info in infos:
        name = info.filename
        parts = PurePosixPath(name).parts
        if (
            not parts
            or "\\" in name
            or "\0" in info.orig_filename
            or name.startswith("/")
            or ".." in parts
            or re.match(r"[A-Za-z]:", name)
        ):
            raise ValueError(f"{name!r:.100} would lead out of the zip's own folder.")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise ValueError(f"{name!r:.100} is a link, and links aren't followed.")
        if info.flag_bits & 1:
            raise ValueError(f"{name!r:.100} is encrypted; pack it without a password.")
        if info.is_dir():
            continue
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"{name!r:.100} is packed in a way that isn't read; deflate is.")
        if parts in seen:
            raise ValueError(f"{name!r:.100} is in the zip twice.")
        seen.add(parts)
        entries.append(_Entry(parts, lambda info=info: _unpacked(archive, info)))
    return entries


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """What is in an entry, of which no more is unpacked than a picture may have."""
    if info.file_size > MAX_BYTES:
        raise ValueError(f"it has more than {MAX_BYTES // 10**6} MB, the most of a picture")
    try:
        with archive.open(info) as file:
            content = file.read(MAX_BYTES + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,  # a place before the file's start
        RuntimeError,  # of which NotImplementedError is one: a version that Python doesn't know
        struct.error,
        ValueError,
    ) as error:
        raise ValueError(f"it is damaged in the zip ({error})") from error
    if len(content) > MAX_BYTES:
        raise ValueError(f"it has more than {MAX_BYTES // 10**6} MB, the most of a picture")
    return content
