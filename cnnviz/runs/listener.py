"""What is wanted of a run, told to its training before each step."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cnnviz.runs import control, folders
from cnnviz.runs.writer import Writer
from cnnviz.training.events import Control, Wish

LOOK_EVERY = 0.02
"""Seconds between two looks at what is wanted of the run."""


class Listener:
    """Tells training what is wanted of it: by `wishes`, and in the folder's `control.json`.

    Called before each step.
    """

    def __init__(
        self,
        folder: Path,
        wishes: Control,
        abandoned: Callable[[], bool],
        writer: Writer,
    ) -> None:
        self.folder = folder
        self.wishes = wishes
        self.abandoned = abandoned
        self.writer = writer
        self.pausing = False  # the state has been asked for: once it is saved, training ends
        self.wanted = control.Wanted()
        self.version: tuple[int, int] | None = None
        self.next_look = time.monotonic()

    def __call__(self) -> Wish | None:
        wish = self.wishes()
        if wish is not None and wish.stop:
            return wish
        if time.monotonic() < self.next_look:
            return wish
        self.next_look = time.monotonic() + LOOK_EVERY
        if self._has_changed() or self.abandoned():
            return self._follow(wish or Wish())
        if self.writer.wants_to_save:
            return replace(wish or Wish(), save=True)
        return wish

    def _follow(self, wish: Wish) -> Wish:
        """`wish`, with what `control.json` wants besides."""
        if self.wanted.wish == "stop" or self.abandoned():
            return replace(wish, stop=True)
        if self.wanted.wish == "pause":
            self.pausing = True
        return Wish(
            save=self.pausing or wish.save,
            learning_rate=wish.learning_rate or self.wanted.learning_rate,
            batch_size=wish.batch_size or self.wanted.batch_size,
        )

    def _has_changed(self) -> bool:
        """Read `control.json` again if it is another than was read last."""
        version = None
        with contextlib.suppress(OSError):
            status = (self.folder / folders.CONTROL).lstat()
            version = (status.st_mtime_ns, status.st_ino)
        if version == self.version:
            return False
        self.version = version
        self.wanted = control.read(self.folder)
        return True

    def pauses(self) -> bool:
        """Whether training is to end here, its state saved, until it is asked to go on."""
        if not self.pausing:
            return False
        # Whoever has changed their mind meanwhile needs no new turn.
        self.pausing = False
        self._has_changed()
        return self.wanted.wish == "pause"
