"""arrays.py, sight.js, payload.js: the numbers of torch to the bit, in a small message."""

import json
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.networks.architecture import TINYVGG, Architecture
from cnnviz.networks.models import untrained
from cnnviz.networks.notation import layers_of
from cnnviz.networks.trace import Trace, as_image, trace
from cnnviz.views.arrays import encode, layers_sent, sight_of
from tests.frontend import networks
from tests.javascript import Node

LIMIT = 60_000
OVERHEAD = 14_000  # of the rest of a message: names, words of the glossary

DECODED = (
    networks.DECODE
    + """
const { decodeTensor, decodeValues } = await load("network_view/payload.js");
const { createRunner } = await load("network_view/forward.js");
const { network } = decode(sent.trace);
const runner = createRunner(network);
const layers = network.layers.map((layer, at) => ({ ...layer, ...sent.layers[at] }));
for (const layer of layers) for (const key of ["values", "same", "bytes"])
  if (!sent.layers[network.layers.findIndex((l) => l.name === layer.name)][key]) delete layer[key];
const data = { image: sent.image, layers, probabilities: null };
const { values, exact } = decodeValues(data, network, (image) => runner.run(image));
return { values: values.map((v) => [...new Uint32Array(v.buffer)]), exact };
"""
)


@given(
    st.lists(st.sampled_from([0.0, -0.0, 1.0, 0.2, 1 / 3, 2.5]), min_size=1, max_size=90),
    st.booleans(),
)
def test_an_array_comes_back_to_the_bit(node: Node, numbers: list[float], whole: bool) -> None:
    values = torch.tensor(numbers)
    if whole:
        values = (values.abs() * 51).round().clamp(0, 255) / 255
    code = """
    const { decodeTensor } = await load("network_view/payload.js");
    const { shape, values } = decodeTensor(sent);
    return { shape, bits: [...new Uint32Array(values.buffer, values.byteOffset, values.length)] };
    """
    found = node.run(code, encode(values))
    assert found["shape"] == [len(numbers)]
    assert found["bits"] == values.numpy().view("<u4").tolist()


def tinyvgg(picture: tuple[int, int, int]) -> Trace:
    image = torch.ones(1, *picture)
    if picture == (1, 28, 28):
        image = as_image(prepare(samples.ink(7)).centred)
    else:
        image[:, :, 10:54, 28:34] = torch.rand(1, picture[0], 44, 6)
    return trace(untrained(Architecture(TINYVGG, picture)), image)


def received(node: Node, steps: Trace, sent: list[dict[str, Any]]) -> dict[str, Any]:
    message = {"trace": networks.encode(steps), "layers": sent, "image": encode(steps.image)}
    return node.run(DECODED, message)


def torch_bits(steps: Trace) -> list[np.ndarray]:
    return [
        each.numpy().reshape(-1).view("<u4")
        for each in [steps.image, *(layer.values for layer in steps.layers)]
    ]


@pytest.mark.parametrize("picture", [(1, 28, 28), (3, 64, 64)])
def test_a_strokes_message_is_small_and_what_it_calls_torchs_is(
    node: Node, picture: tuple[int, int, int]
) -> None:
    steps = tinyvgg(picture)
    for sight in ({}, {"relu1": list(range(8)), "conv2": list(range(8))}, {"flatten": None}):
        sent = layers_sent(steps, sight)
        letters = len(json.dumps([encode(steps.image), sent]))
        assert letters + OVERHEAD <= LIMIT
        got = received(node, steps, sent)
        for bits, known, own in zip(got["values"], got["exact"], torch_bits(steps), strict=True):
            parts = zip(
                np.array_split(np.array(bits, "<u4"), len(known)),
                np.array_split(own, len(known)),
                known,
                strict=True,
            )
            for ours, theirs, is_torchs in parts:
                if is_torchs:
                    # A ReLU's 0 may be torch's -0, which reads the same.
                    assert np.array_equal(ours.view("<f4"), theirs.view("<f4"))
                else:
                    assert np.allclose(ours.view("<f4"), theirs.view("<f4"), atol=1e-4)
        if picture == (1, 28, 28):
            assert all(all(known) for known in got["exact"])


def test_large_maps_that_are_asked_for_come_in_parts_until_all_are_torchs(node: Node) -> None:
    noise = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(2))
    steps = trace(untrained(Architecture(TINYVGG, (3, 64, 64))), noise)
    sight = {"relu1": list(range(8)), "conv2": [1, 4, 9]}
    there: dict[str, list[int] | None] = {}
    parts = [layers_sent(steps, sight)]  # with the picture, which leaves no room for a map
    assert ["values" in sent for sent in parts[0]] == [False] * (len(steps.layers) - 1) + [True]
    while len(parts) < 12:
        parts.append(layers_sent(steps, sight, there=there))
        lacking = len({"conv1", "conv2"} - there.keys()) or [
            set(range(8)) - set(there["conv1"] or []),
            {1, 4, 9} - set(there["conv2"] or []),
        ] != [set(), set()]
        for layer, sent in zip(steps.layers, parts[-1], strict=True):
            if "channels" in sent:
                there[layer.name] = [*(there.get(layer.name) or []), *sent["channels"]]
            elif {"values", "bytes"} & sent.keys():
                there[layer.name] = None
        if not lacking:
            break
    assert [there["conv1"], there["conv2"]] == [list(range(8)), [1, 4, 9]]
    assert max(len(json.dumps(part)) for part in parts) + OVERHEAD <= LIMIT

    message = {
        "trace": networks.encode(steps),
        "image": encode(steps.image),
        "parts": parts,
    }
    code = (
        networks.DECODE
        + """
    const { decodeValues } = await load("network_view/payload.js");
    const { createRunner } = await load("network_view/forward.js");
    const { network } = decode(sent.trace);
    const runner = createRunner(network);
    let came = null;
    for (const part of sent.parts) {
      const layers = network.layers.map(({ name, kind, hyper }, at) =>
        ({ name, kind, hyper, ...part[at] }));
      const data = { image: sent.image, layers, probabilities: null };
      const run = (image) => runner.run(image).map((each) => each.slice());
      came = decodeValues(data, network, run, undefined, came);
    }
    return [1, 3].map((at) => ({
      exact: [...came.exact[at]],
      bits: [...new Uint32Array(came.values[at].buffer)],
    }));
    """
    )
    for found, name, maps in zip(
        node.run(code, message), ("conv1", "conv2"), (range(8), (1, 4, 9)), strict=True
    ):
        assert [at for at, is_exact in enumerate(found["exact"]) if is_exact] == list(maps)
        theirs = steps[name].values.numpy().reshape(len(found["exact"]), -1).view("<u4")
        ours = np.array(found["bits"], "<u4").reshape(theirs.shape)
        assert np.array_equal(ours[list(maps)], theirs[list(maps)])


def test_the_articles_network_is_sent_in_full(node: Node) -> None:
    noise = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    steps = trace(untrained(), noise)
    got = received(node, steps, layers_sent(steps, {}))
    assert all(all(known) for known in got["exact"])


def test_what_is_in_sight_comes_first_map_by_map() -> None:
    torch.manual_seed(0)
    many = Architecture(layers_of("conv2d 64 3, relu, conv2d 64 3, relu, flatten, linear 10"))
    steps = trace(untrained(many), torch.rand(1, 1, 28, 28))
    unasked = layers_sent(steps, {})
    assert [sorted(own.keys() & {"values", "channels"}) for own in unasked[:3]] == [[], [], []]
    asked = layers_sent(steps, {"relu2": [3, 60], "conv1": [5]})
    assert asked[2]["channels"] == [3, 60]
    assert asked[0]["channels"] == [5]
    assert "values" in asked[5]  # the answer, always


@pytest.mark.parametrize("said", [None, 3, "x", [["a"]], [[3, None]], [["a", "b"]], [["a", [1.5]]]])
def test_what_a_browser_says_of_its_sight_is_checked(said: Any) -> None:
    steps = trace(untrained(), torch.rand(1, 1, 28, 28))
    assert len(layers_sent(steps, sight_of(said))) == 8


def test_it_asks_for_what_is_open_pinned_and_enlarged_and_missing_and_once(node: Node) -> None:
    steps = tinyvgg((1, 28, 28))
    code = (
        networks.DECODE
        + """
    globalThis.window = globalThis;
    const { network } = decode(sent);
    const { createSight, inSight, isExact } = await load("network_view/sight.js");
    const { layOut } = await load("network_view/layout.js");
    const { placeAll } = await load("network_view/scene.js");
    const scene = (open) => placeAll(layOut(network, 1000, () => "", { open }), network);
    const exact = (...missing) => [[1], ...network.layers.map(({ name, shape }) =>
      new Uint8Array(shape.length === 3 ? shape[0] : 1).fill(missing.includes(name) ? 0 : 1))];
    const view = { network, scene: scene([0, 1]), pin: null, panel: null, source: "torch",
      exact: exact("conv3") };
    const asked = [];
    const sight = createSight(view, (rows) => asked.push(rows));
    sight.update();
    const before = asked.length;
    view.of = "a picture";
    view.scene = scene([4, 5]);
    view.source = "preview";
    sight.update();
    const whileDrawing = asked.length;
    view.source = "torch";
    sight.update();
    view.exact = exact("conv3");
    sight.update();
    const open = asked.length;
    // A part of it has come: the rest is asked for, with what is there.
    const told = [];
    const parts = createSight(view, (rows, there) => told.push(Object.fromEntries(there)));
    parts.update();
    const lacking = view.lacking;
    view.exact = exact("conv3");
    view.exact[6].fill(1, 0, 4);
    parts.update();
    parts.stop();
    view.exact = exact("conv3");
    view.pin = { layer: 7, unit: { channel: 2, row: 0, col: 0 } };
    view.panel = { shows: { layer: 3, channel: 9 } };
    sight.update();
    sight.stop();
    return { before, whileDrawing, open, lacking, still: told.length,
      there: told.map((each) => [each.conv3 ?? null, each.conv4]),
      rows: asked.at(-1), last: asked.length,
      of: isExact(view, { layer: 5, unit: { channel: 1, row: 0, col: 0 } }),
      soft: isExact(view, { layer: 12, unit: { index: 1 } }) };
    """
    )
    found = node.run(code, networks.encode(steps))
    assert (found["before"], found["whileDrawing"], found["open"], found["last"]) == (0, 0, 1, 2)
    assert (found["lacking"], found["still"]) == (10, 2)
    assert found["there"] == [[None, None], [[0, 1, 2, 3], None]]
    names = [name for name, _ in found["rows"]]
    assert names[:3] == ["relu2", "conv4", "relu3"]
    assert found["rows"][0][1] == [9]
    assert found["rows"][2][1] == list(range(10))
    assert (found["of"], found["soft"]) == (False, True)
