"""A training run as one HTML file: the explorer, and the filmstrip of its snapshots."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnviz.export.page import page
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.trace import as_image, trace
from cnnviz.runs.history import Run
from cnnviz.spelling import count
from cnnviz.training.events import Snapshot
from cnnviz.views.explorer import Start
from cnnviz.views.film import MAX_KERNELS, frame_of
from cnnviz.views.network import Words, weights_message

MOST_BYTES = 500_000
_POINTS = 250  # of the curve
_SLACK = 64  # bytes that one snapshot may be longer than another


def run_page(run: Run, opened: Callable[[int], Checkpoint], start: Start) -> str:
    """The page of the last network, with the snapshots before it in a strip.

    `opened` gives the network of a snapshot's step. Where all would make the file larger than
    500 kB there are as many as fit, evenly chosen, the first and the last among them; the page
    says how many.

    Raises ValueError for a run without snapshots, for one whose pixels are shuffled (a drawing
    would have to be, too), and where a snapshot can't be used.
    """
    if not run.events.snapshots:
        raise ValueError("this run has no snapshot yet")
    if run.config.shuffle_pixels is not None:
        raise ValueError("a page can't shuffle a drawing's pixels, as this run's pictures are")
    rows, title = run.events.snapshots, Words(title=run.about.title)
    last = opened(rows[-1].step)

    def made(chosen: list[Snapshot]) -> str:
        return page(last, start, title, _film(run, chosen, opened, start))

    one, two = (len(made(rows[-number:]).encode()) for number in (1, 2))
    fit = len(rows) if two == one else 1 + (MOST_BYTES - one) // (two - one + _SLACK)
    if fit < 2:
        return made(rows[-1:])
    places = np.linspace(0, len(rows) - 1, min(fit, len(rows))).round().astype(int)
    return made([rows[at] for at in np.unique(places)])


def _film(
    run: Run, rows: list[Snapshot], opened: Callable[[int], Checkpoint], start: Start
) -> dict[str, Any]:
    """What frontend/standalone/film.js is sent: frames, and the weights of each."""
    image = as_image(start.prepared.image)
    frames, weights = [], []
    for row in rows:
        checkpoint = opened(row.step)
        frame = frame_of(checkpoint, row, image).to_dict()
        sent = weights_message(trace(checkpoint.model, image))
        for name, kernels in frame["kernels"].items():
            if max(kernels["of"]) <= MAX_KERNELS:  # all of them: they are among the weights
                frame["kernels"][name] = None
        frames.append(frame)
        weights.append(sent)
    steps, losses = _curve(run)
    whole = len(run.events.snapshots)
    part = "" if len(rows) == whole else f"{len(rows)} of the run's {count(whole)} snapshots"
    return {
        "frames": frames,
        "weights": weights,
        "last": run.events.last_step,
        "truth": start.truth,
        "curve": {"steps": steps, "losses": losses},
        "part": part,
    }


def _curve(run: Run) -> tuple[list[int], list[float]]:
    """Steps, and the mean loss of those up to each since the one before."""
    steps = np.asarray(run.events.steps, np.int64)
    losses = np.asarray(run.events.losses, np.float64)
    if not len(steps):
        return [], []
    wanted = np.geomspace(1, steps[-1], _POINTS).astype(np.int64)
    ends = np.unique(np.searchsorted(steps, wanted, side="right"))
    ends = ends[ends > 0]
    starts = np.concatenate([[0], ends[:-1]])
    means = [float(losses[a:b].mean()) for a, b in zip(starts, ends, strict=True)]
    return steps[ends - 1].tolist(), np.round(means, 4).tolist()
