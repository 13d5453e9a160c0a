"""The queue of runs and the executor that trains them, one at a time.

The executor is anything with the interface of `concurrent.futures.Executor`: one warm worker
process (loky's: the standard pool starts its workers by running the main module again, which
under Streamlit is the page), or what the setting `CNNVIZ_EXECUTOR=module:callable` returns, for
instance a cluster's (docs/running.md).
"""

import contextlib
import importlib
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from functools import lru_cache, partial
from pathlib import Path

from loky import ProcessPoolExecutor

from cnnviz.runs import control, folders, history, locks, recorder, worker
from cnnviz.runs.folders import RunError
from cnnviz.training.events import Failed, Queued, Stopped

STOP_WITHIN = 0.4
"""Seconds that a run has to stop by itself before its worker is ended for it."""


class Queue:
    """Runs wait here for the executor; used by all sessions of one server.

    `problems` says, by a run's name, what couldn't be written into its folder.
    """

    def __init__(self, make_executor: Callable[[], Executor]) -> None:
        self._make_executor = make_executor
        self._executor: Executor | None = None
        self._lock = threading.RLock()
        # Apart from the other: a cluster may take half a minute to say that it isn't there.
        self._making = threading.Lock()
        self._waiting: deque[Path] = deque()
        self._running: Path | None = None
        self._holds: dict[Path, contextlib.ExitStack] = {}
        self._closed = self._closes_at_exit = False
        self.problems: dict[str, str] = {}

    def warm(self) -> None:
        """Have an executor, so that it is ready when someone presses Start."""
        # Whatever is wrong is said at the first run that needs one.
        with contextlib.suppress(Exception):
            self._ready_executor()

    def load_images(self) -> None:
        """Have the worker load the images that have come since it started, when it is free."""
        with contextlib.suppress(Exception):
            executor = self._ready_executor()
            if isinstance(executor, LocalWorker):
                executor.submit(worker.load_images)

    def submit(self, folder: Path, epochs: int | None = None) -> None:
        """Have the run trained, from where it is, when those before it have ended.

        With `epochs` it is to have so many in all; that is written only once the run is ours.

        Raises:
            RunError: when it trains or waits already, the queue's server is ending, or `epochs`
                are fewer than it has.
        """
        self._refuse_when_closed()
        with contextlib.ExitStack() as hold:
            # Before the queue's own lock: a run that has just ended needs that to give this one up.
            hold.enter_context(locks.queued(folder))
            # Another process may train it, paused, say: its wish is to stay.
            with locks.training(folder):
                if epochs is not None:
                    folders.extend(folder, epochs)
                control.send(folder, wish="run")
            recorder.note(folder, Queued)
            with self._lock:
                self._refuse_when_closed()
                self._holds[folder] = hold.pop_all()
                self.problems.pop(folder.name, None)
                self._waiting.append(folder)
                self._start_next()

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise RunError("the server is ending; resume the run when it is back")

    def stop(self, folder: Path) -> None:
        """Stop a run that trains, within half a second, or take it out of the queue."""
        with self._lock:
            if folder in self._waiting:
                self._waiting.remove(folder)
                self._holds.pop(folder).close()
                recorder.note(folder, Stopped)
                return
            mine = folder == self._running
        control.send(folder, wish="stop")
        if mine:
            threading.Thread(target=self._end_if_slow, args=(folder,), daemon=True).start()

    def close(self) -> None:
        """End the worker for good; runs that it trained, and those that wait, can be resumed."""
        with self._lock:
            self._closed = True
            executor, self._executor = self._executor, None
            while self._waiting:
                self._holds.pop(self._waiting.popleft()).close()
        if executor is not None:
            _discard(executor)

    def _start_next(self) -> None:
        with self._lock:
            if self._running is not None or not self._waiting:
                return
            folder = self._running = self._waiting.popleft()
        threading.Thread(target=self._begin, args=(folder,), daemon=True).start()

    def _begin(self, folder: Path) -> None:
        """Give the run to the executor, or to a fresh one where that one is no more."""
        # An executor may raise anything: nobody but this run is to notice.
        try:
            executor = self._ready_executor()
            try:
                future = _give(executor, folder)
            except Exception:
                self._forget(executor)
                executor = self._ready_executor()
                future = _give(executor, folder)
        except Exception as error:
            self._leave(folder, error)
        else:
            future.add_done_callback(partial(self._ended, folder, executor))

    def _ended(self, folder: Path, executor: Executor, future: "Future[None]") -> None:
        try:
            problem = future.exception()
        except CancelledError:
            problem = RuntimeError("its executor gave the run up")
        # A run's own problem is a RunError, or told in its folder; any other is the executor's.
        unexplained = problem is not None and not isinstance(problem, RunError)
        if unexplained and not _has_ended(folder):
            self._forget(executor)
        self._leave(folder, problem)

    def _leave(self, folder: Path, problem: BaseException | None) -> None:
        """The run is no longer the executor's: say in its folder what became of it; go on."""
        try:
            self._note_ending(folder, problem)
        except (RunError, OSError) as error:
            self.problems[folder.name] = str(problem or error)
        finally:
            with self._lock:
                if (hold := self._holds.pop(folder, None)) is not None:
                    hold.close()
                if self._running == folder:
                    self._running = None
                self._start_next()

    def _note_ending(self, folder: Path, problem: BaseException | None) -> None:
        events = history.Reader(folder).update()
        if self._closed or events.ending is not None or locks.is_training(folder):
            return
        if control.read(folder).wish == "stop":
            # Its worker was ended for it.
            recorder.note(folder, Stopped)
        elif problem is not None and (events.waiting or not isinstance(problem, BrokenExecutor)):
            # Never begun. One whose worker died has: that one was interrupted.
            reason = str(problem) or type(problem).__name__
            if not isinstance(problem, RunError):
                reason = f"the executor couldn't train it: {reason}"
            recorder.note(folder, partial(Failed, reason=reason))

    def _end_if_slow(self, folder: Path) -> None:
        deadline = time.monotonic() + STOP_WITHIN
        while time.monotonic() < deadline:
            time.sleep(0.02)
            if self._running != folder or not locks.is_training(folder):
                return
        with self._lock:
            executor = self._executor
            if self._running == folder and isinstance(executor, LocalWorker):
                self._executor = None
                executor.end()

    def _ready_executor(self) -> Executor:
        with self._making:
            if self._closed:
                raise RunError("the server is ending")
            if self._executor is not None:
                return self._executor
            executor = self._make_executor()
            if isinstance(executor, LocalWorker) and not self._closes_at_exit:
                try:
                    _close_before_loky_waits(self)
                    self._closes_at_exit = True
                except RuntimeError:
                    self.close()  # the interpreter is ending already: no hook is taken any more
            with self._lock:
                if not self._closed:
                    self._executor = executor
            if self._closed:
                _discard(executor)
                raise RunError("the server is ending")
            return executor

    def _forget(self, executor: Executor) -> None:
        """Have another one made next time, if this one is still in use."""
        with self._lock:
            if self._executor is not executor:
                return
            self._executor = None
        _discard(executor)


@lru_cache(maxsize=1)
def server_queue() -> Queue:
    """The server's queue."""
    return Queue(make_executor)


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


def _has_ended(folder: Path) -> bool:
    try:
        return history.Reader(folder).update().ending is not None
    except RunError:  # events that can't be real: whose fault it was can't be told
        return False


def _give(executor: Executor, folder: Path) -> "Future[None]":
    # Another argument each time: to Dask the same call is the same result.
    return executor.submit(worker.work, str(folder), time.time_ns())


def _discard(executor: Executor) -> None:
    # What is wrong with it may keep it from ending in good order too.
    with contextlib.suppress(Exception):
        if isinstance(executor, LocalWorker):
            executor.end()  # and nothing more: another shutdown would take back that it is killed
        else:
            executor.shutdown(wait=False)


def _close_before_loky_waits(queue: Queue) -> None:
    """At the interpreter's end, before loky's own hook, which waits until the run has finished.

    Hooks are called last come first, and loky's comes with the first worker. `atexit` would be
    too late: it is called after these.
    """
    threading._register_atexit(queue.close)  # type: ignore[attr-defined]
