"""changes.js against torch: a changed network must give what torch gives of it."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.networks import checkpoints
from cnnviz.networks.architecture import Architecture
from cnnviz.networks.models import untrained
from cnnviz.networks.notation import layers_of
from cnnviz.networks.trace import Trace, trace
from cnnviz.reasons.changes import Changes
from cnnviz.views.network import trace_message, weights_message
from tests.frontend.networks import encode, evaluate, traces
from tests.javascript import Node
from tests.reasons.test_changes import ARTICLE, OF_ARTICLE, PICTURE

RUN = """
const { createRunner } = await load("network_view/forward.js");
const { changed, changesText, parseChanges } = await load("network_view/changes.js");
const { network, values } = decode(sent);
const changes = parseChanges(sent.changes);
const made = changed(network, changes, sent.means ?? {});
const runner = createRunner(made.network, made.sets);
const plain = createRunner(network).run(values[0]).at(-1);
return {
  values: runner.run(values[0]).map((layer) => [...layer]),
  plain: [...plain],
  text: changesText(changes),
  same: made.network === network,
};
"""


def check(node: Node, model: torch.nn.Sequential, image: torch.Tensor, text: str) -> None:
    changes = Changes.parse(text)
    before = trace(model, image)
    steps = trace(changes.applied(model), changes.painted(image))
    made = evaluate(node, RUN, {**encode(before), "changes": str(changes)})
    outputs = [steps.image, *(layer.values for layer in steps.layers)]
    for wanted, values in zip(outputs, made["values"], strict=True):
        scale = max(1.0, float(wanted.abs().max()))
        np.testing.assert_allclose(values, wanted.flatten().numpy(), rtol=0, atol=1e-5 * scale)
    # The network as it is isn't touched.
    last = before.layers[-1].values.flatten().numpy()
    np.testing.assert_allclose(made["plain"], last, atol=1e-5 * max(1.0, float(abs(last).max())))
    assert Changes.parse(made["text"]) == changes
    assert made["same"] == (not any(change.of_weights for change in changes))


PIXELS = st.builds(
    lambda row, col, value: f"input.0.{row}.{col}={value}",
    st.integers(0, 27),
    st.integers(0, 27),
    st.sampled_from(["0", "1", "0.5"]),
)


@settings(max_examples=40)
@given(
    parts=st.lists(
        OF_ARTICLE | PIXELS, min_size=1, max_size=5, unique_by=lambda text: text.split("=")[0]
    )
)
def test_a_changed_network_gives_what_torch_gives(node: Node, parts: list[str]) -> None:
    image = torch.rand(1, *PICTURE, generator=torch.Generator().manual_seed(2))
    check(node, ARTICLE, image, ";".join(parts))


@settings(max_examples=40)
@given(steps=traces(), place=st.integers(0, 10**6), whole=st.booleans())
def test_a_value_of_any_layer_can_be_set(node: Node, steps: Trace, place: int, whole: bool) -> None:
    layer = place % len(steps.layers)
    shape = tuple(steps.layers[layer].values.shape)
    at = [int(i) for i in np.unravel_index(place % int(np.prod(shape)), shape)]
    target = ".".join([steps.layers[layer].name, *map(str, at[:1] if whole else at)])
    made = evaluate(node, RUN, {**encode(steps), "changes": f"{target}=2"})
    values = np.array(made["values"][layer + 1]).reshape(shape)
    wanted = steps.layers[layer].values.numpy().copy()
    wanted[tuple(at[:1] if whole else at)] = 2
    np.testing.assert_allclose(values, wanted, atol=1e-5 * max(1.0, float(abs(wanted).max())))


def test_a_mean_is_set_once_it_is_known(node: Node) -> None:
    steps = trace(untrained(), torch.rand(1, 1, 28, 28))
    sent = {**encode(steps), "changes": "relu1.2=mean"}
    unknown = evaluate(node, RUN, sent)["values"][2]
    np.testing.assert_allclose(unknown, steps["relu1"].values.flatten().numpy(), atol=1e-5)
    known = evaluate(node, RUN, {**sent, "means": {"relu1.2": 0.25}})["values"][2]
    assert set(known[2 * 26 * 26 : 3 * 26 * 26]) == {0.25}


def test_what_python_leaves_to_the_browser_is_set_too(node: Node) -> None:
    """A ReLU's map isn't sent: the browser makes it of the convolution's, and sets what is set."""
    model = checkpoints.article().model
    changes = Changes.parse("relu1.2=0.5;pool2.1.2.3=7")
    image = torch.rand(1, 1, 28, 28)
    steps = trace(changes.applied(model), image)
    code = """
    const payload = await load("network_view/payload.js");
    const { createRunner } = await load("network_view/forward.js");
    const { changed, parseChanges } = await load("network_view/changes.js");
    payload.storeWeights(sent.weights, {});
    const network = payload.decodeNetwork(sent.trace);
    const made = changed(network, parseChanges(sent.changes), {});
    const { run, fill } = createRunner(made.network, made.sets);
    const { values, exact } = payload.decodeValues(sent.trace, made.network, run, fill);
    const all = exact.every((known) => known.every(Boolean));
    return { values: values.map((v) => [...v]), exact: all };
    """
    weights = weights_message(steps)
    sent = {
        "weights": weights,
        "trace": trace_message(steps, key="network", weights=weights["id"]),
        "changes": str(changes),
    }
    made = node.run(code, sent)
    assert made["exact"]
    for layer, values in zip(steps.layers, made["values"][1:], strict=True):
        assert np.array_equal(np.array(values, np.float32), layer.values.flatten().numpy())


def test_what_differs_is_said_map_by_map(node: Node) -> None:
    model = checkpoints.article().model
    image = torch.rand(1, 1, 28, 28)
    code = """
    const { createRunner } = await load("network_view/forward.js");
    const changes = await load("network_view/changes.js");
    const { network, values } = decode(sent);
    const made = changes.changed(network, changes.parseChanges("conv1.2=0"), {});
    const after = createRunner(made.network, made.sets).run(values[0]);
    const maps = changes.differences(network, values, after);
    return [...maps].map(([key, share]) => ({ key, share }));
    """
    found = evaluate(node, code, encode(trace(model, image)))
    shares = {each["key"]: each["share"] for each in found}
    assert shares["0,2"] == 1  # conv1 map 2 is gone
    assert not {"-1,0", "0,0", "0,1", "0,3", "1,0"} & set(shares)
    assert all(0 < share <= 1 for share in shares.values())
    assert {"3,0", "3,7"} <= set(shares)


def test_an_undone_pixel_gives_the_drawing_back(node: Node) -> None:
    code = """
    const { unpainted } = await load("network_view/changes.js");
    const network = { image: { shape: [1, 2, 2] }, layers: [] };
    const image = Float32Array.from([0, 1, 0.5, 1]);
    return {
      before: [...unpainted(network, image, { "input.0.0.1": 0.25 })],
      same: unpainted(network, image, {}) === image,
    };
    """
    assert evaluate(node, code, None) == {"before": [0, 0.25, 0.5, 1], "same": True}


@pytest.mark.parametrize(
    "target", ["conv9.0", "conv1.4", "conv1.weight.4.0", "relu1.bias.0", "input.1.0.0", "fc.10"]
)
def test_what_is_not_in_the_network_has_no_place(node: Node, target: str) -> None:
    code = """
    const { placeOf } = await load("network_view/changes.js");
    return placeOf(decode(sent).network, sent.target);
    """
    steps = trace(untrained(), torch.rand(1, 1, 28, 28))
    assert evaluate(node, code, {**encode(steps), "target": target}) is None
    with pytest.raises(ValueError, match=re.escape(target)):
        Changes.parse(f"{target}=0").check(ARTICLE, PICTURE)


RECEIVED = """
const { createWhatIf } = await load("network_view/what_if.js");
globalThis.window = globalThis;
const out = [];
const whatIf = createWhatIf((message) => out.push(message));
const told = (text, sequence) => ({ text, sequence, means: {}, under: {}, before: null });
const seen = [];
const note = (name, answer) => seen.push([name, answer.old, whatIf.changes.map((c) => c.target)]);
note("address", whatIf.receive(told("conv1.2=0", 1), false));
whatIf.change([{ target: "conv1.3", values: [0] }]);
note("a stroke before the change", whatIf.receive(told("conv1.2=0", 1), false));
note("its answer", whatIf.receive(told("conv1.3=0", out[0].sequence), false));
note("a stroke after it", whatIf.receive(told("conv1.3=0", out[0].sequence), false));
note("the page's own", whatIf.receive(told("", out[0].sequence + 1), false));
whatIf.stop();
return { seen, sent: out.map(({ text }) => text) };
"""


def test_what_was_changed_of_one_network_is_not_told_of_the_next(node: Node) -> None:
    code = """
    const { createWhatIf } = await load("network_view/what_if.js");
    globalThis.window = { setTimeout: (wake) => timers.push(wake) };
    const [out, timers] = [[], []];
    const whatIf = createWhatIf((message) => out.push(message));
    const told = (text, sequence) => ({ text, sequence, means: {}, under: {}, before: null });
    whatIf.receive(told("", 1), true);
    whatIf.adopt({ image: { shape: [1, 1, 1] }, layers: [] }, "one");
    whatIf.change([{ target: "conv1.3", values: [0] }]);
    whatIf.change([{ target: "conv1.4", values: [0] }]);  // waits for the answer
    const taken = whatIf.receive(told("conv1.5=0", 2), true);
    const changes = whatIf.changes.map(({ target }) => target);
    const settled = whatIf.inForce(told("", 2));
    whatIf.stop();
    return { taken, changes, settled, sent: out.map(({ text, weights }) => [text, weights]) };
    """
    assert node.run(code) == {
        "taken": {"old": False, "others": True},
        "changes": ["conv1.5"],
        "settled": True,
        "sent": [["conv1.3=0", "one"]],
    }


def test_kernels_are_named_by_the_layer_that_they_read(node: Node) -> None:
    """Two layers that read as many maps each aren't told apart by how many."""
    code = """
    const { readsOf } = await load("network_view/what_if_targets.js");
    const [a, b, c] = ["a", "b", "c"].map((name) => ({ name, inShape: [2, 9, 9] }));
    const network = { image: { shape: [2, 9, 9] }, layers: [a, b, c] };
    return [0, 1, 2].map((layer) => readsOf(network, layer));
    """
    assert node.run(code) == [
        ["for input channel 0", "for input channel 1"],
        ["for a map 0", "for a map 1"],
        ["for b map 0", "for b map 1"],
    ]


CLICKED = """
const { writeWeight } = await load("network_view/pins.js");
const { network } = decode(sent.network);
return sent.spots.map((spot) => writeWeight(network, spot));
"""


def test_a_weight_that_lies_under_the_pointer_is_named_as_python_writes_it(node: Node) -> None:
    steps = trace(checkpoints.article().model, torch.zeros(1, 1, 28, 28))
    spots = [
        {"kernel": {"layer": 3, "out": 5, "in": 1}, "row": 2, "col": 0},
        {"weights": {"layer": 7, "group": 2, "rows": 25}, "row": 4, "col": 9},
        {"rose": {}},
        {"layer": 3, "unit": {"channel": 1, "row": 2, "col": 3}},
        None,
    ]
    sent = {"network": encode(steps), "spots": spots}
    found = evaluate(node, CLICKED, sent)
    assert found == ["conv2.weight[5,1,2,0]", "fc.weight[9,54]", None, None, None]


WEIGHED = """
const { weighedBy } = await load("network_view/what_if_targets.js");
const { readPin } = await load("network_view/pins.js");
const { network } = decode(sent);
return sent.pins.map((pin) => weighedBy(network, readPin(network, pin)));
"""


def test_a_pinned_unit_has_the_single_weights_that_make_it(node: Node) -> None:
    """Where no kernel makes it: those can be set by a field of their own."""

    def weighed(layers: str, *pins: str) -> list[object]:
        model = untrained(Architecture(layers_of(layers), (1, 9, 8), 3), 1)
        sent = {**encode(trace(model, torch.rand(1, 1, 9, 8))), "pins": list(pins)}
        names = list(model._modules)
        found = evaluate(node, WEIGHED, sent)
        return [each and (names[each["layer"]], each["out"], each["inputs"]) for each in found]

    dense = "flatten, linear 4, relu, linear 3"
    assert weighed(dense, "fc1.2", "relu1.3", "fc2.1", "softmax.1", "flatten.5", "input.0.1.1") == [
        ("fc1", 2, 72),
        ("fc1", 3, 72),
        ("fc2", 1, 4),
        ("fc2", 1, 4),
        None,
        None,
    ]
    maps = "conv2d 2 3, batchnorm2d, relu, maxpool2d 2, flatten, linear 3"
    assert weighed(maps, "conv1.1.0.0", "norm1.1.0.0", "relu1.1.0.0", "pool1.1.0.0") == [
        None,
        ("norm1", 1, None),
        ("norm1", 1, None),
        None,
    ]


def test_an_older_trace_does_not_undo_a_change_and_the_pages_own_does(node: Node) -> None:
    made = evaluate(node, RECEIVED, None)
    assert made["sent"] == ["conv1.3=0"]
    assert made["seen"] == [
        ["address", False, ["conv1.2"]],
        ["a stroke before the change", True, ["conv1.3"]],
        ["its answer", False, ["conv1.3"]],
        ["a stroke after it", False, ["conv1.3"]],
        ["the page's own", False, []],
    ]
