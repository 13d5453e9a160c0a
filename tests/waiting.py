"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable


def wait_for(condition: Callable[[], object], seconds: float = 180) -> float:
    """Until it holds: how long that took, in seconds; AssertionError when it never does."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() < began + seconds, "it never happened"
        time.sleep(0.01)
    return time.monotonic() - began
