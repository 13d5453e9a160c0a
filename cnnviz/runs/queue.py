"""The queue of runs and the executor that trains them, as many at once as it has workers.

All servers that have the same folder of runs have one queue: whose turn it is stands in that folder
(`cnnviz.runs.turns`).
"""

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from functools import lru_cache, partial
from pathlib import Path

from cnnviz.runs import control, executors, folders, history, locks, recorder, turns, worker
from cnnviz.runs.executors import LocalWorker, make_executor
from cnnviz.runs.folders import RunError
from cnnviz.training.events import Failed, Queued, Stopped

STOP_WITHIN = 0.4
"""Seconds that a run has to stop by itself before its worker is ended for it."""

LOOK_EVERY = 0.1
"""Seconds between two looks at whose turn it is, while runs wait here."""

ASK_EVERY = 2.0
"""Seconds between two questions to an executor how many workers it has."""


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
        self._waiting: list[Path] = []
        self._taker = turns.Taker()
        self._turns: dict[Path, contextlib.ExitStack] = {}
        self._holds: dict[Path, contextlib.ExitStack] = {}
        self._looking = False
        self._places, self._asked = 1, 0.0
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
        """Have the run trained, from where it is, when it is its turn.

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

    def go_on(self, folder: Path) -> None:
        """Have a paused run trained on when it is its turn again; one that waits already waits on.

        One that is still about to pause either doesn't, or is put in the queue by whoever has it.

        Raises:
            RunError: when the queue's server is ending.
        """
        control.send(folder, wish="run")
        if not locks.is_active(folder):
            try:
                self.submit(folder)
            except RunError:
                # Somebody else, or whoever has just paused it, may have been quicker.
                if not locks.is_active(folder):
                    raise

    def stop(self, folder: Path) -> None:
        """Stop a run that trains, within half a second, or take it out of the queue."""
        with self._lock:
            if folder in self._waiting:
                self._take_out(folder)
                return
        control.send(folder, wish="stop")
        with self._lock:
            mine = folder in self._turns
        if mine:
            threading.Thread(target=self._end_if_slow, args=(folder,), daemon=True).start()
        elif not locks.is_active(folder):
            recorder.note(folder, Stopped)  # it was paused

    def _take_out(self, folder: Path) -> None:
        self._waiting.remove(folder)
        try:
            recorder.note(folder, Stopped)
        finally:
            self._holds.pop(folder).close()

    def close(self) -> None:
        """End the worker for good; runs that it trained, and those that wait, can be resumed."""
        with self._lock:
            self._closed = True
            executor, self._executor = self._executor, None
            while self._waiting:
                self._holds.pop(self._waiting.pop()).close()
        if executor is not None:
            executors.discard(executor)

    def _start_next(self) -> None:
        """Begin each run whose turn it is; while one waits, look again and again."""
        with self._lock:
            while (begun := self._taker.take(self._waiting, self._places)) is not None:
                folder, turn = begun
                self._waiting.remove(folder)
                self._turns[folder] = turn
                turns.note(folder.parent, folders.about(folder).owner or "")
                threading.Thread(target=self._begin, args=(folder,), daemon=True).start()
            if self._waiting and not self._looking:
                self._looking = True
                threading.Thread(target=self._look, name="queue", daemon=True).start()

    def _look(self) -> None:
        """While runs wait here: other servers end runs too, and take ours out of the queue."""
        while True:
            time.sleep(LOOK_EVERY)
            self._ask_for_places()
            with self._lock:
                if not self._waiting:
                    self._looking = False
                    return
                # Whatever is wrong with one folder, the next look comes.
                with contextlib.suppress(RunError, OSError):
                    for folder in [*self._waiting]:
                        if control.read(folder).wish == "stop":
                            self._take_out(folder)
                    self._start_next()

    def _ask_for_places(self) -> None:
        """Without the queue's lock: a cluster may be slow to answer, and have more workers now."""
        executor = self._executor
        if executor is None or time.monotonic() - self._asked < ASK_EVERY:
            return
        with contextlib.suppress(Exception):
            self._places = max(1, executors.workers(executor))
        self._asked = time.monotonic()

    def _begin(self, folder: Path) -> None:
        """Give the run to the executor, or to a fresh one where that one is no more."""
        # An executor may raise anything: nobody but this run is to notice.
        try:
            executor = self._ready_executor()
            try:
                future = executors.give(executor, folder)
            except Exception:
                self._forget(executor)
                executor = self._ready_executor()
                future = executors.give(executor, folder)
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
                for held in (self._holds, self._turns):
                    if (stack := held.pop(folder, None)) is not None:
                        stack.close()
                self._start_next()
        # Asked to go on, or to stop, when it had just given its turn up.
        with contextlib.suppress(RunError, OSError):
            if history.status(folder) == "paused":
                wish = control.read(folder).wish
                if wish == "run":
                    self.submit(folder)
                elif wish == "stop":
                    recorder.note(folder, Stopped)

    def _note_ending(self, folder: Path, problem: BaseException | None) -> None:
        events = history.Reader(folder).update()
        if self._closed or events.ending is not None or locks.is_training(folder):
            return
        if control.read(folder).wish == "stop":
            # Its worker was ended for it.
            recorder.note(folder, Stopped)
        elif events.paused:
            return
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
            if folder not in self._turns or not locks.is_training(folder):
                return
        with self._lock:
            executor = self._executor
            if folder in self._turns and isinstance(executor, LocalWorker):
                self._forget(executor)

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
                executors.discard(executor)
                raise RunError("the server is ending")
            return executor

    def _forget(self, executor: Executor) -> None:
        """Have another one made next time, if this one is still in use."""
        with self._lock:
            if self._executor is not executor:
                return
            self._executor = None
        executors.discard(executor)


@lru_cache(maxsize=1)
def server_queue() -> Queue:
    """The server's queue."""
    return Queue(make_executor)


def _has_ended(folder: Path) -> bool:
    try:
        events = history.Reader(folder).update()
        return events.ending is not None or events.paused
    except RunError:  # events that can't be real: whose fault it was can't be told
        return False


def _close_before_loky_waits(queue: Queue) -> None:
    """At the interpreter's end, before loky's own hook, which waits until the run has finished.

    Hooks are called last come first, and loky's comes with the first worker. `atexit` would be
    too late: it is called after these.
    """
    threading._register_atexit(queue.close)  # type: ignore[attr-defined]
