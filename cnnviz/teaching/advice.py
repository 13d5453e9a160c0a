"""What the test says to a teacher: how many were read right, and what needs more drawings."""

from collections.abc import Sequence

import numpy as np

from cnnviz.spelling import fixed
from cnnviz.training.testing import Readings

SAYS_MUCH = 5
"""Drawings of each symbol in the test: with fewer, all of them right may be luck."""


def score(readings: Readings) -> str:
    """Right of all, as a count: "27 of 30"."""
    right = int((readings.labels == readings.read).sum())
    return f"{right} of {len(readings.labels)}"


def needs_more(readings: Readings, classes: Sequence[str], learnt: Sequence[int]) -> str:
    """Which of `classes` needs more drawings, and why, in a sentence.

    `learnt` counts the drawings that each class was learnt from.
    """
    usual = float(np.median(learnt))
    fewest = int(np.argmin(learnt))
    if learnt[fewest] < usual / 2:
        return (
            f"{classes[fewest]} needs more drawings: it was learnt from {learnt[fewest]}, the "
            f"others from about {fixed(usual, 0)}."
        )
    counts = readings.counts()
    tested = counts.sum(1)
    shares = np.divide(counts.diagonal(), tested, out=np.ones(len(tested)), where=tested > 0)
    worst = int(np.argmin(shares))
    if shares[worst] == 1:
        few = int(tested[tested > 0].min())
        if few >= SAYS_MUCH:
            return "All were read right."
        return f"All were read right; with {few} of a symbol that says little. Draw more of each."
    wrong = counts[worst].copy()
    wrong[worst] = 0
    other = int(np.argmax(wrong))
    right = f"{counts[worst, worst]} of {tested[worst]} were read right"
    return (
        f"{classes[worst]} needs more drawings: {right}, {wrong[other]} as {classes[other]}. "
        "Draw it as differently as you can."
    )


def without_score(status: str, reason: str | None = None) -> str:
    """What became of a run, by its status, that has made no network, or none yet."""
    return {
        "queued": "It is about to be trained.",
        "running": "It is being trained.",
        "paused": "Its training is paused.",
        "stopped": "Its training was stopped before there was a network.",
        "interrupted": "Its training was interrupted before there was a network.",
        "failed": "Its training ended before there was a network"
        + (f": {reason}" if reason else "."),
        "finished": "Its network isn't on this machine any more: train again.",
    }[status]
