"""forward.js against torch: the live preview must show what torch would."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from torch import nn

from cnnviz.networks.architecture import TINYVGG, Architecture, two_convolutions
from cnnviz.networks.kinds import KINDS
from cnnviz.networks.models import FullyConnected, untrained
from cnnviz.networks.notation import layers_of, text_of
from cnnviz.networks.trace import Trace, trace
from tests.frontend.networks import encode, evaluate, traces
from tests.javascript import Node

RUN = """
const { createRunner } = await load("network_view/forward.js");
const { network, values } = decode(sent);
const runner = createRunner(network);
const made = runner.run(values[0]).map((layer) => [...layer]);
return { values: made, probabilities: runner.probabilities && [...runner.probabilities] };
"""


def check(node: Node, steps: Trace) -> None:
    made = evaluate(node, RUN, encode(steps))
    for layer, values in zip(steps.layers, made["values"][1:], strict=True):
        scale = float(layer.values.abs().max())
        np.testing.assert_allclose(
            np.array(values),
            layer.values.flatten().numpy(),
            rtol=0,
            atol=1e-5 * max(1.0, scale),
            err_msg=f"{layer.name} {layer.kind} {layer.hyperparameters}",
        )
    if steps.probabilities is None:
        assert made["probabilities"] is None
    else:
        np.testing.assert_allclose(made["probabilities"], steps.probabilities.numpy(), atol=1e-6)


@settings(max_examples=100)
@given(traces())
def test_any_small_network_gives_what_torch_gives(node: Node, steps: Trace) -> None:
    check(node, steps)


@pytest.mark.parametrize(
    "model",
    [
        untrained(),
        untrained(two_convolutions((8, 16), 5, "tanh", "average")),
        untrained(two_convolutions((3, 5), 7, "relu", "none")),
        FullyConnected().eval(),
    ],
    ids=["article", "5x5 tanh average", "7x7 without pooling", "fully connected"],
)
def test_the_apps_networks_give_what_torch_gives(node: Node, model: nn.Sequential) -> None:
    check(node, trace(model, torch.rand(1, 1, 28, 28)))


def test_a_window_in_nothing_but_padding_is_minus_infinity_as_in_torch(node: Node) -> None:
    steps = trace(nn.Sequential(nn.MaxPool2d(2, 1, 1, dilation=3)), torch.ones(1, 1, 2, 2))
    assert torch.isinf(steps.layers[0].values).any()
    check(node, steps)


def test_softmax_of_large_logits_neither_overflows_nor_loses_its_sum(node: Node) -> None:
    logits = [1000.0, 999.0, -1000.0, 0.0]
    code = "return [...(await load('network_view/forward.js')).softmax(Float32Array.from(sent))]"
    made = evaluate(node, code, logits)
    np.testing.assert_allclose(made, torch.tensor(logits).softmax(0).numpy(), atol=1e-7)


def test_a_second_run_reuses_the_buffers_and_forgets_the_first(node: Node) -> None:
    """The values must not depend on what was drawn before, padding and sums included."""
    model = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1, padding_mode="reflect"), nn.Tanh())
    steps = trace(model, torch.rand(1, 1, 6, 5))
    code = """
    const { createRunner } = await load("network_view/forward.js");
    const { network, values } = decode(sent);
    const runner = createRunner(network);
    const first = runner.run(new Float32Array(30).fill(7));
    const second = runner.run(values[0]);
    return { same: first.every((layer, at) => layer === second[at]), last: [...second.at(-1)] };
    """
    made = evaluate(node, code, encode(steps))
    assert made["same"]
    np.testing.assert_allclose(made["last"], steps.layers[-1].values.flatten().numpy(), atol=1e-6)


def test_a_network_whose_shapes_do_not_fit_is_refused_by_name(node: Node) -> None:
    sent = encode(trace(untrained(), torch.rand(1, 1, 28, 28)))
    sent["layers"][3]["weightShape"] = [8, 5, 3, 3]
    code = """
    const { createRunner } = await load("network_view/forward.js");
    try { createRunner(decode(sent).network); } catch (error) { return error.message; }
    """
    assert evaluate(node, code, sent) == "layer conv2 takes 5 channels, got [4,13,13]"


@pytest.mark.parametrize("kind", ["softplus", "constructor"])
def test_a_kind_that_is_not_in_the_table_is_refused_by_name(node: Node, kind: str) -> None:
    sent = encode(trace(untrained(), torch.rand(1, 1, 28, 28)))
    sent["layers"][1]["kind"] = kind
    code = """
    const { createRunner } = await load("network_view/forward.js");
    try { createRunner(decode(sent).network); } catch (error) { return error.message; }
    """
    assert evaluate(node, code, sent).startswith(f"layer relu1 is a {kind}; known are conv2d,")


def test_every_kind_that_is_traced_has_a_whole_entry_in_the_table(node: Node) -> None:
    """What a new kind must bring is what every kind of the table has."""
    code = """
    const { KINDS } = await load("network_view/kinds.js");
    return Object.fromEntries(Object.entries(KINDS).map(
      ([kind, entry]) => [kind, Object.fromEntries(
        Object.entries(entry).map(([part, value]) => [part, typeof value]))]));
    """
    table = evaluate(node, code, None)
    traced = set(KINDS)
    assert set(table) == traced | {"softmax"}
    for kind, parts in table.items():
        assert parts == table["conv2d"], kind


@pytest.mark.parametrize(
    ("picture", "channels", "live"),
    [((1, 28, 28), 4, True), ((3, 64, 64), 10, True), ((3, 64, 64), 16, False)],
)
def test_what_follows_a_moving_pen_goes_by_the_multiplications_that_python_counts(
    node: Node, picture: tuple[int, int, int], channels: int, live: bool
) -> None:
    layers = layers_of(text_of(TINYVGG).replace("conv2d 10", f"conv2d {channels}"))
    architecture = Architecture(layers, picture)
    steps = trace(untrained(architecture), torch.rand(1, *picture))
    code = """
    const { isLive, multiplications } = await load("network_view/forward.js");
    const { network } = decode(sent);
    return [multiplications(network), isLive(network)];
    """
    counted = evaluate(node, code, encode(steps))
    assert counted == [architecture.multiplications, live]
