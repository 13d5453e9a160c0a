"""Whose numbers the 1D view shows: Python's, or for a while the browser's own."""

import json
from typing import Any

import numpy as np
import pytest

from cnnviz.labs.convolution_1d import Sliding, convolve, cross_correlate
from cnnviz.views.letters import letters
from tests.javascript import Node


def sent(signal: list[float], kernel: list[float], **changes: Any) -> dict[str, Any]:
    """What Python sends for these, in full and with the flip."""
    sliding = Sliding("full", 1, 1)
    f, h = np.array(signal, float), np.array(kernel, float)
    return {
        "signal": letters(f, "<f8"),
        "filter": letters(h, "<f8"),
        "result": letters(convolve(f, h, sliding), "<f8"),
        "other": letters(convolve(f, h, sliding), "<f8"),
        "tokens": json.dumps({"signal": ["1/2"] * len(signal)}),
        **{"flip": True, "mode": "full", "stride": 1, "dilation": 1, "start": 0},
        **{"predict": False, "position": None, "sentence": "Python's", "limit": 100, "echo": 0},
        **changes,
    }


MODEL = """
const { Model } = await load("signal_view/model.js");
const model = new Model(sent.data);
"""


def test_an_edit_is_computed_at_once_as_python_would(node: Node) -> None:
    code = """
    model.edit("signal", new Map([[1, 5]]));
    const { result, signal } = model.numbers;
    return [model.source, model.sentence, [...signal], [...result]];
    """
    answer = node.run(MODEL + code, {"data": sent([3, 2, 1], [1, -1])})
    expected = convolve(np.array([3.0, 5, 1]), np.array([1.0, -1]), Sliding("full", 1, 1))
    assert answer == ["preview", "", [3, 5, 1], expected.tolist()]


def test_without_the_flip_both_results_follow_an_edit(node: Node) -> None:
    f, h = np.array([3.0, 2, 1]), np.array([1.0, -1])
    code = """
    model.edit("filter", new Map([[0, 4]]));
    return [[...model.numbers.result], [...model.numbers.other]];
    """
    result = cross_correlate(f, h, Sliding("full", 1, 1))
    data = sent([3, 2, 1], [1, -1], flip=False, result=letters(result, "<f8"))
    h[0] = 4
    assert node.run(MODEL + code, {"data": data}) == [
        cross_correlate(f, h, Sliding("full", 1, 1)).tolist(),
        convolve(f, h, Sliding("full", 1, 1)).tolist(),
    ]


def test_an_answer_to_an_older_edit_is_not_fresh(node: Node) -> None:
    code = """
    model.edit("signal", new Map([[0, 1]]));
    const first = model.message();
    model.edit("signal", new Map([[2, 9]]));
    const second = model.message();
    const fresh = [4, 5, 6].map((echo) => model.isFresh({ ...sent.data, echo }));
    model.take({ ...sent.data, echo: 6 });
    return [first, second, fresh, model.source, model.message()];
    """
    answer = node.run(MODEL + code, {"data": sent([3, 2, 1], [1], echo=4)})
    assert answer == [
        {"sequence": 5, "signal": [[0, 1]], "filter": []},
        {"sequence": 6, "signal": [[0, 1], [2, 9]], "filter": []},
        [False, False, True],
        "numpy",
        None,
    ]


def test_a_fraction_stays_one_until_it_is_dragged(node: Node) -> None:
    code = """
    const before = model.wordOf("signal", 1, 0.5);
    model.edit("signal", new Map([[1, -0.75]]));
    return [before, model.wordOf("signal", 1, -0.75), model.wordOf("result", 1, -0.75)];
    """
    answer = node.run(MODEL + code, {"data": sent([0.5, 0.5], [1])})
    assert answer == ["1/2", "−0.75", "−0.75"]


def test_the_filter_slides_and_comes_to_rest(node: Node) -> None:
    code = """
    const { Position } = await load("signal_view/position.js");
    const position = new Position();
    const kept = { start: 2, step: 3, count: 4 };
    const moved = [position.go(1, kept), position.go(99, kept, 1000), position.go(99, kept, 1000)];
    const path = [1000, 1050, 1100, 1170].map((now) => (position.advance(now), position.at));
    return [moved, position.current, path, position.slide];
    """
    moved, current, path, slide = node.run(code)
    assert moved == [True, True, False]
    assert current == 3
    assert path[0] == 5
    assert path[-1] == 11
    assert sorted(path) == path
    assert slide is None


@pytest.mark.parametrize(
    ("guess", "said", "right"),
    [
        (2.99, "Right: you said 2.99", True),
        (2.5, "Not quite: you said 2.5", False),
        (None, "Here it is", False),
    ],
)
def test_a_guess_reveals_one_result_and_is_counted(
    node: Node, guess: float | None, said: str, right: bool
) -> None:
    code = """
    const { Prediction } = await load("signal_view/prediction.js");
    const prediction = new Prediction();
    prediction.start(true);
    prediction.forget(1);
    prediction.check(sent, 2, [1, 2, 3, 4]);
    return [prediction.verdictOf(2), [0, 1, 2, 3].map((j) => prediction.hides(j))];
    """
    verdict, hidden = node.run(code, guess)
    assert verdict == {"said": said, "right": right, "score": f"{int(right)} of 1"}
    assert hidden == [False, True, False, True]


def test_guesses_and_what_was_said_of_them_are_kept_until_the_numbers_change(node: Node) -> None:
    code = """
    const { Prediction } = await load("signal_view/prediction.js");
    const prediction = new Prediction();
    prediction.start(true);
    prediction.check(1, 0, [1, 2]);
    prediction.check(5, 1, [1, 2]);
    prediction.moved();
    const kept = [[...prediction.guesses], [0, 1].map((j) => prediction.verdictOf(j).said)];
    prediction.refuse();
    const refused = prediction.verdictOf(0).said;
    prediction.forget(1);
    return [kept, refused, prediction.guesses.size, prediction.verdictOf(0)];
    """
    kept, refused, left, said = node.run(code)
    assert kept == [[[0, 1], [1, 5]], ["Right: you said 1", "Not quite: you said 5"]]
    assert refused.startswith("Type a number")
    assert left == 0
    assert said is None
