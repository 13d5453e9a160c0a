"""Where a run stands in the line of those that wait, and how long that may take."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from cnnviz.runs import turns
from cnnviz.runs.history import Run


@dataclass(frozen=True)
class Place:
    """1 is the next to begin; `seconds` until it does, None where nothing tells it."""

    number: int
    seconds: float | None


def place(run: Run, runs: Sequence[Run]) -> Place | None:
    """The place of `run` in the line; None when it doesn't stand there: it is about to begin.

    `runs` are all there are, those included that have ended: how fast they were tells how long the
    others take.
    """
    order = [waiting.name for waiting in turns.waiting(run.folder.parent)]
    if run.name not in order:
        return None
    number = order.index(run.name) + 1
    known = {other.name: other for other in runs}
    training = [known[name] for name in turns.having(run.folder.parent) if name in known]
    before = [known[name] for name in order[: number - 1] if name in known]
    left = {other.name: seconds_left(other, runs) for other in (*training, *before)}
    if None in left.values() or not training:
        return Place(number, None)
    # Each of those before it begins where the first of those that train ends.
    ends = [left[other.name] or 0.0 for other in training]
    heapq.heapify(ends)
    for other in before:
        heapq.heappush(ends, heapq.heappop(ends) + (left[other.name] or 0.0))
    return Place(number, min(ends))


def seconds_left(run: Run, runs: Sequence[Run]) -> float | None:
    """What training takes until the end of `run`, tests aside; by the speed of another run of the
    same network and batch size where it has none of its own."""
    alike = (other for other in runs if _work(other) == _work(run))
    speeds = (speed for other in (run, *alike) if (speed := other.samples_per_second))
    speed = next(speeds, None)
    if speed is None:
        return None
    return max(0, run.config.epochs * run.config.samples - run.samples_done) / speed


def _work(run: Run) -> tuple[object, ...]:
    config = run.config
    return config.model, config.architecture, config.hidden, config.dataset, run.batch_size
