"""Who runs now and who waits, where more pages want to run than there are processors.

Python runs one thread at a time, and all that want to run ask for their turn every few
milliseconds. With some hundred of them that costs more than what they do: two hundred people's
strokes, which take 8 ms each, were answered at six a second. So a few run, and the others sleep.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable

PLACES = 2
PATIENCE = 0.25
"""Seconds for which a long run keeps its place; then it goes on, and others begin beside it."""


class Turns:
    """At most `places` run at once; the others come in the order in which they asked.

    A run that takes longer than `patience` seconds gives up its place and goes on: no more than one
    in so many seconds, for where all are slow since there are too many, more would make it worse.
    """

    def __init__(
        self,
        places: int = PLACES,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._places, self._patience, self._clock = places, patience, clock
        self._lock = threading.Lock()
        self._running: dict[Hashable, float] = {}  # since when
        self._line: deque[tuple[Hashable, threading.Event]] = deque()
        self._moved = clock()  # when a long run last gave up its place

    def take(self, who: Hashable) -> None:
        """Return once it is the turn of `who`, which has none yet."""
        called = threading.Event()
        with self._lock:
            self._line.append((who, called))
            self._call()
        while not called.wait(self._patience):
            with self._lock:
                self._call()

    def give_back(self, who: Hashable) -> None:
        """The run of `who` is over; it may have had no turn, or have lost it for being long."""
        with self._lock:
            if self._running.pop(who, None) is not None:
                self._call()

    def _call(self) -> None:
        now = self._clock()
        if self._line and len(self._running) >= self._places:
            longest = min(self._running, key=self._running.__getitem__)
            if now - max(self._running[longest], self._moved) >= self._patience:
                del self._running[longest]
                self._moved = now
        while self._line and len(self._running) < self._places:
            who, called = self._line.popleft()
            self._running[who] = now
            called.set()
