"""payload.js: weights come once, on their own, and are there as long as something shows them."""

import pytest
import torch
from torch import nn

from tests.frontend.networks import base64_floats
from tests.javascript import JavaScriptError, Node

# Each test has digests of its own, since the module's cache outlives a test.
SETUP = """
const payload = await load("network_view/payload.js");
const weightsOf = (id) => ({ id, layers: { fc: { weight: sent.weight, bias: null } } });
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
