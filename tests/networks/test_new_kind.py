"""A kind that exists nowhere, in two entries: it is then in everything that is made of layers."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from cnnviz.__main__ import main
from cnnviz.export import onnx
from cnnviz.export.script import script
from cnnviz.networks import checkpoints, kinds
from cnnviz.networks.architecture import Architecture
from cnnviz.networks.kinds.activations import Pointwise
from cnnviz.networks.kinds.layer import OfNode
from cnnviz.networks.models import SimpleCNN, untrained
from cnnviz.networks.notation import layers_of
from cnnviz.networks.trace import trace
from cnnviz.runs import folders, history
from cnnviz.training.events import Finished, Saved
from cnnviz.training.loop import train
from cnnviz.training.presets import PRESETS
from tests.frontend.networks import encode, evaluate, with_pins
from tests.javascript import Node, node
from tests.networks.saving import save
from tests.programs import printed_alone

LAYERS = "conv2d 3 5, hardsigmoid, maxpool2d 2, flatten, linear 10"


@dataclass(frozen=True)
class HardSigmoid(Pointwise):
    kind = "hardsigmoid"
    torch_name = "Hardsigmoid"
    prefix = "hard"
    words = "A straight line from 0 at −3 to 1 at 3."
    read_from = ("HardSigmoid",)

    @classmethod
    def onnx(cls, graph: Any, module: Any) -> None:
        graph.node("HardSigmoid", alpha=1 / 6, beta=0.5)

    @classmethod
    def of_onnx(cls, node: Any) -> OfNode:
        if abs(node.real("alpha", 0.2) - 1 / 6) > 1e-6 or node.real("beta", 0.5) != 0.5:
            raise ValueError("its line isn't that from −3 to 3")
        return OfNode(cls())


ENTRY = """
const { KINDS } = await load("network_view/kinds.js");
const { pointwise } = await load("network_view/kinds/pointwise.js");
const line = (x) => Math.min(1, Math.max(0, x / 6 + 0.5));
KINDS.hardsigmoid = pointwise({
  formula: (x) => `hard(${x})`,
  title: "Hard sigmoid",
  words: "A straight line from 0 at −3 to 1 at 3.",
  operation: line,
  derivative: (x) => (Math.abs(x) < 3 ? 1 / 6 : 0),
  python: (x) => `F.hardsigmoid(${x})`,
  sentence: (input) => `on a line from 0 to 1, at ${input}`,
});
try {
  %s
} finally {
  delete KINDS.hardsigmoid; // others use these modules, too
}
"""


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds.KINDS, HardSigmoid.kind, HardSigmoid)


@pytest.fixture(scope="module")
def view():
    with node() as running:
        yield running


@pytest.fixture
def model() -> SimpleCNN:
    return untrained(Architecture(layers_of(LAYERS)))


IMAGE = 6 * torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(3)) - 3


def test_it_is_built_and_traced(model):
    steps = trace(model, IMAGE)
    assert [layer.kind for layer in steps.layers][:2] == ["conv2d", "hardsigmoid"]
    assert torch.equal(steps["hard1"].values, F.hardsigmoid(steps["conv1"].values))


def test_the_view_previews_it_and_follows_it_back(model, view: Node):
    steps = trace(model, IMAGE)
    code = (
        ENTRY
        % """
    const { createRunner } = await load("network_view/forward.js");
    const { receptiveField } = await load("network_view/receptive_field.js");
    const { terms, display } = await load("network_view/arithmetic.js");
    const { pytorch } = await load("network_view/snippet.js");
    const { network, values } = decode(sent);
    const { layer, unit } = sent.pins[0];
    return {
      words: KINDS.hardsigmoid.words(network.layers[layer]),
      values: createRunner(network).run(values[0]).map((each) => [...each]),
      field: receptiveField(network, layer, unit).at(-1).size,
      shown: display(terms(network, values, layer, unit), 3),
      snippet: pytorch(network, values, layer, unit),
    };
    """
    )
    made = evaluate(view, code, with_pins(steps, [(1, 7)]))
    assert made["words"] == HardSigmoid.words
    for values, layer in zip(made["values"][1:], steps.layers, strict=True):
        np.testing.assert_allclose(values, layer.values.flatten().numpy(), atol=1e-5)
    assert made["field"] == [5, 5]
    value = float(steps["hard1"].values.flatten()[7])
    assert made["shown"]["formula"] == f"hard({made['shown']['input']})"
    assert float(made["shown"]["value"].replace("−", "-")) == pytest.approx(value, abs=5e-4)
    assert float(printed_alone("-c", made["snippet"])) == pytest.approx(value, abs=1e-6)


def test_a_checkpoint_keeps_it(model, tmp_path):
    save(tmp_path / "own.safetensors", model)
    opened = checkpoints.load(tmp_path / "own.safetensors").model
    assert opened.architecture == model.architecture
    with torch.inference_mode():
        assert torch.equal(opened(IMAGE), model(IMAGE))


def test_onnx_gives_what_torch_gives(model):
    session = onnxruntime.InferenceSession(onnx.graph(model))
    (logits,) = session.run(["logits"], {"image": IMAGE.numpy()})
    with torch.inference_mode():
        np.testing.assert_allclose(np.asarray(logits), model(IMAGE).numpy(), atol=1e-5)


def test_onnx_opens_as_it_was(model):
    opened = checkpoints.load(onnx.graph(model)).model
    assert opened.architecture == model.architecture
    with torch.inference_mode():
        assert torch.equal(opened(IMAGE), model(IMAGE))


def test_it_trains_and_the_exported_file_builds_it():
    tiny = replace(PRESETS["tiny"], model="Layers", layers=LAYERS, epochs=1, train_size=64)
    (*_, last) = train(tiny)
    assert isinstance(last, Saved)
    assert isinstance(last.event, Finished)
    program = script(tiny)
    assert "        self.hard1 = nn.Hardsigmoid()\n" in program
    names: dict[str, Any] = {"nn": nn, "OrderedDict": OrderedDict}
    start = program.index("class Network")
    exec(program[start : program.index("\n\n\n", start)], names)
    names["Network"]().load_state_dict(dict(last.state.weights))


def test_the_command_line_trains_it(tmp_path, capsys):
    out = tmp_path / "own.safetensors"
    arguments = ["--preset", "tiny", "--epochs", "1", "--train-size", "64", "--layers", LAYERS]
    folder = ["--run-dir", str(tmp_path / "run"), "--out", str(out)]
    assert main(["train", *arguments, *folder]) == 0
    assert "loss" in capsys.readouterr().out
    assert folders.config(tmp_path / "run").layers == LAYERS
    assert history.read(tmp_path / "run").status == "finished"
    steps = trace(checkpoints.load(out).model, IMAGE)
    assert steps["hard1"].kind == "hardsigmoid"
    assert encode(steps)["layers"][1]["kind"] == "hardsigmoid"
