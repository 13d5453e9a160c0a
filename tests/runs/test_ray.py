"""A real Ray cluster of one machine, by the executor that docs/running.md has; where Ray is.

Ray is 240 MB, so it isn't among the tests' own packages: pip install "ray[client]".
"""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from cnnviz.runs import control, folders, history, locks
from cnnviz.runs.executors import make_executor
from cnnviz.runs.queue import Queue
from tests.browser.chromium import free_port
from tests.locks import holder
from tests.runs.short_and_long import LONG, SHORT, status
from tests.runs.test_cluster import server, step
from tests.waiting import wait_for

pytest.importorskip("ray", reason="opt-in: needs ray[client]")

DOCS = Path(__file__).parents[2] / "docs" / "running.md"
ADDRESS = "ray://head:10001"
AGENTS = ("dashboard-agent-listen", "dashboard-agent-grpc", "metrics-export", "runtime-env-agent")


def executor(port: int) -> str:
    """The text of the page, for the cluster that is here."""
    blocks = re.findall("```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    (text,) = [block for block in blocks if "import ray" in block]
    assert ADDRESS in text
    return text.replace(ADDRESS, f"ray://127.0.0.1:{port}")


@contextmanager
def cluster(ports: tuple[int, int], folder: Path) -> Iterator[Callable[[], None]]:
    """A head with two processors, once it can be reached; what is yielded ends it."""
    port, client = map(str, ports)
    options = [
        *("--head", "--block", "--node-ip-address", "127.0.0.1", "--port", port),
        *("--ray-client-server-port", client, "--num-cpus", "2", "--include-dashboard", "false"),
        *("--min-worker-port", "0", "--max-worker-port", "0", "--temp-dir", str(folder)),
        *("--object-store-memory", "100000000", "--disable-usage-stats"),
        # Where its agents are to say which ports they have, it dies of those that take half a
        # minute to come.
        *(part for agent in AGENTS for part in (f"--{agent}-port", str(free_port()))),
    ]
    started = [sys.executable, "-m", "ray.scripts.scripts", "start", *options]
    # By itself it waits half a minute for its own process that has the workers.
    patient = {**os.environ, "RAY_raylet_start_wait_time_s": "180"}
    log = folder.with_suffix(".log")
    with (
        log.open("w+b") as said,
        subprocess.Popen(started, env=patient, stdout=said, stderr=said) as head,
    ):

        def end() -> None:
            head.terminate()
            head.wait()

        def is_reached() -> bool:
            assert head.poll() is None, log.read_text("utf-8", "replace")
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", ports[1])) == 0

        try:
            # Ray's client takes it for one that isn't there after half a minute, and so does a run.
            wait_for(is_reached)
            yield end
        finally:
            end()


@pytest.mark.long
def test_ray_trains_as_many_runs_as_it_has_processors_and_survives_what_happens_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = (free_port(), free_port())
    (tmp_path / "our_ray.py").write_text(executor(ports[1]), "utf-8")
    monkeypatch.setenv("CNNVIZ_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("CNNVIZ_EXECUTOR", "our_ray:executor")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    paths = (str(tmp_path), *filter(None, sys.path))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    monkeypatch.syspath_prepend(tmp_path)
    # Its sockets' paths must be short.
    short = Path("/tmp") / f"ray-{os.getpid()}"
    queue = Queue(make_executor)
    a, b, c = (folders.create(LONG, name=name) for name in "abc")
    with ExitStack() as programs:
        end = programs.enter_context(cluster(ports, short))
        for folder in (a, b, c):
            queue.submit(folder)
        wait_for(lambda: step(a) > 5 and step(b) > 5)
        assert len({holder(folder / locks.TRAINING).pid for folder in (a, b)}) == 2
        assert status(c) == "queued"

        control.send(a, wish="pause")
        paused_after = wait_for(lambda: status(a) == "paused")
        wait_for(lambda: step(c) > 5)
        queue.stop(c)
        stopped_after = wait_for(lambda: status(c) == "stopped")
        print(f"paused after {paused_after:.2f} s, stopped after {stopped_after:.2f} s")
        queue.go_on(a)
        reached = step(a)
        wait_for(lambda: step(a) > reached)

        # A killed worker's run goes on in another process, by itself.
        reached, killed = step(a), holder(a / locks.TRAINING)
        killed.kill()
        resumed_after = wait_for(lambda: locks.is_training(a) and step(a) > reached)
        assert holder(a / locks.TRAINING).pid != killed.pid
        print(f"resumed in another process after {resumed_after:.2f} s")
        for folder in (a, b):
            queue.stop(folder)
        wait_for(lambda: not locks.is_active(a) and not locks.is_active(b))
        assert status(a) == status(b) == "stopped"

        # A killed server's run ends with it, and another server's queue takes it up where it was.
        with server(b) as dying:
            reached = step(b)
            wait_for(lambda: step(b) > reached)
            dying.kill()
        wait_for(lambda: not locks.is_active(b))
        reached = step(b)
        queue.submit(b)
        wait_for(lambda: step(b) > reached)
        queue.stop(b)
        wait_for(lambda: status(b) == "stopped" and not locks.is_active(b))
        steps = list(history.read(b).events.steps)
        assert steps == sorted(set(steps))

        # A head that is started again is found again.
        end()
        programs.enter_context(cluster(ports, short))
        last = folders.create(SHORT, name="last")
        queue.submit(last)
        wait_for(lambda: status(last) == "finished")
        queue.close()
