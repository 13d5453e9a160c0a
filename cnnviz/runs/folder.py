"""A run is a folder: everything known about one training is in it, and nowhere else.

    <runs>/<name>/about.json       title, when it was made, whether it is pinned
                  config.json      every setting
                  events.jsonl     what happened, a line an event, only ever appended to
                  snapshots/       step-00000500.safetensors, the network at that step
                  state.safetensors  what resuming goes on from
                  control.json     what the page wants: pause, stop, a new learning rate
                  training.lock    locked by the process that trains it
                  queued.lock      locked by the process that will have it trained

The locks are the kernel's (`flock`), so they end with their process however it ends: a run that
says it is running is running. Nothing is pickled, names are checked before they become paths,
and no path comes out of a file's content.
"""

import contextlib
import errno
import fcntl
import json
import os
import re
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from cnnviz.files import write_atomically
from cnnviz.training.config import TrainingConfig, check

Status = Literal["queued", "running", "paused", "stopped", "finished", "failed", "interrupted"]

ABOUT, CONFIG, EVENTS, STATE, CONTROL = (
    "about.json",
    "config.json",
    "events.jsonl",
    "state.safetensors",
    "control.json",
)
SNAPSHOTS = "snapshots"
_TRAINING, _QUEUED, _IN_USE = "training.lock", "queued.lock", "in-use.lock"

KEEP_RUNS = 50
KEEP_MEGABYTES = 500
MAX_SMALL_FILE = 100_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class RunError(ValueError):
    """Something about a run that a person can be told."""


@dataclass(frozen=True)
class About:
    """What isn't a setting. `title` is the user's; `created` is in seconds since 1970."""

    title: str
    created: float
    pinned: bool = False


@dataclass(frozen=True)
class Control:
    """What the page wants of a run that trains; None: as it is."""

    wish: Literal["run", "pause", "stop"] = "run"
    learning_rate: float | None = None
    batch_size: int | None = None


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
    if folder.is_symlink() or not (folder / CONFIG).is_file():
        raise RunError(f"there is no run called {name!r}")
    return folder


def create(
    config: TrainingConfig,
    title: str | None = None,
    name: str | None = None,
    runs: Path | None = None,
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
        write_json(making / ABOUT, vars(About(_title(title or config.preset), now)))
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
    settings = _read_json(folder / CONFIG)
    try:
        return TrainingConfig.from_dict(settings)
    except (ValueError, TypeError) as error:
        raise RunError(f"the settings of run {folder.name} can't be used: {error}") from error


def about(folder: Path) -> About:
    """Title, date and pin; the folder's own name and date where the file says nothing usable."""
    found: dict[str, Any] = {}
    with contextlib.suppress(RunError):
        found = _read_json(folder / ABOUT)
    title, created = found.get("title"), found.get("created")
    if not isinstance(created, int | float) or not 0 <= created < 1e11:
        created = folder.stat().st_mtime if folder.exists() else 0.0
    return About(
        _title(title) if isinstance(title, str) else folder.name,
        float(created),
        found.get("pinned") is True,
    )


def rename(folder: Path, title: str) -> None:
    """Change the title; the folder stays where it is, so nothing that uses it notices."""
    write_json(folder / ABOUT, vars(replace(about(folder), title=_title(title))))


def pin(folder: Path, pinned: bool) -> None:
    """A pinned run is never deleted to make room."""
    write_json(folder / ABOUT, vars(replace(about(folder), pinned=pinned)))


def extend(folder: Path, epochs: int) -> None:
    """Let a run go on for longer: the one setting that may change before resuming."""
    old = config(folder)
    if epochs < old.epochs:
        raise RunError(f"epochs can only grow on resuming: it was {old.epochs}, got {epochs}")
    write_json(folder / CONFIG, replace(old, epochs=epochs).to_dict())


def is_active(folder: Path) -> bool:
    """Whether a living process trains it or has it in its queue."""
    return locked(folder / _TRAINING) or locked(folder / _QUEUED)


def is_training(folder: Path) -> bool:
    return locked(folder / _TRAINING)


def is_queued(folder: Path) -> bool:
    return locked(folder / _QUEUED)


def queued_since(folder: Path) -> float:
    """When the run was last put in the queue, in seconds since 1970; 0 if never."""
    try:
        return (folder / _QUEUED).lstat().st_mtime
    except OSError:
        return 0.0


def training_lock(folder: Path) -> contextlib.AbstractContextManager[None]:
    """Held while a process trains the run. Raises RunError when another one does."""
    return _exclusive(folder / _TRAINING, f"run {folder.name} is already being trained")


def queued_lock(folder: Path) -> contextlib.AbstractContextManager[None]:
    return _exclusive(folder / _QUEUED, f"run {folder.name} is already waiting its turn")


def use(folder: Path) -> Any:
    """An open file that keeps the run from being deleted to make room until it is closed."""
    descriptor = os.open(folder / _IN_USE, os.O_RDWR | os.O_CREAT, 0o644)
    file = os.fdopen(descriptor, "r+")
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def read_control(folder: Path) -> Control:
    """What is wanted; anything unusable counts as nothing wanted."""
    try:
        found = _read_json(folder / CONTROL)
    except RunError:
        return Control()
    wish = found.get("wish")
    learning_rate = batch_size = None
    with contextlib.suppress(ValueError):
        learning_rate = check("learning_rate", found.get("learning_rate"))
    with contextlib.suppress(ValueError):
        batch_size = check("batch_size", found.get("batch_size"))
    return Control(wish if wish in ("run", "pause", "stop") else "run", learning_rate, batch_size)


def send(folder: Path, **changes: Any) -> None:
    """Tell a run `wish="pause"`, `learning_rate=0.01`, ...; the rest stays.

    One that doesn't train takes up a new learning rate or batch size when it goes on.

    Raises:
        ValueError: for a learning rate or batch size out of range.
    """
    if changes.get("learning_rate") is not None:
        check("learning_rate", changes["learning_rate"])
    if changes.get("batch_size") is not None:
        check("batch_size", changes["batch_size"])
    write_json(folder / CONTROL, vars(replace(read_control(folder), **changes)))


def delete(folder: Path) -> None:
    """Remove a run for good. Raises RunError while it trains or waits to."""
    if is_active(folder):
        raise RunError(f"run {folder.name} is still training; stop it first")
    # Renamed first: a crash in the middle leaves no half a run that looks like a whole one.
    doomed = folder.with_name(f".deleted-{folder.name}-{uuid.uuid4().hex[:4]}")
    folder.rename(doomed)
    shutil.rmtree(doomed)


def limits() -> tuple[int, float]:
    """How many runs are kept, and how many megabytes of them.

    `CNNVIZ_KEEP_RUNS` and `CNNVIZ_KEEP_MB`, else 50 runs and 500 MB. Raises RunError for a
    setting that isn't such a number.
    """
    return _kept_runs(), _kept_megabytes()


def _kept_runs() -> int:
    return int(_setting("CNNVIZ_KEEP_RUNS", KEEP_RUNS))


def _kept_megabytes() -> float:
    return _setting("CNNVIZ_KEEP_MB", KEEP_MEGABYTES)


def prune(
    keep: int | None = None, megabytes: float | None = None, runs: Path | None = None
) -> list[str]:
    """Delete the oldest runs until at most `keep` are left, in at most so many megabytes.

    The defaults are those of `limits`. Runs that are pinned, train, wait or are looked at stay,
    whatever the limits. Returns what was deleted.
    """
    runs = runs or root()
    keep = _kept_runs() if keep is None else keep
    limit = 1_000_000 * (_kept_megabytes() if megabytes is None else megabytes)
    for leftover in (*runs.glob(".deleted-*"), *runs.glob(".new-*")):
        if time.time() - leftover.lstat().st_mtime > 3600:
            shutil.rmtree(leftover, ignore_errors=True)
    oldest_first = [runs / name for name in reversed(names(runs))]
    sizes = {folder: size(folder) for folder in oldest_first}
    deleted = []
    for folder in oldest_first:
        if len(sizes) <= keep and sum(sizes.values()) <= limit:
            break
        if about(folder).pinned or locked(folder / _IN_USE, shared=True):
            continue
        with contextlib.suppress(RunError, OSError):
            delete(folder)
            deleted.append(folder.name)
            del sizes[folder]
    return deleted


def size(folder: Path) -> int:
    """Bytes in the run's folder, links not followed."""
    total = 0
    for path, _, files in os.walk(folder):
        for file in files:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(path, file)).st_size
    return total


def snapshot_path(folder: Path, step: int) -> Path:
    return folder / SNAPSHOTS / f"step-{step:08d}.safetensors"


def write_json(path: Path, content: dict[str, Any]) -> None:
    write_atomically(path, json.dumps(content, indent=1).encode())


def locked(path: Path, shared: bool = False) -> bool:
    """Whether a process holds the lock `path`; `shared`: in whatever way, not only alone."""
    try:
        with open(path, "r+") as file:
            fcntl.flock(file, (fcntl.LOCK_EX if shared else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


@contextlib.contextmanager
def _exclusive(path: Path, problem: str) -> Iterator[None]:
    # Not created through a link: a run's folder may have been written by anyone.
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, 0o644), "r+") as file:
        deadline = time.monotonic() + 1
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if error.errno not in (errno.EAGAIN, errno.EACCES):
                    raise
                # Whoever merely looks at the lock holds it for a moment too.
                if time.monotonic() > deadline:
                    raise RunError(problem) from None
                time.sleep(0.005)
        os.utime(file.fileno())
        yield


def _place(name: str, runs: Path) -> Path:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise RunError(
            f"a run's name is letters, digits, dots, dashes and underscores, got {name!r}"
        )
    return runs / name


def _title(title: str) -> str:
    plain = "".join(c for c in " ".join(title.split()) if c.isprintable())[:80].strip()
    if not plain:
        raise RunError(f"a title needs at least one letter, got {title!r}")
    return plain


def _read_json(path: Path) -> dict[str, Any]:
    try:
        if path.is_symlink() or path.stat().st_size > MAX_SMALL_FILE:
            raise RunError(f"{path.name} is not a file this app wrote")
        content = json.loads(path.read_bytes())
    except RunError:
        raise
    except FileNotFoundError:
        raise RunError(f"{path.name} of run {path.parent.name} is missing") from None
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(f"{path.name} of run {path.parent.name} can't be read: {error}") from error
    if not isinstance(content, dict):
        raise RunError(f"{path.name} of run {path.parent.name} isn't what this app wrote")
    return content


def _setting(name: str, default: float) -> float:
    value = os.environ.get(name)
    try:
        number = float(value) if value else default
    except ValueError:
        number = -1.0
    if not number >= 0 or number == float("inf"):
        raise RunError(f"{name} must be a number of at least 0, got {value!r}")
    return number
