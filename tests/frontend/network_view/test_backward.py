"""Every kind's way back against torch: derivatives, terms and sums of a gradient."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from cnnviz.networks.trace import trace
from tests.frontend.networks import (
    base64_floats,
    encode,
    evaluate,
    networks,
    unit_of,
    with_scores,
)
from tests.javascript import Node

TERMS = """
const { backwardTerms } = await load("network_view/backward/terms.js");
const { network, values } = decode(sent);
const gradients = sent.gradients.map(floats);
const back = { values, gradients, target: sent.target ?? 0, loss: sent.loss ?? 0 };
if (sent.probabilities) values.push(floats(sent.probabilities));
return sent.pins.map(({ layer, unit }) => backwardTerms(network, back, layer, unit));
"""


def told(
    node: Node,
    model: nn.Sequential,
    image: Tensor,
    gradients: list[Tensor],
    pins: list[tuple[int, int]],
    **more: Any,
) -> list[dict[str, Any]]:
    """What the view says of units (layer, flat index), -1 being the image."""
    steps = trace(model, image)
    shapes = [steps.image.shape, *(layer.values.shape for layer in steps.layers)]
    shapes.append(shapes[-1])  # of the softmax
    units = [
        {"layer": layer, "unit": unit_of(tuple(shapes[layer + 1]), index)} for layer, index in pins
    ]
    sent = {**encode(steps), "pins": units, **more}
    return evaluate(node, TERMS, {**sent, "gradients": [base64_floats(g) for g in gradients]})


@settings(max_examples=50)
@given(networks(), st.integers(0, 2**32 - 1))
def test_every_term_is_torchs_derivative_times_the_gradient_of_who_read_the_value(
    node: Node, made: tuple[nn.Sequential, Tensor], seed: int
) -> None:
    model, image = made
    steps = trace(model, image)
    values = [steps.image, *(layer.values for layer in steps.layers)]
    generator = np.random.default_rng(seed)
    gradients = [torch.from_numpy(generator.normal(size=v.shape)).float() for v in values]
    pins = [
        (layer - 1, index)
        for layer in range(len(steps.layers))
        for index in {0, *(int(i) for i in generator.integers(0, values[layer].numel(), 2))}
    ]
    for (layer, index), terms in zip(pins, told(node, model, image, gradients, pins), strict=True):
        module = model[layer + 1].double()
        given = values[layer + 1].double()[None]
        direction = torch.zeros_like(given)
        direction.view(-1)[index] = 1
        # A column of the Jacobian: by how much each later value moves with this one.
        column = torch.func.jvp(lambda x, m=module: m(x.clone()), (given,), (direction,))[1]
        column = column[0].detach()
        found = torch.zeros_like(column)
        cells = [cell for group in terms["groups"] for line in group["cells"] for cell in line]
        for cell in cells:
            place = tuple(cell["unit"].values())
            found[place] += cell["weight"]
            assert cell["gradient"] == float(gradients[layer + 2][place])
            assert cell["product"] == cell["gradient"] * cell["weight"]
        torch.testing.assert_close(found, column, rtol=1e-5, atol=1e-12)
        products = gradients[layer + 2].double() * column
        total = sum(group["sum"] for group in terms["groups"])
        assert total == pytest.approx(
            float(products.sum()), rel=1e-5, abs=1e-5 * float(products.abs().sum()) + 1e-12
        )
        assert terms["value"] == float(gradients[layer + 1].reshape(-1)[index])


@settings(max_examples=20)
@given(networks(), st.data())
def test_a_whole_way_back_adds_up_to_autograds_gradients(
    node: Node, made: tuple[nn.Sequential, Tensor], data: st.DataObject
) -> None:
    model, image = made
    model = with_scores(model, image)
    reached, logits = [image.clone().requires_grad_()], image
    for module in model:
        logits = module(reached[-1].clone())
        reached.append(logits)
    target = data.draw(st.integers(0, logits.shape[1] - 1))
    loss = nn.functional.cross_entropy(logits, torch.tensor([target]))
    gradients = [g[0] for g in torch.autograd.grad(loss, reached)]
    shares = logits[0].detach().softmax(0)
    generator = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    last = len(model)
    pins = [(at - 1, int(generator.integers(g.numel()))) for at, g in enumerate(gradients)]
    pins += [(last - 1, target), (last, target), (last, (target + 1) % len(shares))]
    more = {"target": target, "loss": loss.item(), "probabilities": base64_floats(shares)}
    made_terms = told(node, model, image, gradients, pins, **more)
    for (layer, index), terms in zip(pins[:-2], made_terms, strict=False):
        exact = float(gradients[layer + 1].reshape(-1)[index])
        assert terms["value"] == exact
        if terms["rule"] == "difference":
            assert terms["one"] == (index == target)
            assert terms["probability"] - terms["one"] == pytest.approx(exact, abs=1e-6)
            continue
        products = [
            cell["product"] for group in terms["groups"] for line in group["cells"] for cell in line
        ]
        # Float32 rounds each of torch's own sums.
        size = sum(map(abs, products))
        assert sum(products) == pytest.approx(exact, rel=1e-5, abs=1e-5 * size + 1e-9)
    own, other = made_terms[-2:]
    assert own["rule"] == other["rule"] == "loss"
    assert own["value"] == pytest.approx(loss.item(), abs=1e-6)
    assert (own["own"], other["own"], other["value"]) == (True, False, 0)


def test_a_softmax_sends_back_what_torchs_does(node: Node) -> None:
    logits = torch.tensor([0.5, -1.0, 2.0])
    code = """
    const { softmax } = await load("network_view/kinds/softmax.js");
    const layer = { shape: [3] };
    return softmax.backward.readers(layer, [3], { index: 1 }, Float32Array.from(sent))
      .flat(2).map(({ weight }) => weight);
    """
    jacobian = torch.func.jacrev(lambda z: z.softmax(0))(logits)
    assert node.run(code, logits.tolist()) == pytest.approx(jacobian[:, 1].tolist(), rel=1e-5)
