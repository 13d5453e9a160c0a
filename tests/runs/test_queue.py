"""The worker behind the executor: queueing, stopping, being killed, and other executors."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, cast

import psutil
import pytest

from cnnviz.runs import control, folders, history, line, locks, pruning
from cnnviz.runs.executors import LocalWorker, make_executor
from cnnviz.runs.folders import RunError
from cnnviz.runs.locks import is_active
from cnnviz.runs.queue import Queue
from tests.locks import holder
from tests.runs.short_and_long import LONG, SHORT, status
from tests.waiting import wait_for


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("CNNVIZ_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


@pytest.fixture(scope="module")
def queue():
    """One warm worker for the module; as important as the tests, or these would take for ever."""
    os.environ["CNNVIZ_NICENESS"] = "0"
    queue = Queue(make_executor)
    queue.warm()
    yield queue
    queue.close()
    del os.environ["CNNVIZ_NICENESS"]


def is_gone(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_two_runs_queue_and_the_second_says_which_it_waits_for(queue):
    first, second, third = folders.create(LONG), folders.create(SHORT), folders.create(SHORT)
    for folder in (first, second, third):
        queue.submit(folder)
    wait_for(lambda: status(first) == "running")
    wait_for(lambda: history.read(first).samples_per_second is not None)
    everything = [history.read(folder) for folder in (third, second, first)]
    places = [line.place(run, everything) for run in everything]
    assert [place and place.number for place in places] == [2, 1, None]
    # Of a network and a batch size that nothing has shown the speed of yet.
    assert places[0] is not None
    assert places[0].seconds is None
    assert places[1] is not None
    assert places[1].seconds is not None
    assert places[1].seconds > 0
    assert status(second) == "queued"
    with pytest.raises(RunError, match="already waiting"):
        queue.submit(second)

    queue.stop(third)
    assert status(third) == "stopped"
    queue.stop(first)
    wait_for(lambda: status(second) == "finished")
    # What takes a second to import, and nothing here needs, isn't imported for a run.
    compiler = queue._ready_executor().submit(eval, "'torch._dynamo' in __import__('sys').modules")
    assert not compiler.result(60)
    assert status(first) == "stopped"
    assert status(third) == "stopped"


def test_a_run_that_is_about_to_be_given_up_can_be_put_in_the_queue_again(monkeypatch):
    """Its last event is there before its place in the queue is free: between, Resume waits."""
    leave, ended, submitting = Queue._leave, threading.Event(), threading.Event()

    def late(self, folder, problem):
        ended.set()
        submitting.wait(30)
        time.sleep(0.2)
        leave(self, folder, problem)

    monkeypatch.setattr(Queue, "_leave", late)
    threads = ThreadPoolExecutor(1)
    queue = Queue(lambda: threads)
    folder = folders.create(SHORT)
    queue.submit(folder)
    assert ended.wait(60)
    submitting.set()
    queue.submit(folder, epochs=3)
    wait_for(lambda: len(history.read(folder).events.epochs) == 3)
    wait_for(lambda: not is_active(folder))
    threads.shutdown()


@pytest.mark.parametrize(
    ("held", "problem"),
    [(locks.training, "already being trained"), (locks.queued, "already waiting")],
)
def test_a_run_that_another_process_has_is_refused_and_keeps_its_wish_and_its_epochs(held, problem):
    queue = Queue(lambda: ThreadPoolExecutor(1))
    folder = folders.create(SHORT)
    control.send(folder, wish="pause")
    with held(folder), pytest.raises(RunError, match=problem):
        queue.submit(folder, epochs=SHORT.epochs + 5)
    assert control.read(folder).wish == "pause"
    assert folders.config(folder) == SHORT
    assert not is_active(folder)


def test_a_learning_rate_set_while_it_is_stopped_holds_from_where_it_goes_on(queue):
    folder = folders.create(LONG)
    queue.submit(folder)
    wait_for(lambda: history.read(folder).events.last_step > 5)
    queue.stop(folder)
    wait_for(lambda: status(folder) == "stopped")
    stopped_at = history.read(folder).events.last_step
    control.send(folder, learning_rate=0.005)
    queue.submit(folder)
    wait_for(lambda: history.read(folder).events.last_step > stopped_at)
    queue.stop(folder)
    wait_for(lambda: status(folder) == "stopped")
    (change,) = history.read(folder).events.changes
    assert (change.step, change.old, change.new) == (stopped_at, 0.001, 0.005)


def test_a_large_network_stops_by_itself_with_a_snapshot_and_its_worker_lives_on(
    queue, monkeypatch
):
    # It needs less than half a second, but this machine may have other things to do.
    monkeypatch.setattr("cnnviz.runs.queue.STOP_WITHIN", 60)
    folder = folders.create(replace(LONG, channels=(64, 64), pooling="none", batch_size=8))
    queue.submit(folder)
    wait_for(lambda: history.read(folder).events.last_step >= 6)
    worker = holder(folder / "training.lock").pid
    queue.stop(folder)
    wait_for(lambda: status(folder) == "stopped")
    events = history.read(folder).events
    assert events.snapshots[-1].step == events.last_step
    again = folders.create(LONG)
    queue.submit(again)
    wait_for(lambda: status(again) == "running")
    assert holder(again / "training.lock").pid == worker
    queue.stop(again)
    wait_for(lambda: status(again) == "stopped")


def test_the_worker_is_nobody_but_its_own_process_and_no_pickle_lies_in_the_folder(queue):
    folder = folders.create(LONG)
    queue.submit(folder)
    wait_for(lambda: history.read(folder).events.last_step > 5)
    assert holder(folder / "training.lock").pid != os.getpid()
    queue.stop(folder)
    wait_for(lambda: status(folder) == "stopped")
    suffixes = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert suffixes <= {".json", ".jsonl", ".safetensors", ".lock", ""}


def test_a_killed_worker_leaves_an_interrupted_run_that_resumes_in_a_new_worker(queue):
    folder, waiting = folders.create(LONG), folders.create(SHORT)
    queue.submit(folder)
    queue.submit(waiting)
    wait_for(lambda: history.read(folder).events.last_step > 5)
    holder(folder / "training.lock").kill()
    wait_for(lambda: status(folder) == "interrupted")
    reached = history.read(folder).events.last_step
    assert reached > 5
    wait_for(lambda: status(waiting) == "finished")
    queue.submit(folder)
    wait_for(lambda: history.read(folder).events.last_step > reached)
    queue.stop(folder)
    wait_for(lambda: status(folder) == "stopped")


def test_a_run_that_is_slow_to_stop_has_its_worker_ended(queue):
    folder = folders.create(LONG)
    queue.submit(folder)
    wait_for(lambda: history.read(folder).events.last_step > 1)
    worker = holder(folder / "training.lock")
    worker.suspend()  # as in a step that takes for ever
    queue.stop(folder)
    wait_for(lambda: status(folder) == "stopped")
    wait_for(lambda: is_gone(worker))
    after = folders.create(SHORT)
    queue.submit(after)
    wait_for(lambda: status(after) == "finished")


def test_a_run_that_cannot_be_trained_does_not_hold_up_the_queue(queue):
    broken, fine = folders.create(SHORT), folders.create(SHORT)
    (broken / folders.STATE).write_bytes(b"nonsense")
    queue.submit(broken)
    queue.submit(fine)
    wait_for(lambda: status(fine) == "finished")
    run = history.read(broken)
    assert run.status == "failed"
    assert "damaged" in (run.events.reason or "")


@pytest.mark.long
def test_when_the_server_dies_its_worker_ends_and_the_run_is_interrupted(tmp_path):
    folder = folders.create(LONG)
    server = textwrap.dedent("""
        import sys, time, pathlib
        from cnnviz.runs import queue
        queue.server_queue().submit(pathlib.Path(sys.argv[1]))
        time.sleep(600)
    """)
    environment = {**os.environ, "CNNVIZ_NICENESS": "0"}
    with subprocess.Popen([sys.executable, "-c", server, str(folder)], env=environment) as process:
        wait_for(lambda: history.read(folder).events.last_step > 5)
        worker = holder(folder / "training.lock")
        process.send_signal(signal.SIGKILL)
        process.wait()
    wait_for(lambda: status(folder) == "interrupted")
    # Init may be slow to bury it where init is no init.
    wait_for(lambda: is_gone(worker))


def test_any_executor_will_do_threads():
    queue = Queue(lambda: ThreadPoolExecutor(1))
    folder = folders.create(SHORT)
    queue.submit(folder)
    wait_for(lambda: status(folder) == "finished")
    queue.close()


class Restartable:
    """A scheduler that can be away: `executor` makes executors that refuse while it is."""

    class GoneError(Exception):
        """Neither a RuntimeError nor a BrokenExecutor, as Dask's ClosedClientError."""

    def __init__(self):
        self.away = False
        self.made = []

    def executor(self):
        scheduler = self
        if self.away:
            raise self.GoneError("no scheduler at tcp://127.0.0.1:9")

        class Connected(ThreadPoolExecutor):
            lost = False

            def submit(self, *arguments, **options):
                if scheduler.away or self.lost:
                    self.lost = True
                    raise scheduler.GoneError("client is closed")
                return super().submit(*arguments, **options)

        self.made.append(Connected(1))
        return self.made[-1]


def test_an_executor_that_can_t_be_had_is_the_run_s_reason_and_the_queue_goes_on():
    scheduler = Restartable()
    scheduler.away = True
    queue = Queue(scheduler.executor)
    first, second = folders.create(SHORT), folders.create(SHORT)
    queue.submit(first)
    queue.submit(second)
    for folder in (first, second):
        wait_for(lambda folder=folder: status(folder) == "failed" and not is_active(folder))
        reason = history.read(folder).events.reason or ""
        assert "the executor couldn't train it: no scheduler at tcp://127.0.0.1:9" in reason
    queue.stop(first)
    scheduler.away = False
    queue.submit(first)
    wait_for(lambda: status(first) == "finished")
    pruning.delete(second)
    queue.close()


def test_after_an_executor_has_lost_its_cluster_another_one_is_made():
    scheduler = Restartable()
    queue = Queue(scheduler.executor)
    queue.warm()
    scheduler.made[0].lost = True
    folder = folders.create(SHORT)
    queue.submit(folder)
    wait_for(lambda: status(folder) == "finished")
    assert len(scheduler.made) == 2
    queue.close()


def test_a_run_that_its_executor_gives_up_says_so_and_the_next_has_another_executor():
    class GivesUp(Executor):
        def submit(self, fn, /, *args, **kwargs):
            future = Future()
            future.cancel()
            return future

    executors = iter([GivesUp(), ThreadPoolExecutor(1)])
    queue = Queue(lambda: next(executors))
    first, second = folders.create(SHORT), folders.create(SHORT)
    queue.submit(first)
    queue.submit(second)
    wait_for(lambda: status(second) == "finished")
    assert "its executor gave the run up" in (history.read(first).events.reason or "")
    queue.close()


def test_a_setting_that_names_no_executor_is_the_run_s_reason(monkeypatch):
    monkeypatch.setenv("CNNVIZ_EXECUTOR", "no.such.module:executor")
    queue = Queue(make_executor)
    queue.warm()
    folder = folders.create(SHORT)
    queue.submit(folder)
    wait_for(lambda: status(folder) == "failed" and not is_active(folder))
    reason = history.read(folder).events.reason or ""
    assert reason.startswith("CNNVIZ_EXECUTOR must be module:callable, got 'no.such.module")
    monkeypatch.delenv("CNNVIZ_EXECUTOR")
    pruning.delete(folder)
    queue.close()


def test_an_executor_that_is_slow_to_come_keeps_nobody_waiting():
    come = threading.Event()

    def slow():
        come.wait(60)
        return ThreadPoolExecutor(1)

    queue = Queue(slow)
    first, second = folders.create(SHORT), folders.create(SHORT)
    queue.submit(first)
    queue.submit(second)
    queue.stop(second)
    queue.stop(first)
    assert status(second) == "stopped"
    come.set()
    wait_for(lambda: status(first) == "stopped")
    queue.close()


def test_images_that_come_during_a_run_leave_its_worker_alone(queue):
    folder, waiting = folders.create(LONG), folders.create(SHORT)
    queue.submit(folder)
    queue.submit(waiting)
    wait_for(lambda: history.read(folder).events.last_step > 5)
    worker = holder(folder / "training.lock").pid
    queue.load_images()
    reached = history.read(folder).events.last_step
    wait_for(lambda: history.read(folder).events.last_step > reached)
    assert holder(folder / "training.lock").pid == worker
    assert status(waiting) == "queued"
    queue.stop(folder)
    wait_for(lambda: status(waiting) == "finished")


def test_a_worker_that_dies_late_takes_no_other_executor_with_it():
    futures, made = [], []

    class Slow(Executor):
        def submit(self, fn, /, *args, **kwargs):
            if len(made) > 1:
                return ThreadPoolExecutor.submit(threads, fn, *args, **kwargs)
            futures.append(Future())
            return futures[-1]

    def make():
        made.append(Slow())
        return made[-1]

    threads = ThreadPoolExecutor(1)
    queue = Queue(make)
    first, second = folders.create(SHORT), folders.create(SHORT)
    queue.submit(first)
    wait_for(lambda: futures)
    queue._forget(made[0])
    queue.warm()
    futures[0].set_exception(BrokenExecutor("gone"))
    queue.submit(second)
    wait_for(lambda: status(second) == "finished")
    assert len(made) == 2
    queue.close()
    threads.shutdown()


@pytest.mark.parametrize("options", ["", "pure=False"])
def test_any_executor_will_do_dask_named_by_the_setting(options, monkeypatch, tmp_path):
    import distributed

    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("CNNVIZ_EXECUTOR", f"cluster_{len(options)}:executor")
    made: Any = distributed.LocalCluster(
        processes=False, n_workers=1, threads_per_worker=1, dashboard_address=cast(Any, None)
    )
    with made as cluster:
        (tmp_path / f"cluster_{len(options)}.py").write_text(
            textwrap.dedent(f"""
                from distributed import Client
                def executor():
                    return Client({cluster.scheduler_address!r}).get_executor({options})
            """)
        )
        queue = Queue(make_executor)
        first, second = folders.create(LONG), folders.create(SHORT)
        queue.submit(first)
        queue.submit(second)
        wait_for(lambda: history.read(first).events.last_step > 5)
        assert status(second) == "queued"
        queue.stop(first)
        wait_for(lambda: status(second) == "finished")
        assert status(first) == "stopped"
        for _ in range(2):
            reached = history.read(first).events.last_step
            queue.submit(first)
            wait_for(lambda: history.read(first).events.last_step > reached)  # noqa: B023
            queue.stop(first)
            wait_for(lambda: status(first) == "stopped" and not is_active(first))
        # The client is gone, as after a restart of the scheduler.
        distributed.default_client().close()
        queue.submit(first)
        wait_for(lambda: status(first) == "running")
        queue.stop(first)
        wait_for(lambda: status(first) == "stopped" and not is_active(first))
        distributed.default_client().close()
        queue.close()


@pytest.mark.parametrize("setting", ["nothing", "no.such.module:executor", "os:no_such_thing"])
def test_a_setting_that_names_no_executor_says_what_it_should_be(setting, monkeypatch):
    monkeypatch.setenv("CNNVIZ_EXECUTOR", setting)
    with pytest.raises(RunError, match="CNNVIZ_EXECUTOR must be module:callable"):
        make_executor()


def test_a_worker_that_is_made_as_the_server_ends_is_ended(monkeypatch):
    executor = LocalWorker()
    late = Queue(lambda: executor)
    with monkeypatch.context() as ending:
        # As at the interpreter's end: no hook can be added any more.
        ending.setattr(threading, "_SHUTTING_DOWN", True)
        late.warm()
    wait_for(lambda: executor._process.done())
    assert executor._process.exception() is not None
    with pytest.raises(RunError, match="the server is ending"):
        late.submit(folders.create(SHORT))
