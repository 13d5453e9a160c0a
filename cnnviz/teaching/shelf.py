"""Where lessons lie on this machine, a file each, so that a reload or another day loses nothing.

Beside them lie the collections that runs were trained on (`cnnviz.datasets.own`); `delete` takes
those away with the lesson.
"""

import contextlib
import json
import re
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cnnviz import plain_files
from cnnviz.datasets import own
from cnnviz.datasets.outlines import is_name
from cnnviz.datasets.stored import Unavailable
from cnnviz.files import write_atomically
from cnnviz.networks.weight_files import MAX_BYTES
from cnnviz.teaching import files
from cnnviz.teaching.files import NOT_LEARNT, Kept

MOST_TRACES = 1_000_000
"""Bytes."""

_saving = threading.Lock()
_NAME = re.compile(r"[0-9a-f]{24}")


def new_name() -> str:
    """For a lesson that isn't there yet; nobody guesses it, and whoever knows it may open it."""
    return secrets.token_hex(12)


def where() -> Path:
    """The folder of the lessons."""
    return own.where() / "lessons"


def path_of(name: str) -> Path:
    """Raises ValueError for what can't be a lesson's name."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(f"a drawing set's name is 24 digits and letters up to f, got {name!r:.60}")
    return where() / f"{name}.safetensors"


@dataclass(frozen=True)
class Traces:
    """What else there is of a lesson on this machine: `collections` that runs were trained on, and
    the name of the last `run`. By a drawing's id, `labels` and `held` as in `Taught`: what the run
    learns from, until its network is in the lesson's file."""

    collections: tuple[str, ...] = ()
    run: str | None = None
    labels: Mapping[int, int] = field(default_factory=dict)
    held: frozenset[int] = frozenset()


Stamp = tuple[int, int] | None
"""Tells one state of a lesson's file from another; None where there is none."""


class ChangedElsewhereError(ValueError):
    """The file isn't any more what it was when it was read."""


def stamp(name: str) -> Stamp:
    try:
        found = path_of(name).lstat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def save(name: str, kept: Kept, traces: Traces, seen: Stamp) -> Stamp:
    """Keep it, each file whole or not at all; returns the stamp of what is there then. Collections
    that were there already are kept in mind.

    Raises ChangedElsewhereError, and saves nothing, where the stamp isn't `seen`; ValueError where
    the disk won't.
    """
    with _saving:
        if stamp(name) != seen:
            raise ChangedElsewhereError("the drawing set has been changed in another tab")
        _write(name, kept, traces)
        return stamp(name)


def _write(name: str, kept: Kept, traces: Traces) -> None:
    path = path_of(name)
    told = {
        "collections": _collections(name, traces),
        "run": traces.run,
        "labels": list(traces.labels.items()),
        "held": sorted(traces.held),
    }
    try:
        # First: whatever lies here can be deleted.
        write_atomically(_beside(path), json.dumps(told).encode())
        write_atomically(path, files.to_bytes(kept))
    except OSError as error:
        raise ValueError(
            f"The drawings can't be kept in {path.parent}: {error.strerror or error}. They are "
            "there until this page is closed."
        ) from error


def load(name: str) -> Kept:
    """Raises ValueError, in a sentence, where it isn't there or can't be read."""
    path = path_of(name)
    try:
        content = plain_files.read(path, MAX_BYTES)
    except FileNotFoundError:
        raise ValueError("That drawing set isn't on this machine any more.") from None
    except OSError as error:
        raise ValueError(f"That drawing set can't be read: {error.strerror or error}.") from error
    return files.from_bytes(content, path.name)


def traces(name: str) -> Traces:
    """Of a lesson that was saved; none where nothing usable is told."""
    told: Any = None
    with contextlib.suppress(OSError, ValueError, RecursionError):
        told = json.loads(plain_files.read(_beside(path_of(name)), MOST_TRACES))
    if not isinstance(told, dict):
        return Traces()
    listed, run = told.get("collections"), told.get("run")
    labels: dict[int, int] = {}
    held: frozenset[int] = frozenset()
    with contextlib.suppress(KeyError, TypeError, ValueError, OverflowError):
        rows = [(int(id), int(label)) for id, label in told["labels"]]
        labels = {id: label for id, label in rows if 0 <= label < NOT_LEARNT}
        held = frozenset(map(int, told["held"])) & labels.keys()
    return Traces(
        tuple(filter(is_name, listed)) if isinstance(listed, list) else (),
        run if isinstance(run, str) else None,
        labels,
        held,
    )


def delete(name: str, traces: Traces) -> None:
    """Remove the lesson, and the collections that were made of it, from this machine for good.

    What isn't there needn't be removed. Raises ValueError, saying why, where it can't be.
    """
    path = path_of(name)
    try:
        for collection in _collections(name, traces):
            if own.path_of(collection).exists():
                own.delete(collection)
        for file in (path, _beside(path)):
            with contextlib.suppress(FileNotFoundError):
                file.unlink()
    except (OSError, Unavailable) as error:
        raise ValueError(f"The drawings can't all be deleted: {error}.") from error


def _collections(name: str, more: Traces) -> list[str]:
    """Those of `more`, and those that another page told of."""
    return list(dict.fromkeys((*traces(name).collections, *more.collections)))


def _beside(path: Path) -> Path:
    return path.with_suffix(".json")
