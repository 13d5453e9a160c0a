"""Deleting runs: one that is asked for, and the oldest to make room."""

import contextlib
import os
import shutil
import time
import uuid
from pathlib import Path

from cnnviz.runs import folders, locks
from cnnviz.runs.folders import RunError

KEEP_RUNS = 50
KEEP_MEGABYTES = 500


def delete(folder: Path) -> None:
    """Remove a run for good. Raises RunError while it trains or waits to."""
    if locks.is_active(folder):
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


def prune(
    keep: int | None = None, megabytes: float | None = None, runs: Path | None = None
) -> list[str]:
    """Delete the oldest runs until at most `keep` are left, in at most so many megabytes.

    The defaults are those of `limits`. Runs that are pinned, train, wait or are looked at stay,
    whatever the limits. Returns what was deleted.
    """
    runs = runs or folders.root()
    keep = _kept_runs() if keep is None else keep
    limit = 1_000_000 * (_kept_megabytes() if megabytes is None else megabytes)
    _remove_leftovers(runs)
    oldest_first = [runs / name for name in reversed(folders.names(runs))]
    sizes = {folder: size(folder) for folder in oldest_first}
    deleted = []
    for folder in oldest_first:
        if len(sizes) <= keep and sum(sizes.values()) <= limit:
            break
        if folders.about(folder).pinned or locks.is_in_use(folder):
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


def _remove_leftovers(runs: Path) -> None:
    """What a crash left of making or deleting a run, an hour ago or longer."""
    for leftover in (*runs.glob(".deleted-*"), *runs.glob(".new-*")):
        with contextlib.suppress(OSError):
            if time.time() - leftover.lstat().st_mtime > 3600:
                shutil.rmtree(leftover, ignore_errors=True)


def _kept_runs() -> int:
    return int(_setting("CNNVIZ_KEEP_RUNS", KEEP_RUNS))


def _kept_megabytes() -> float:
    return _setting("CNNVIZ_KEEP_MB", KEEP_MEGABYTES)


def _setting(name: str, default: float) -> float:
    value = os.environ.get(name)
    try:
        number = float(value) if value else default
    except ValueError:
        number = -1.0
    if not number >= 0 or number == float("inf"):
        raise RunError(f"{name} must be a number of at least 0, got {value!r}")
    return number
