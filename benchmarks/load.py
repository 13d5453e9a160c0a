"""Many people at once: what the server makes of a stroke every two seconds from each of them.

A real browser's strokes are recorded and replayed by many sessions (`benchmarks.replay`), from one
process on the same machine: what that takes of the processors is in the note.

`python -m benchmarks load --people 100 --minutes 30` is the long run.
"""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

import psutil

from benchmarks.browser import browser
from benchmarks.recording import Recording, record
from benchmarks.replay import PATIENCE, Seen, Visitor, draw_all, open_all
from benchmarks.table import Row, number, p95
from cnnviz.runs import folders, history
from cnnviz.runs.queue import Queue, make_executor
from cnnviz.training.config import EPOCHS
from cnnviz.training.presets import PRESETS
from tests.browser import chromium

EVERY = 2.0
"""Seconds from a person's stroke to the next."""

SETTLING = 120.0
"""Seconds after which memory is meant to stay as it is."""

RECONNECT = 120.0
"""Seconds for which Streamlit keeps the session of a page that was closed."""

_RUNS = 10  # of 100 epochs each: some four minutes, so that one trains all the time


@dataclass
class Watched:
    """A server's memory and processor time, second by second."""

    at: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    async def watch(self, servers: list[psutil.Process]) -> None:
        while True:
            self.look(servers)
            await asyncio.sleep(1)

    def look(self, servers: list[psutil.Process]) -> None:
        self.at.append(time.perf_counter())
        self.megabytes.append(sum(server.memory_info().rss for server in servers) / 1e6)
        self.processor.append(sum(sum(server.cpu_times()[:2]) for server in servers))


def measure(
    people: int = 100,
    minutes: float = 1.0,
    replicas: int = 1,
    training: bool = False,
    looking: bool = False,
) -> list[Row]:
    """`people` draw for `minutes`, shared out among `replicas`, beside a run that is `training`.

    Where they are only `looking`, they open their pages, and one of them draws.
    """
    with contextlib.ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = [
            stack.enter_context(chromium.server({"CNNVIZ_RUNS": str(root)}))
            for _ in range(replicas)
        ]
        with browser() as opened:
            # Each server is warm then; what is recorded fits them all.
            recordings = [record(opened, url) for url, _ in servers]
        if training:
            stack.enter_context(_run(root))
        return asyncio.run(
            _measure(
                [url for url, _ in servers],
                [psutil.Process(process.pid) for _, process in servers],
                recordings[0],
                people,
                60 * minutes,
                looking,
                ", a run training" * training + f", {replicas} replicas" * (replicas > 1),
            )
        )


@contextlib.contextmanager
def _run(root: Path) -> Iterator[None]:
    """Long runs of the article's network, one after another, in a worker of their own, as from the
    Training page."""
    longest = replace(PRESETS["article"], epochs=EPOCHS.high)
    queue = Queue(make_executor)
    try:
        first, *others = [
            folders.create(longest, name=f"beside-{at}", runs=root) for at in range(_RUNS)
        ]
        for folder in (first, *others):
            queue.submit(folder)
        end = time.monotonic() + PATIENCE
        while history.read(first).events.last_step < 10:
            if time.monotonic() > end:
                raise TimeoutError(f"no run has begun to train within {PATIENCE:g} s")
            time.sleep(0.1)
        yield
    finally:
        queue.close()


async def _measure(
    urls: list[str],
    servers: list[psutil.Process],
    recording: Recording,
    people: int,
    seconds: float,
    looking: bool,
    said: str,
) -> list[Row]:
    seen, watched = Seen(), Watched()
    visitors = [Visitor(urls[at % len(urls)], recording, seen) for at in range(people)]
    watched.look(servers)
    empty = watched.megabytes[0]
    await open_all(visitors, seen)
    watching = asyncio.create_task(watched.watch(servers))
    started, own = time.perf_counter(), time.process_time()
    watched.look(servers)
    before = watched.processor[-1]
    await draw_all(visitors[:1] if looking else visitors, EVERY, seconds)
    watched.look(servers)
    took = time.perf_counter() - started
    own, servers_own = time.process_time() - own, watched.processor[-1] - before
    watching.cancel()
    for visitor in visitors:
        await visitor.close()
    again = await _second_class(urls, servers, recording, people) if seconds >= SETTLING else None
    who = f"{people} people {'who look, one draws' if looking else 'who draw'}{said}"
    answered = len(seen.answers) - seen.dropped
    waits = [1000 * wait for _, wait in seen.answers]
    errors = f"; {seen.errors[0]}" if seen.errors else ""
    rows = [
        Row(
            f"{who}: stroke sent → values received, p95",
            p95(waits),
            "ms",
            1000,
            note=f"median {number(median(waits))}, longest {number(max(waits))}; "
            f"{number(took / 60)} minutes, a stroke every {number(EVERY)} s each",
        ),
        Row(
            f"{who}: strokes answered",
            answered / took,
            "a second",
            note=f"of {number(seen.sent / took)}; {seen.dropped} gave way to a newer one",
        ),
        Row(f"{who}: errors", len(seen.errors), "", 0, note=f"of {seen.sent} strokes{errors}"),
        Row(
            f"{who}: the server's processor time for a stroke",
            1000 * servers_own / answered,
            "ms",
            20,
            note=f"{number(servers_own / took)} of {psutil.cpu_count()} cores; "
            f"the client takes {number(own / took)}",
        ),
        Row(
            f"{who}: page opened, median",
            1000 * median(seen.opening),
            "ms",
            note=f"p95 {number(1000 * p95(seen.opening))}, without what a browser does",
        ),
    ]
    return rows + _memory(who, watched, started, empty, people, again)


async def _second_class(
    urls: list[str], servers: list[psutil.Process], recording: Recording, people: int
) -> float:
    """Megabytes once the first class's sessions are over and as many others have come."""
    await asyncio.sleep(RECONNECT + 5)
    others = [Visitor(urls[at % len(urls)], recording, Seen()) for at in range(people)]
    await open_all(others, Seen())
    await draw_all(others, EVERY, 2 * EVERY)
    watched = Watched()
    watched.look(servers)
    for visitor in others:
        await visitor.close()
    return watched.megabytes[-1]


def _memory(
    who: str, watched: Watched, started: float, empty: float, people: int, again: float | None
) -> list[Row]:
    first, last = watched.megabytes[1], watched.megabytes[-1]
    settled = [
        megabytes
        for at, megabytes in zip(watched.at, watched.megabytes, strict=True)
        if at - started >= SETTLING
    ]
    rows = [
        Row(
            f"{who}: memory a session",
            (first - empty) / people,
            "MB",
            10,
            note=f"{number(empty)} MB with nobody, {number(last)} in the end",
        )
    ]
    if len(settled) > 10:
        middle = median(settled)
        off = max(max(settled) - middle, middle - min(settled))
        rows.append(
            Row(
                f"{who}: memory after two minutes, farthest from its median",
                100 * off / middle,
                "%",
                5,
                note=f"{number(min(settled))} to {number(max(settled))} MB",
            )
        )
    if again is not None:
        rows.append(
            Row(
                f"{who}, have gone and as many come: memory beside before",
                again / last,
                "×",
                1.05,
                note=f"{number(again)} against {number(last)} MB",
            )
        )
    return rows
