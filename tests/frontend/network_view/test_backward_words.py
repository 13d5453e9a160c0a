"""What the view says of a gradient: numbers that add up, sentences, and Python that gives them."""

import re
from typing import Any

import pytest
import torch
from torch import Tensor

from cnnviz.networks.models import untrained
from cnnviz.reasons.backward import Backward, backward
from tests.frontend.network_view.test_arithmetic import number
from tests.frontend.networks import base64_floats, encode, evaluate, unit_of
from tests.javascript import Node

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

SAID = """
const { backwardTerms } = await load("network_view/backward/terms.js");
const { showTerms } = await load("network_view/backward/display.js");
const told = await load("network_view/backward/told.js");
const { network, values } = decode(sent);
values.push(floats(sent.probabilities));
const back = { ...sent.back, values, gradients: sent.gradients.map(floats) };
return sent.pins.map(({ layer, unit }) => {
  const terms = backwardTerms(network, back, layer, unit);
  return {
    terms,
    shown: showTerms(terms),
    sentence: told.backwardSentence(network, back, layer, unit),
    way: told.wayWords(network, layer),
    onwards: told.onwards(network, back, layer, unit),
    code: told.backwardSnippet(network, back, layer, unit),
  };
});
"""


@pytest.fixture(scope="module")
def learnt() -> Backward:
    torch.manual_seed(4)
    return backward(untrained(), torch.rand(1, 1, 28, 28), 7)


def said(node: Node, found: Backward, pins: list[tuple[int, int]]) -> list[dict[str, Any]]:
    shapes = [tuple(gradient.shape) for gradient in found.gradients]
    shapes.append(shapes[-1])
    assert found.trace.probabilities is not None
    sent = {
        **encode(found.trace),
        "pins": [{"layer": at, "unit": unit_of(shapes[at + 1], index)} for at, index in pins],
        "gradients": [base64_floats(gradient) for gradient in found.gradients],
        "probabilities": base64_floats(found.trace.probabilities),
        "back": {"target": found.target, "loss": found.loss},
    }
    return evaluate(node, SAID, sent)


def largest(gradient: Tensor) -> int:
    return int(gradient.abs().argmax())


def test_a_sum_that_is_shown_adds_up_or_says_why_not(node: Node, learnt: Backward) -> None:
    pins = [(at - 1, largest(gradient)) for at, gradient in enumerate(learnt.gradients[:-1])]
    for made in said(node, learnt, pins):
        shown = made["shown"]
        single = len(shown["groups"]) == 1
        texts = (
            [row["product"] for row in shown["rows"]]
            if single
            else [group["sum"] for group in shown["groups"]]
        )
        if single and shown["restCount"]:
            texts.append(shown["restSum"])
        adds = sum(number(text) for text in texts) == number(shown["value"])
        assert adds or "shown sum to" in shown["note"]
        power = re.fullmatch(r"(?:·10⁻(\d+))?", shown["power"].translate(SUPERSCRIPTS))
        assert power is not None
        size = 10.0 ** -int(power[1] or 0)
        assert float(number(shown["value"])) * size == pytest.approx(
            made["terms"]["value"], abs=size * 1e-3
        )


def test_every_gradient_explains_itself_leads_on_and_runs_as_python(
    node: Node, learnt: Backward
) -> None:
    pins = [(at - 1, largest(gradient)) for at, gradient in enumerate(learnt.gradients)]
    last = len(learnt.trace.layers)
    pins += [(last - 1, 7), (last, 7), (last, 0)]
    for (layer, index), made in zip(pins, said(node, learnt, pins), strict=True):
        assert not re.search(r"undefined|null|NaN|\[object", made["sentence"] + made["way"])
        assert made["sentence"].endswith(".")
        assert (made["onwards"] is None) == (layer == -1)
        if made["onwards"]:
            assert made["onwards"]["layer"] == layer - 1
        names: dict[str, Any] = {"print": lambda _: None}
        exec(made["code"], names)
        exact = float(names["value"])
        if layer < last:
            expected = float(learnt.gradients[layer + 1].flatten()[index])
            assert exact == pytest.approx(expected, rel=1e-5, abs=1e-9)
        else:
            assert exact == pytest.approx(learnt.loss if index == 7 else 0, rel=1e-5)


def test_a_gradient_that_is_exactly_nothing_says_so_and_why(node: Node, learnt: Backward) -> None:
    shut = int((learnt.trace["conv1"].values.flatten() < 0).nonzero()[0])
    (made,) = said(node, learnt, [(0, shut)])
    assert made["shown"]["value"] == "0.000"
    assert made["terms"]["groups"][0]["cells"][0][0]["weight"] == 0
    assert "A gate" in made["way"]
