"""A real cluster: Dask's scheduler and two worker processes, as CNNVIZ_EXECUTOR names them."""

import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from cnnviz.runs import control, folders, history, locks
from cnnviz.runs.executors import make_executor
from cnnviz.runs.queue import Queue
from tests.browser.chromium import free_port
from tests.locks import holder
from tests.runs.short_and_long import LONG, SHORT, status
from tests.waiting import wait_for


def step(folder: Path) -> int:
    return history.read(folder).events.last_step


@contextmanager
def program(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    quiet = subprocess.DEVNULL
    with subprocess.Popen([sys.executable, *arguments], stdout=quiet, stderr=quiet) as process:
        try:
            yield process
        finally:
            process.kill()


def scheduler(port: int):
    options = ("--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-show")
    return program("-m", "distributed.cli.dask_scheduler", *options)


def worker(port: int):
    options = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--memory-limit", "0")
    return program("-m", "distributed.cli.dask_worker", f"tcp://127.0.0.1:{port}", *options)


def server(folder: Path) -> subprocess.Popen[bytes]:
    """Another server's queue, which has the run trained, until it is killed."""
    words = """
        import pathlib, sys, time
        from cnnviz.runs import queue
        queue.server_queue().submit(pathlib.Path(sys.argv[1]))
        time.sleep(600)
    """
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(words), str(folder)])


@pytest.mark.long
def test_a_cluster_trains_as_many_runs_as_it_has_workers_and_survives_what_happens_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    (tmp_path / "our_cluster.py").write_text(
        textwrap.dedent(f"""
            from distributed import Client
            def executor():
                return Client("tcp://127.0.0.1:{port}", timeout=30).get_executor(pure=False)
        """)
    )
    monkeypatch.setenv("CNNVIZ_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("CNNVIZ_EXECUTOR", "our_cluster:executor")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(tmp_path)
    queue = Queue(make_executor)
    a, b, c = (folders.create(LONG, name=name) for name in "abc")
    with ExitStack() as programs:
        first_scheduler = programs.enter_context(scheduler(port))
        workers = [programs.enter_context(worker(port)) for _ in range(2)]
        # As many at once as it has workers; the third waits.
        for folder in (a, b, c):
            queue.submit(folder)
        wait_for(lambda: step(a) > 5 and step(b) > 5)
        pids = {holder(folder / locks.TRAINING).pid for folder in (a, b)}
        assert pids == {process.pid for process in workers}
        assert status(c) == "queued"

        # Paused, a run gives its worker to the next.
        control.send(a, wish="pause")
        paused_after = wait_for(lambda: status(a) == "paused")
        wait_for(lambda: step(c) > 5)
        began = time.monotonic()
        queue.stop(c)
        wait_for(lambda: status(c) == "stopped")
        stopped_after = time.monotonic() - began
        print(f"paused after {paused_after:.2f} s, stopped after {stopped_after:.2f} s")
        queue.go_on(a)
        reached = step(a)
        wait_for(lambda: step(a) > reached)

        # A killed worker's run goes on at the other one, once that is free, by itself.
        queue.stop(b)
        wait_for(lambda: status(b) == "stopped")
        killed = next(p for p in workers if p.pid == holder(a / locks.TRAINING).pid)
        other = next(p for p in workers if p is not killed)
        killed.kill()
        killed.wait()
        # What the dead one reached; further it gets at the other one alone.
        reached = step(a)
        resumed_after = wait_for(lambda: locks.is_training(a) and step(a) > reached)
        assert holder(a / locks.TRAINING).pid == other.pid
        wait_for(lambda: step(a) > reached)
        print(f"resumed on the other worker after {resumed_after:.2f} s")
        queue.stop(a)
        wait_for(lambda: status(a) == "stopped" and not locks.is_active(a))

        # A killed server's run is trained to its end where it is, and by nobody else.
        with server(b) as dying:
            reached = step(b)
            wait_for(lambda: step(b) > reached)
            dying.send_signal(signal.SIGKILL)
        reached = step(b)
        wait_for(lambda: step(b) > reached)
        assert holder(b / locks.TRAINING).pid == other.pid
        with pytest.raises(folders.RunError, match="already being trained"):
            queue.submit(b)
        queue.stop(b)
        wait_for(lambda: status(b) == "stopped")
        steps = list(history.read(b).events.steps)
        assert steps == sorted(set(steps))

        # A scheduler that is started again is found again.
        first_scheduler.kill()
        first_scheduler.wait()
        other.kill()
        programs.enter_context(scheduler(port))
        programs.enter_context(worker(port))
        short = folders.create(SHORT, name="short")
        queue.submit(short)
        wait_for(lambda: status(short) == "finished")
        queue.close()
