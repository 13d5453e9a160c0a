"""payload.js: weights come once, on their own, and are there as long as something shows them."""

import pytest
import torch
from torch import nn

from tests.frontend.networks import base64_floats
from tests.javascript import JavaScriptError, Node

# Each test has digests of its own, since the module's cache outlives a test.
SETUP = """
const payload = await load("network_view/payload.js");
const weightsOf = (id) =>
  ({ id, layers: { fc: { digest: `of ${id}`, weight: sent.weight, bias: null } } });
const traceOf = (weights) => ({
  weights,
  image: sent.image,
  layers: [{ name: "fc", kind: "linear", hyper: {}, ...sent.output }],
});
const weightOf = (id) => [...payload.decodeNetwork(traceOf(id)).layers[0].weight];
"""


@pytest.fixture
def sent() -> dict:
    layer = nn.Linear(4, 2, bias=False)
    image = torch.rand(1, 2, 2)
    tensors = {"weight": layer.weight, "image": image, "output": layer(image.flatten())}
    return {
        name: {"shape": list(tensor.shape), "values": base64_floats(tensor.detach())}
        for name, tensor in tensors.items()
    }


def test_weights_outlive_any_number_of_other_networks(node: Node, sent: dict):
    """Streamlit doesn't send an unchanged element again."""
    code = """
    payload.storeWeights(weightsOf("kept"), {});
    const other = {};
    for (let i = 0; i < 100; i++) payload.storeWeights(weightsOf(`kernel ${i}`), other);
    return weightOf("kept");
    """
    assert node.run(SETUP + code, sent) == node.run(
        SETUP + 'payload.storeWeights(weightsOf("first"), {}); return weightOf("first");', sent
    )


def test_a_trace_whose_weights_are_not_there_is_never_a_network_without_weights(
    node: Node, sent: dict
):
    with pytest.raises(JavaScriptError, match="the weights unheard-of haven't come yet"):
        node.run(SETUP + 'return payload.decodeNetwork(traceOf("unheard-of"));', sent)


def test_a_trace_waits_for_its_weights(node: Node, sent: dict):
    code = """
    const seen = [];
    payload.whenWeights("late", () => seen.push(weightOf("late").length));
    payload.storeWeights(weightsOf("another"), {});
    const before = [...seen];
    payload.storeWeights(weightsOf("late"), {});
    payload.storeWeights(weightsOf("late"), {});
    return { before, seen };
    """
    assert node.run(SETUP + code, sent) == {"before": [], "seen": [8]}


def test_weights_are_let_go_with_the_last_element_that_shows_them(node: Node, sent: dict):
    code = """
    const here = (id) => {
      let found = false;
      payload.whenWeights(id, () => { found = true; });
      return found;
    };
    const [first, second] = [{}, {}];
    payload.storeWeights(weightsOf("shared"), first);
    payload.storeWeights(weightsOf("shared"), second);
    payload.storeWeights(weightsOf("newer"), first);
    const one = here("shared");
    payload.releaseWeights(second);
    return [one, here("shared"), here("newer")];
    """
    assert node.run(SETUP + code, sent) == [True, False, True]


def test_a_layer_that_came_before_need_not_come_again(node: Node, sent: dict):
    code = """
    const named = (id, ...digests) => {
      const rows = digests.map((digest, at) => [`fc${at || ""}`, { digest }]);
      return { id, layers: Object.fromEntries(rows) };
    };
    payload.storeWeights(weightsOf("whole"), {});
    const there = payload.storeWeights(named("again", "of whole"), {});
    const lacking = payload.storeWeights(named("half", "of whole", "never came"), {});
    let woken = false;
    payload.whenWeights("half", () => { woken = true; });
    return { there, same: weightOf("again"), first: weightOf("whole"), lacking, woken };
    """
    found = node.run(SETUP + code, sent)
    assert (found["there"], found["lacking"], found["woken"]) == (True, False, False)
    assert found["same"] == found["first"]


def test_what_lacks_is_asked_for_until_it_has_come(node: Node, sent: dict):
    code = """
    globalThis.window = globalThis;
    const { default: render } = await load("network_view/index.js");
    const told = [];
    const send = (data) => render({
      data: { role: "weights", ...data },
      parentElement: element,
      setTriggerValue: (name, value) => told.push([name, value]),
    });
    const element = {};
    send({ id: "lost", layers: { fc: { digest: "lost long ago" } } });
    const asked = [...told];
    send(weightsOf("lost"));
    return { asked, told: told.length, there: weightOf("lost").length };
    """
    assert node.run(SETUP + code, sent) == {
        "asked": [["lacking", "lost"]],
        "told": 1,
        "there": 8,
    }


def test_of_too_many_weights_the_oldest_are_forgotten_and_what_is_used_is_not(node: Node):
    code = """
    const { recall, remember } = await load("network_view/remembered.js");
    const weights = { weight: { shape: [3e6], values: { length: 3e6 } }, bias: null };
    remember("first", weights);
    remember("second", weights);
    recall("first");
    remember("third", weights);
    return ["first", "second", "third"].map((digest) => recall(digest) !== null);
    """
    assert node.run(code) == [True, False, True]
