"""The queue of runs and the executor that trains them, one at a time.

The executor is anything with the interface of `concurrent.futures.Executor`: one warm worker
process (loky's: the standard pool starts its workers by running the main module again, which
under Streamlit is the page), or what the setting `CNNVIZ_EXECUTOR=module:callable` returns, for
instance a cluster's:

    # mycluster.py
    from distributed import Client
    def executor():
        return Client("tcp://scheduler:8786").get_executor()

Its workers need cnnviz, the images, and the folder of the runs under the same path, on a file
system with `flock`.
"""

import contextlib
import importlib
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import lru_cache
from pathlib import Path

from loky import ProcessPoolExecutor

from cnnviz.runs import folder as runs
from cnnviz.runs import recorder
from cnnviz.runs import worker
from cnnviz.runs.folder import RunError

STOP_WITHIN = 0.4
"""Seconds that a run has to stop by itself before its worker is ended for it."""


class Queue:
    """Runs wait here for the executor; used by all sessions of one server."""

    def __init__(self, make_executor: Callable[[], Executor]) -> None:
        self._make_executor = make_executor
        self._executor: Executor | None = None
        self._lock = threading.RLock()
        self._waiting: deque[Path] = deque()
        self._running: Path | None = None
        self._holds: dict[Path, contextlib.ExitStack] = {}
        self.problems: dict[str, str] = {}

    def warm(self) -> None:
        """Start the worker in the background, so that it is ready when someone presses Start."""
        with self._lock:
            self._ready_executor()

    def submit(self, folder: Path) -> None:
        """Have the run trained, from where it is, when those before it have ended.

        Raises:
            RunError: when it trains or waits already.
        """
        with self._lock:
            hold = contextlib.ExitStack()
            with hold:
                hold.enter_context(runs.queued_lock(folder))
                runs.send(folder, wish="run")
                recorder.note(folder, "queued")
                self._holds[folder] = hold.pop_all()
            self.problems.pop(folder.name, None)
            self._waiting.append(folder)
            self._start_next()

    def stop(self, folder: Path) -> None:
        """Stop a run that trains, within half a second, or take it out of the queue."""
        with self._lock:
            if folder in self._waiting:
                self._waiting.remove(folder)
                recorder.note(folder, "stopped")
                self._holds.pop(folder).close()
                return
            mine = folder == self._running
        runs.send(folder, wish="stop")
        if mine:
            threading.Thread(target=self._see_to_it, args=(folder,), daemon=True).start()

    def close(self) -> None:
        """End the worker and forget the queue; what it trained can be resumed."""
        with self._lock:
            executor, self._executor = self._executor, None
            waiting = list(self._waiting)
            self._waiting.clear()
            for folder in waiting:
                self._holds.pop(folder).close()
        if executor is not None:
            if isinstance(executor, _Worker):
                executor.end()
            executor.shutdown(wait=False)

    def _start_next(self) -> None:
        with self._lock:
            if self._running is not None or not self._waiting:
                return
            folder = self._running = self._waiting.popleft()
            try:
                future = self._ready_executor().submit(worker.work, str(folder))
            except (BrokenExecutor, RuntimeError):
                # The worker died idle, and its executor finds out only now.
                self._executor = None
                future = self._ready_executor().submit(worker.work, str(folder))
        future.add_done_callback(lambda done: self._ended(folder, done))

    def _ended(self, folder: Path, future: "Future[None]") -> None:
        problem = future.exception() if not future.cancelled() else None
        with self._lock:
            if isinstance(problem, BrokenExecutor):
                self._executor = None
            elif problem is not None:
                self.problems[folder.name] = str(problem)
            if runs.read_control(folder).wish == "stop":
                # Ended for it: what it says last should be that it was stopped.
                with contextlib.suppress(RunError, OSError):
                    if recorder.read(folder).status == "interrupted":
                        recorder.note(folder, "stopped")
            if (hold := self._holds.pop(folder, None)) is not None:
                hold.close()
            if self._running == folder:
                self._running = None
            self._start_next()

    def _see_to_it(self, folder: Path) -> None:
        deadline = time.monotonic() + STOP_WITHIN
        while time.monotonic() < deadline:
            time.sleep(0.02)
            if self._running != folder or not runs.is_training(folder):
                return
        with self._lock:
            if self._running == folder and isinstance(self._executor, _Worker):
                self._executor.end()
                self._executor = None

    def _ready_executor(self) -> Executor:
        if self._executor is None:
            self._executor = self._make_executor()
        return self._executor


@lru_cache(maxsize=1)
def queue() -> Queue:
    """The server's queue."""
    queue = Queue(make_executor)

    def end_with_server() -> None:
        # Without this, a server told to end would first wait for the run to finish.
        threading.main_thread().join()
        queue.close()

    threading.Thread(target=end_with_server, daemon=True).start()
    return queue


def make_executor() -> Executor:
    """One warm worker process, or the executor that `CNNVIZ_EXECUTOR` names.

    Raises:
        RunError: when the setting names nothing that makes an executor.
    """
    setting = os.environ.get("CNNVIZ_EXECUTOR")
    if not setting:
        return _Worker()
    module, _, name = setting.partition(":")
    try:
        return getattr(importlib.import_module(module), name)()
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        raise RunError(
            f"CNNVIZ_EXECUTOR must be module:callable, got {setting!r}: {error}"
        ) from error


class _Worker(ProcessPoolExecutor):
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
