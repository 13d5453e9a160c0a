"""What trains runs: anything with the interface of `concurrent.futures.Executor`.

One warm worker process (loky's: the standard pool starts its workers by running the main module
again, which under Streamlit is the page), or what the setting `CNNVIZ_EXECUTOR=module:callable`
returns, for instance a cluster's (docs/running.md).
"""

import contextlib
import importlib
import os
import signal
import time
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any, cast

from loky import ProcessPoolExecutor

from cnnviz.runs import worker
from cnnviz.runs.folders import RunError


def make_executor() -> Executor:
    """One warm worker process, or the executor that `CNNVIZ_EXECUTOR` names.

    Raises:
        RunError: when the setting names nothing that makes an executor.
    """
    setting = os.environ.get("CNNVIZ_EXECUTOR")
    if not setting:
        return LocalWorker()
    module, _, name = setting.partition(":")
    try:
        return getattr(importlib.import_module(module), name)()
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        raise RunError(
            f"CNNVIZ_EXECUTOR must be module:callable, got {setting!r}: {error}"
        ) from error


class LocalWorker(ProcessPoolExecutor):
    """One process, warmed in the background, that can be ended whatever it is doing."""

    def __init__(self) -> None:
        super().__init__(max_workers=1, initializer=worker.become_worker, initargs=(os.getpid(),))
        self._process = self.submit(os.getpid)

    def end(self) -> None:
        """Its run fails as if it had crashed, which leaves it resumable."""
        if self._process.done() and self._process.exception() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.result(), signal.SIGKILL)
        else:
            self.shutdown(wait=False, kill_workers=True)  # still warming up


def workers(executor: Executor) -> int:
    """How many runs it trains at once.

    It may say so itself, by `workers`. Of Dask's the worker processes count: in one process runs
    wait for one another, whatever its threads.
    """
    told: Any = getattr(executor, "workers", None)
    if told is not None:
        return cast(int, told() if callable(told) else told)
    client: Any = getattr(executor, "_client", None)
    if hasattr(client, "nthreads"):
        return len(client.nthreads())
    return 1


def give(executor: Executor, folder: Path) -> "Future[None]":
    # Another argument each time: to Dask the same call is the same result.
    return executor.submit(worker.work, str(folder), time.time_ns())


def discard(executor: Executor) -> None:
    # What is wrong with it may keep it from ending in good order too.
    with contextlib.suppress(Exception):
        if isinstance(executor, LocalWorker):
            executor.end()  # and nothing more: another shutdown would take back that it is killed
        else:
            executor.shutdown(wait=False)
