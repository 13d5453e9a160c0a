"""What people want of a run: written by whoever watches it, read by whoever trains it."""

import contextlib
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from cnnviz.runs import folders
from cnnviz.training.config import check


@dataclass(frozen=True)
class Wanted:
    """The content of `control.json`; None: as it is."""

    wish: Literal["run", "pause", "stop"] = "run"
    learning_rate: float | None = None
    batch_size: int | None = None


_sending = threading.Lock()


def read(folder: Path) -> Wanted:
    """What is wanted; anything unusable counts as nothing wanted."""
    try:
        found = folders.read_json(folder / folders.CONTROL)
    except folders.RunError:
        return Wanted()
    wish = found.get("wish")
    learning_rate = batch_size = None
    with contextlib.suppress(ValueError):
        learning_rate = check("learning_rate", found.get("learning_rate"))
    with contextlib.suppress(ValueError):
        batch_size = check("batch_size", found.get("batch_size"))
    return Wanted(wish if wish in ("run", "pause", "stop") else "run", learning_rate, batch_size)


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
    # Two people at once: neither writes back what the other has just changed.
    with _sending:
        wanted = replace(read(folder), **changes)
        folders.write_json(folder / folders.CONTROL, vars(wanted))
