"""A run is a folder: everything known about one training is in it, and nowhere else.

    <runs>/<name>/about.json       title, when it was made, whether it is pinned, whose it is
                  config.json      every setting
                  events.jsonl     what happened, a line an event, only ever appended to; of many
                                   steps not all (`history.is_kept`)
                  snapshots/       step-00000500.safetensors, the network at that step
                  state.safetensors  what resuming goes on from
                  control.json     what the page wants: pause, stop, a new learning rate
                  training.lock    locked by the process that trains it
                  queued.lock      locked by the process that will have it trained

The locks are the kernel's (`flock`), so they end with their process however it ends: a run that
says it is running is running. Nothing is pickled, names are checked before they become paths,
no path comes out of a file's content, and no link is followed.
"""

import contextlib
import json
import os
import re
import shutil
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cnnviz import people, plain_files
from cnnviz.training.config import TrainingConfig

ABOUT, CONFIG, EVENTS, STATE, CONTROL, SNAPSHOTS = (
    "about.json",
    "config.json",
    "events.jsonl",
    "state.safetensors",
    "control.json",
    "snapshots",
)
MAX_SMALL_FILE = 100_000
"""Bytes of a JSON file; ours have a few hundred."""

MAX_SNAPSHOT = 100_000_000
"""Bytes of a snapshot; ten times the largest network that the settings allow."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_changing = threading.Lock()


class RunError(ValueError):
    """Something about a run that a person can be told."""


@dataclass(frozen=True)
class About:
    """What isn't a setting. `title` is the user's; `created` is in seconds since 1970; `owner` is
    the digest of whoever it belongs to (`cnnviz.people`), None where that is nobody."""

    title: str
    created: float
    pinned: bool = False
    owner: str | None = None


def root() -> Path:
    """Where runs are kept: `CNNVIZ_RUNS`, else the user's data folder."""
    if chosen := os.environ.get("CNNVIZ_RUNS"):
        return Path(chosen).expanduser().absolute()
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "cnnviz" / "runs"


def find(name: str, runs: Path | None = None) -> Path:
    """The folder of the run called `name`, which never leaves the runs' own folder.

    Raises:
        RunError: for a name that can't be one, and a run that isn't there.
    """
    folder = _place(name, runs or root())
    if folder.is_symlink() or not plain_files.is_plain(folder / CONFIG):
        raise RunError(f"there is no run called {name!r}")
    return folder


def create(
    config: TrainingConfig,
    title: str | None = None,
    name: str | None = None,
    runs: Path | None = None,
    owner: str | None = None,
) -> Path:
    """A new run's folder, complete with its settings; it appears whole or not at all."""
    runs = runs or root()
    now = time.time()
    stamp = datetime.fromtimestamp(now).strftime("%Y%m%d-%H%M%S")
    folder = _place(name or f"{stamp}-{config.preset}-{uuid.uuid4().hex[:4]}", runs)
    runs.mkdir(parents=True, exist_ok=True)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RunError(f"{folder.name} is already there; a run needs a folder of its own")
    making = Path(tempfile.mkdtemp(prefix=".new-", dir=runs))
    try:
        (making / SNAPSHOTS).mkdir()
        write_json(making / CONFIG, config.to_dict())
        write_json(making / ABOUT, vars(About(_title(title or config.preset), now, owner=owner)))
        (making / EVENTS).touch()
        making.chmod(0o755)
        making.rename(folder)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return folder


def names(runs: Path | None = None) -> list[str]:
    """Every run's name, newest first, unreadable ones included."""
    runs = runs or root()
    with contextlib.suppress(OSError):
        found = [
            entry.name
            for entry in os.scandir(runs)
            if _NAME.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
        ]
        return sorted(found, key=lambda name: about(runs / name).created, reverse=True)
    return []


def config(folder: Path) -> TrainingConfig:
    """The run's settings. Raises RunError when they can't be read or don't make sense."""
    settings = read_json(folder / CONFIG)
    try:
        return TrainingConfig.from_dict(settings)
    except (ValueError, TypeError) as error:
        raise RunError(f"the settings of run {folder.name} can't be used: {error}") from error


def about(folder: Path) -> About:
    """Title, date, pin and owner; the folder's own name and date where the file says nothing
    usable."""
    found: dict[str, Any] = {}
    with contextlib.suppress(RunError):
        found = read_json(folder / ABOUT)
    title = folder.name
    with contextlib.suppress(RunError):
        title = _title(found.get("title"))
    created = found.get("created")
    if not isinstance(created, int | float) or not 0 <= created < 1e11:
        created = 0.0
        with contextlib.suppress(OSError):
            created = folder.stat().st_mtime
    owner = people.checked_digest(found.get("owner"))
    return About(title, float(created), found.get("pinned") is True, owner)


def rename(folder: Path, title: str) -> None:
    """Change the title; the folder stays where it is, so nothing that uses it notices."""
    _change(folder, title=_title(title))


def pin(folder: Path, pinned: bool) -> None:
    """A pinned run is never deleted to make room."""
    _change(folder, pinned=pinned)


def claim(folder: Path, owner: str) -> None:
    """What was nobody's is the owner's from now on; what is somebody's stays theirs."""
    _change(folder, lambda now: now.owner is None, owner=owner)


def _change(
    folder: Path, where: Callable[[About], bool] = lambda now: True, **changes: Any
) -> None:
    # Two people at once: neither writes back what the other has just changed.
    with _changing:
        now = about(folder)
        if where(now):
            write_json(folder / ABOUT, vars(replace(now, **changes)))


def extend(folder: Path, epochs: int) -> None:
    """Let a run go on for longer: the one setting that may change before resuming."""
    old = config(folder)
    if epochs < old.epochs:
        raise RunError(f"epochs can only grow on resuming: it was {old.epochs}, got {epochs}")
    write_json(folder / CONFIG, replace(old, epochs=epochs).to_dict())


def snapshot_path(folder: Path, step: int) -> Path:
    return folder / SNAPSHOTS / f"step-{step:08d}.safetensors"


def read_snapshot(folder: Path, step: int) -> bytes:
    """The safetensors file of the network at a snapshot's step.

    Raises:
        OSError: when there is no such plain file.
    """
    return plain_files.read(snapshot_path(folder, step), MAX_SNAPSHOT)


def write_json(path: Path, content: dict[str, Any]) -> None:
    plain_files.write(path, json.dumps(content, indent=1).encode())


def read_json(path: Path) -> dict[str, Any]:
    """The object in a run's JSON file. Raises RunError when there is none to be had."""
    said = f"{path.name} of run {path.parent.name}"
    try:
        content = json.loads(plain_files.read(path, MAX_SMALL_FILE))
    except FileNotFoundError:
        raise RunError(f"{said} is missing") from None
    except OSError as error:
        raise RunError(f"{said} can't be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise RunError(f"{said} can't be read: {error}") from error
    if not isinstance(content, dict):
        raise RunError(f"{said} isn't what this app wrote")
    return content


def _place(name: str, runs: Path) -> Path:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise RunError(
            f"a run's name is letters, digits, dots, dashes and underscores, got {name!r}"
        )
    return runs / name


def _title(title: object) -> str:
    plain = ""
    if isinstance(title, str):
        plain = "".join(c for c in " ".join(title.split()) if c.isprintable())[:80].strip()
    if not plain:
        raise RunError(f"a title needs at least one letter, got {title!r}")
    return plain
