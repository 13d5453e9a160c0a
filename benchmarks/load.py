"""Many people at once: what the server makes of a stroke every two seconds from each of them.

A real browser's strokes are recorded and replayed by many sessions (`benchmarks.replay`), from one
process on the same machine: what that takes of the processors is in the note.

`python -m benchmarks load --people 100 --minutes 30` is the long run: 33 minutes in all. It says
each minute how it goes; told to end before (Ctrl+C), it makes a table of what was.
"""

import asyncio
import contextlib
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from benchmarks.browser import browser
from benchmarks.recording import Recording, record
from benchmarks.replay import PATIENCE, Seen, Visitor, close_all, draw_all, open_all
from benchmarks.servers import (
    LETTING_GO,
    RECONNECT,
    SETTLING,
    Gone,
    Watched,
    given_back_rows,
    memory_rows,
)
from benchmarks.table import Row, number, p95
from cnnviz.runs import folders, history
from cnnviz.runs.queue import Queue, make_executor
from cnnviz.training.config import EPOCHS
from cnnviz.training.presets import PRESETS
from tests.browser import chromium

EVERY = 2.0
"""Seconds from a person's stroke to the next."""

IDLE = 20.0
"""Seconds for which open pages are watched before anybody draws, where most people only look."""

_RUNS = 10  # of 100 epochs each: some four minutes, so that one trains all the time


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
                Watched([psutil.Process(process.pid) for _, process in servers]),
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
    watched: Watched,
    recording: Recording,
    people: int,
    seconds: float,
    looking: bool,
    said: str,
) -> list[Row]:
    who = f"{people} people {'who look, one draws' if looking else 'who draw'}{said}"
    seen = Seen()
    visitors = [Visitor(urls[at % len(urls)], recording, seen) for at in range(people)]
    empty, files = watched.memory(), watched.files()
    await open_all(visitors, seen)
    opened = watched.memory()
    idle = await _idle(watched) if looking else 0.0
    started, own, before = time.perf_counter(), time.process_time(), watched.processor()
    drawing = draw_all(visitors[:1] if looking else visitors, EVERY, seconds)
    async with _beside(watched.watch(), _progress(watched, seen, seconds)):
        ended = await _unless_told(asyncio.create_task(drawing))
    took = time.perf_counter() - started
    own, servers_own = time.process_time() - own, watched.processor() - before
    await close_all(visitors)
    if not ended:
        who += f", ended after {number(took / 60)} minutes"
    rows = _errors(who, seen)
    if seen.answers:
        rows = _strokes(who, seen, took) + rows
        rows += _costs(who, seen, took, servers_own, own, idle, looking)
    if seen.opening:
        rows.append(_opening(who, seen))
    rows += memory_rows(who, watched, started, empty, (opened - empty) / people)
    if ended and seconds >= SETTLING:
        _say(f"all have gone; {number(RECONNECT + LETTING_GO)} s until their sessions have, too")
        gone = asyncio.create_task(_gone(urls, watched, recording, people))
        if await _unless_told(gone):
            rows += given_back_rows(who, watched, empty, files, gone.result())
    return rows


async def _idle(watched: Watched) -> float:
    """Of a second, what the servers take while all pages are open and nobody does anything."""
    await asyncio.sleep(2)
    before, started = watched.processor(), time.perf_counter()
    await asyncio.sleep(IDLE)
    return (watched.processor() - before) / (time.perf_counter() - started)


@contextlib.asynccontextmanager
async def _beside(*several: Coroutine[None, None, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(one) for one in several]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()


async def _unless_told(task: asyncio.Task[Any]) -> bool:
    """Whether it came to its own end, and wasn't told to end before."""
    loop = asyncio.get_running_loop()
    for told in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(told, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return False
    finally:
        for told in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(told)
    return True


async def _progress(watched: Watched, seen: Seen, seconds: float) -> None:
    """A line a minute."""
    minute, before = 0, 0
    while True:
        await asyncio.sleep(60)
        minute += 1
        waits = [1000 * wait for _, wait in seen.answers[before:]]
        answered = f"{number(len(waits) / 60)} strokes a second"
        if len(waits) > 1:
            answered += f", p95 {number(p95(waits))} ms"
        _say(
            f"minute {minute} of {number(seconds / 60)}: {answered}; "
            f"{len(seen.errors)} errors; {number(watched.memory())} MB"
        )
        before = len(seen.answers)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


async def _gone(urls: list[str], watched: Watched, recording: Recording, people: int) -> Gone:
    """What is left once the first class's sessions are over, and what a second one makes of it."""
    await asyncio.sleep(RECONNECT + LETTING_GO)
    megabytes, files = watched.memory(), watched.files()
    others = [Visitor(urls[at % len(urls)], recording, Seen()) for at in range(people)]
    await open_all(others, Seen())
    await draw_all(others, EVERY, 5 * EVERY)
    again = watched.memory()
    await close_all(others)
    return Gone(megabytes, files, again)


# --- rows -----------------------------------------------------------------------------------------


def _errors(who: str, seen: Seen) -> list[Row]:
    kinds = Counter(seen.errors).most_common(3)
    said = "".join(f"; {times} × {error}" for error, times in kinds)
    return [Row(f"{who}: errors", len(seen.errors), "", 0, note=f"of {seen.sent} strokes{said}")]


def _strokes(who: str, seen: Seen, took: float) -> list[Row]:
    waits = [1000 * wait for _, wait in seen.answers]
    answered = len(waits) - seen.dropped
    return [
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
    ]


def _costs(
    who: str,
    seen: Seen,
    took: float,
    servers_own: float,
    own: float,
    idle: float,
    looking: bool,
) -> list[Row]:
    """Processor time: of strokes, and where most only look, of pages that are merely open."""
    of_strokes = max(0.0, servers_own - idle * took)
    note = (
        f"{number(servers_own / took)} of {psutil.cpu_count()} cores; "
        f"the client takes {number(own / took)}"
    )
    if looking:
        note = f"without what open pages take; {note}"
    rows = [
        Row(
            f"{who}: the server's processor time for a stroke",
            1000 * of_strokes / (len(seen.answers) - seen.dropped),
            "ms",
            20,
            note=note,
        )
    ]
    if looking:
        rows.append(
            Row(
                f"{who}: the server's processor time while nobody draws",
                100 * idle,
                "% of a core",
                2,
                note=f"all pages open, for {number(IDLE)} s",
            )
        )
    return rows


def _opening(who: str, seen: Seen) -> Row:
    return Row(
        f"{who}: page opened, median",
        1000 * median(seen.opening),
        "ms",
        note=f"p95 {number(1000 * p95(seen.opening))}, without what a browser does",
    )
