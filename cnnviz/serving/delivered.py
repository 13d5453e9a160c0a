"""Which of the large messages that a browser keeps it still has as it is sent a reference to one.

A browser tells with all that it asks which messages it keeps, and lets one go that two runs haven't
used. Where runs end between its asking and the run that it asked for, some are gone by then, and a
reference to one ends its page ("Cached ForwardMsg MISS").
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass
class _Message:
    run: int
    """How many runs had ended when it was last sent, or referred to."""
    part: str
    """Of the page, by its fragment's id; empty where it is of none."""


class Delivered:
    """What one session's browser keeps, by its own rule and the order of what it was sent.

    Args:
        age: runs without a message until it is let go, as the browser is told. Here it is one less,
            as a message can reach the browser before it has seen to the end of the run before.
    """

    def __init__(self, age: int) -> None:
        self._age = age - 1
        self._lock = threading.Lock()
        self._runs = 0
        self._messages: dict[str, _Message] = {}
        self._ending: dict[str, tuple[str, ...]] = {}

    def ended(self, run: str, parts: Iterable[str]) -> None:
        """That run has ended, of which the browser isn't told yet; of the whole page, or of `parts`
        of it alone."""
        with self._lock:
            self._ending[run] = tuple(parts)

    def sent(self, messages: Iterable[Any]) -> None:
        """These are on their way to the browser (Streamlit's `ForwardMsg`), in this order."""
        with self._lock:
            for message in messages:
                if message.WhichOneof("type") == "script_finished":
                    self._told_of_end(message)
                elif message.HasField("ref_hash"):
                    if message.ref_hash in self._messages:
                        self._messages[message.ref_hash].run = self._runs
                elif message.metadata.cacheable and message.hash:
                    part = message.delta.fragment_id
                    known = self._messages.setdefault(message.hash, _Message(self._runs, part))
                    known.run = self._runs

    def kept(self, hashes: Iterable[str]) -> frozenset[str]:
        """Those of `hashes` that the browser will still have at what it is sent next."""
        with self._lock:
            messages, runs = self._messages, self._runs
            for parts in self._ending.values():
                runs += 1
                messages = self._after(messages, runs, parts)
            return frozenset(hashes) & messages.keys()

    def _told_of_end(self, message: Any) -> None:
        run = message.metadata.run
        # The browser is told of ends in their order: of one before this it won't be any more.
        while run.script_run_id in self._ending:
            del self._ending[next(iter(self._ending))]
        if message.script_finished != message.FINISHED_EARLY_FOR_RERUN:
            self._runs += 1
            self._messages = self._after(self._messages, self._runs, tuple(run.fragment_ids))

    def _after(
        self, messages: dict[str, _Message], runs: int, parts: tuple[str, ...]
    ) -> dict[str, _Message]:
        """What is kept of `messages` at the end of a run, the `runs`th."""
        return {
            hash: message
            for hash, message in messages.items()
            if runs - message.run <= self._age or (parts and message.part not in parts)
        }
