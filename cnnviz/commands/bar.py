"""The one progress bar of the terminal: a line of stderr that is drawn over and over."""

import math
import sys
import time

from cnnviz.spelling import fixed

WIDTH = 30
EVERY = 0.1
"""Seconds between two drawings, but for the first and the full bar."""


class Bar:
    """`title [####....] words`; nothing at all where stderr isn't a screen."""

    def __init__(self) -> None:
        self._drawn = -math.inf
        self._width = 0

    def show(self, title: str, share: float, words: str) -> None:
        """Draw the bar with `share` (0 to 1) of it filled."""
        now = time.monotonic()
        if not sys.stderr.isatty() or (share < 1 and now - self._drawn < EVERY):
            return
        self._drawn = now
        filled = round(WIDTH * min(1.0, max(0.0, share)))
        line = f"{title} [{'#' * filled}{'.' * (WIDTH - filled)}] {words}"
        # As wide as the line before, or its end would stay.
        print(f"\r{line:{self._width}}", end="", file=sys.stderr, flush=True)
        self._width = len(line)

    def wipe(self) -> None:
        """Clear the line for what is printed next."""
        if self._width:
            print(f"\r{' ' * self._width}\r", end="", file=sys.stderr, flush=True)
        self._width, self._drawn = 0, -math.inf

    def end(self) -> None:
        """Leave the bar as it is, and go to the next line."""
        if self._width:
            print(file=sys.stderr, flush=True)
        self._width, self._drawn = 0, -math.inf


class DownloadBar(Bar):
    """How much of `title` has come: called with bytes done, and bytes in all."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title

    def __call__(self, done: int, total: int) -> None:
        self.show(self.title, done / total, f"{fixed(done / 1e6, 1)} of {fixed(total / 1e6, 1)} MB")
