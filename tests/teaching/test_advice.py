"""What the test says to a teacher."""

from typing import get_args

import numpy as np
import pytest

from cnnviz.runs.history import Ending
from cnnviz.teaching.advice import needs_more, score, without_score
from cnnviz.training.testing import Readings

NAMES = ("sun", "moon", "star")


def read(labels, said):
    sure = np.ones(len(labels), np.float32)
    return Readings(3, np.array(labels), np.array(said), sure)


@pytest.mark.parametrize(
    ("labels", "said", "learnt", "words"),
    [
        ([0, 1, 2], [0, 1, 2], [16, 4, 16], "moon needs more drawings: it was learnt from 4, "),
        ([0, 0, 1, 1, 2, 2], [0, 0, 2, 1, 2, 2], [9, 9, 9],
         "moon needs more drawings: 1 of 2 were read right, 1 as star. "),
        ([0, 1, 2], [0, 1, 2], [4, 4, 4], "All were read right; with 1 of a symbol that says "),
        ([0, 1, 2] * 5, [0, 1, 2] * 5, [20, 20, 20], "All were read right."),
        # A class that has no drawing in the test is no bad one.
        ([0, 1] * 5, [0, 1] * 5, [20, 20, 20], "All were read right."),
    ],
)  # fmt: skip
def test_the_class_that_needs_more_drawings_is_named_with_the_reason(labels, said, learnt, words):
    assert needs_more(read(labels, said), NAMES, learnt).startswith(words)


def test_a_score_is_a_count():
    assert score(read([0, 1, 2, 2], [0, 1, 1, 2])) == "3 of 4"


def test_every_state_of_a_run_without_a_network_has_words_of_its_own():
    states = {"queued", "running", "paused", "interrupted", *get_args(Ending)}
    said = {state: without_score(state) for state in states}
    assert len(set(said.values())) == len(states)
    assert [state for state in said if "being trained" in said[state]] == ["running"]
    assert without_score("failed", "no room") == (
        "Its training ended before there was a network: no room"
    )
