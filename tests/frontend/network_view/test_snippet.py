"""snippet.js: what is copied runs as it is and prints the number; CSV reads back exactly."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from safetensors.torch import load_file, save_file
from torch import nn

from cnnviz.networks.architecture import two_convolutions
from cnnviz.networks.models import SimpleCNN, untrained
from cnnviz.networks.trace import Trace, trace
from tests.frontend.networks import PADDING_MODES, encode, evaluate, pinned, with_pins
from tests.javascript import Node
from tests.programs import printed, printed_alone

ROOT = Path(__file__).parents[3]

COPY = """
const { pytorch } = await load("network_view/snippet.js");
const { network, values } = decode(sent);
return sent.pins.map(({ layer, unit }) =>
  pytorch(network, values, layer, unit, { checkpoint: sent.checkpoint ?? null }));
"""
SHIPPED = "checkpoints/article.safetensors"


@pytest.fixture(scope="module")
def article() -> Trace:
    model = SimpleCNN()
    model.load_state_dict(load_file(ROOT / SHIPPED))
    return trace(model.eval(), torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(1)))


def pins_of(steps: Trace) -> list[dict[str, Any]]:
    """A unit of every layer, and the softmax."""
    pins = with_pins(
        steps, [(i, layer.values.numel() * 2 // 3) for i, layer in enumerate(steps.layers)]
    )["pins"]
    return [*pins, {"layer": len(steps.layers), "unit": {"index": 7}}]


def expected(steps: Trace, pin: dict[str, Any]) -> float:
    if pin["layer"] == len(steps.layers):
        assert steps.probabilities is not None
        return float(steps.probabilities[pin["unit"]["index"]])
    return float(steps.layers[pin["layer"]].values[tuple(pin["unit"].values())])


@settings(max_examples=40)
@given(pinned())
def test_a_snippet_with_the_weights_written_out_prints_the_number(
    node: Node, example: tuple[Trace, list[tuple[int, int]]]
) -> None:
    steps, pins = example
    for (layer, index), code in zip(
        pins, evaluate(node, COPY, with_pins(steps, pins)), strict=True
    ):
        value = float(steps.layers[layer].values.flatten()[index])
        assert float(printed(code)) == pytest.approx(value, rel=1e-5, abs=1e-5), code


def test_every_kind_with_the_shipped_weights_prints_the_number_and_stays_short(
    node: Node, article: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    pins = pins_of(article)
    copied = evaluate(node, COPY, {**encode(article), "pins": pins, "checkpoint": SHIPPED})
    for pin, code in zip(pins, copied, strict=True):
        assert float(printed(code)) == pytest.approx(expected(article, pin), rel=1e-5, abs=1e-5)
        assert len(code.splitlines()) <= 50
        assert max(len(line) for line in code.splitlines()) <= 100
    convolution = copied[3]
    assert 'state["conv2.weight"][5:6]' in convolution
    assert "F.conv2d(patch, weight, bias)" in convolution


def test_a_fresh_interpreter_at_the_repositorys_root_prints_the_number(
    node: Node, article: Trace
) -> None:
    pins = [pin for pin in pins_of(article) if pin["layer"] in (3, 7)]
    copied = evaluate(node, COPY, {**encode(article), "pins": pins, "checkpoint": SHIPPED})
    output = printed_alone("-c", "\n".join(copied), folder=ROOT, OMP_NUM_THREADS="1")
    values = [float(line) for line in output.split()]
    assert values == pytest.approx([expected(article, pin) for pin in pins], rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("mode", PADDING_MODES)
@pytest.mark.parametrize("bias", [True, False], ids=["with bias", "without bias"])
def test_paddings_and_missing_biases_come_through(
    node: Node, tmp_path: Path, mode: Any, bias: bool
) -> None:
    path = str(tmp_path / 'a "quoted" name.safetensors')
    convolution = nn.Conv2d(2, 3, (3, 2), 2, 1, 2, bias=bias, padding_mode=mode)
    model = nn.Sequential(convolution)
    save_file(model.state_dict(), path)
    steps = trace(model, torch.randn(1, 2, 6, 7))
    sent = with_pins(steps, [(0, 0), (0, steps.layers[0].values.numel() - 1)])
    for pin, code in zip(
        sent["pins"], evaluate(node, COPY, {**sent, "checkpoint": path}), strict=True
    ):
        assert float(printed(code)) == pytest.approx(expected(steps, pin), rel=1e-5, abs=1e-6)


def test_only_what_is_needed_is_imported(node: Node, article: Trace) -> None:
    for code in evaluate(node, COPY, {**encode(article), "pins": pins_of(article)}):
        lines = code.splitlines()
        assert ("import torch.nn.functional as F" in lines) == ("F." in code.split("\n\n", 1)[1])
        assert "safetensors" not in code


def test_other_architectures_are_copied_as_well(node: Node) -> None:
    model = untrained(two_convolutions((3, 6), 5, "tanh", "average"))
    steps = trace(model, torch.rand(1, 1, 28, 28))
    pins = pins_of(steps)
    for pin, code in zip(pins, evaluate(node, COPY, {**encode(steps), "pins": pins}), strict=True):
        assert float(printed(code)) == pytest.approx(expected(steps, pin), rel=1e-5, abs=1e-5)


def test_a_maps_csv_reads_back_to_the_same_float32s(node: Node) -> None:
    random = np.random.default_rng(0).standard_normal(88)
    odd = [0, -0.0, 1, 1e-30, 3e20, 1 / 3, 16777217, 1e-45, -123456.7, np.nan, np.inf, -np.inf]
    values = np.array([*random, *odd], dtype=np.float32)
    code = """
    const { csv } = await load("network_view/snippet.js");
    return csv(Float32Array.from(sent.values), sent.shape);
    """
    numbers = [float(value) for value in values]
    for shape in ([4, 25], [100]):
        text = evaluate(node, code, {"values": numbers, "shape": shape})
        rows = list(csv.reader(io.StringIO(text)))
        assert [len(row) for row in rows] == ([25] * 4 if len(shape) == 2 else [1] * 100)
        read = np.array([float(cell) for row in rows for cell in row], dtype=np.float32)
        np.testing.assert_array_equal(read, values)


@pytest.mark.parametrize("affine", [True, False])
def test_a_batch_normalisation_takes_its_numbers_from_the_checkpoint(
    node: Node, tmp_path: Path, affine: bool
) -> None:
    norm = nn.BatchNorm2d(3, affine=affine)
    model = nn.Sequential(norm)
    norm(torch.randn(4, 3, 5, 5) * 2 + 1)
    path = str(tmp_path / "norm.safetensors")
    save_file(model.state_dict(), path)
    steps = trace(model, torch.randn(1, 3, 4, 4))
    sent = with_pins(steps, [(0, 0), (0, 47)])
    for pin, code in zip(
        sent["pins"], evaluate(node, COPY, {**sent, "checkpoint": path}), strict=True
    ):
        assert "state = load_file" in code
        assert float(printed(code)) == pytest.approx(expected(steps, pin), rel=1e-5, abs=1e-5)
