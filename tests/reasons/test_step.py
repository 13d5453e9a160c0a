"""One learning step against torch's own: gradients, their terms, the optimizers, the curve."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from cnnviz.networks.models import untrained
from cnnviz.reasons import step, weights
from cnnviz.reasons.backward import backward, there_and_back
from cnnviz.reasons.rule import OPTIMIZERS, Rule
from tests.frontend.networks import networks, with_scores


def digits(count: int = 4) -> tuple[Tensor, Tensor]:
    torch.manual_seed(1)
    return torch.rand(count, 1, 28, 28), torch.arange(count) % 10


@settings(max_examples=30)
@given(networks(), st.integers(0, 2**32 - 1))
def test_the_gradient_of_any_weight_is_the_sum_of_its_terms(
    made: tuple[nn.Sequential, Tensor], seed: int
) -> None:
    model, image = made
    model = with_scores(model, image).double()
    generator = np.random.default_rng(seed)
    images = image.double() + torch.from_numpy(generator.normal(size=(2, *image.shape[1:])))
    labels = torch.tensor([0, 1])
    there = there_and_back(model, images, labels)
    loss = F.cross_entropy(model(images.clone()), labels)
    loss.backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None
        torch.testing.assert_close(there.parameters[name], parameter.grad)
        place = tuple(int(generator.integers(side)) for side in parameter.shape)
        found = weights.gradient_of(model, there, weights.Number(name, place))
        exact = float(parameter.grad[place])
        size = float(found.products.abs().sum())
        assert float(found.products.sum()) == pytest.approx(exact, rel=1e-5, abs=1e-9 * size)
        assert found.value == exact
        shown = sum(term.product for term in found.largest)
        assert shown + found.rest == pytest.approx(float(found.products.sum()), abs=1e-9 * size)
        assert all(term.product == term.upstream * term.given for term in found.largest)
        sizes = [abs(term.product) for term in found.largest]
        assert sizes == sorted(sizes, reverse=True)


@settings(max_examples=20)
@given(networks())
def test_gradients_of_every_layer_are_autograds_and_leave_nothing_in_the_model(
    made: tuple[nn.Sequential, Tensor],
) -> None:
    model, image = made
    model = with_scores(model, image)
    found = backward(model, image, 1)
    assert all(parameter.grad is None for parameter in model.parameters())
    leaf = image.clone().requires_grad_()
    F.cross_entropy(model(leaf.clone()), torch.tensor([1])).backward()
    assert leaf.grad is not None
    torch.testing.assert_close(found.gradients[0], leaf.grad[0])
    shapes = [found.trace.image.shape, *(layer.values.shape for layer in found.trace.layers)]
    assert [gradient.shape for gradient in found.gradients] == shapes
    assert found.trace.probabilities is not None
    assert found.loss == pytest.approx(-found.trace.probabilities[1].log().item(), abs=1e-5)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_steps_are_those_of_torch_optim_with_what_it_keeps(optimizer: str) -> None:
    images, labels = digits()
    rule = Rule(optimizer, 0.02)
    start, oracle = untrained(), untrained()
    before = {name: tensor.clone() for name, tensor in start.state_dict().items()}
    theirs = {
        "SGD": lambda: torch.optim.SGD(oracle.parameters(), 0.02),
        "momentum": lambda: torch.optim.SGD(oracle.parameters(), 0.02, momentum=0.9),
        "Adam": lambda: torch.optim.Adam(oracle.parameters(), 0.02),
    }[optimizer]()
    taken = None
    for _ in range(3):
        model, moments = (taken.model, taken.moments) if taken else (start, {})
        taken = step.take(model, images, labels, rule, moments)
        loss = F.cross_entropy(oracle(images), labels)
        assert taken.there.loss == pytest.approx(loss.item(), rel=1e-6)
        theirs.zero_grad()
        loss.backward()
        theirs.step()
        for name, tensor in oracle.state_dict().items():
            torch.testing.assert_close(taken.model.state_dict()[name], tensor)
        assert taken.loss == pytest.approx(F.cross_entropy(oracle(images), labels).item(), rel=1e-5)
    assert taken is not None
    for name, tensor in before.items():
        assert torch.equal(start.state_dict()[name], tensor)
    number = weights.Number("conv1.weight", (0, 0, 1, 2))
    change = weights.change_of(taken, number)
    state = theirs.state[oracle.get_parameter("conv1.weight")]
    kept = {"SGD": None, "momentum": "momentum_buffer", "Adam": "exp_avg"}[optimizer]
    if kept is None:
        assert change.average is None
        assert change.new == pytest.approx(change.old - 0.02 * change.gradient, abs=1e-7)
    else:
        assert change.average == pytest.approx(float(state[kept][0, 0, 1, 2]), rel=1e-4)
    assert change.steps == (3 if optimizer == "Adam" else None)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_curve_is_what_a_step_of_each_rate_gives(optimizer: str) -> None:
    images, labels = digits()
    first = step.take(untrained(), images, labels, Rule(optimizer, 0.01))
    second = step.take(first.model, images, labels, Rule(optimizer, 0.01), first.moments)
    curve = step.curve(second, images, labels)
    assert 0.01 in curve.rates
    assert curve.losses[curve.rates.index(0.01)] == pytest.approx(second.loss, rel=1e-4)
    for at in (0, 20, 24):
        rule = Rule(optimizer, curve.rates[at])
        again = step.take(first.model, images, labels, rule, first.moments)
        assert curve.losses[at] == pytest.approx(again.loss, rel=1e-3)


def test_a_change_of_optimizer_begins_without_the_others_moments() -> None:
    images, labels = digits()
    adam = step.take(untrained(), images, labels, Rule("Adam", 0.01))
    taken = step.take(adam.model, images, labels, Rule("momentum", 0.01), adam.moments)
    assert taken.kept == {}


def test_what_cannot_be_stepped_on_says_why() -> None:
    images, labels = digits()
    with pytest.raises(ValueError, match=r"the class must be one of 0 to 9, got 11"):
        backward(untrained(), images[:1], 11)
    broken = untrained()
    with torch.no_grad():
        broken.get_parameter("conv2.weight")[0, 0, 0, 0] = torch.nan
    with pytest.raises(ValueError, match=r"conv2\.weight has NaN"):
        step.take(broken, images, labels, Rule())
    with pytest.raises(ValueError, match="one score for each class"):
        backward(nn.Sequential(nn.Conv2d(1, 2, 3)), images[:1], 0)
    for make in (
        lambda: Rule("lbfgs"),
        lambda: Rule(rate=0.0),
        lambda: Rule(rate=float("nan")),
        lambda: Rule(momentum=1.0),
    ):
        with pytest.raises(ValueError, match="must be"):
            make()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("conv9.weight[0,0,0,0]", "there is no tensor 'conv9.weight'"),
        ("conv1.weight[0,0]", r"written like conv1.weight\[0,0,0,0\]"),
        ("conv1.weight[0,0,3,0]", r"goes from 0 to \[3,0,2,2\]"),
        ("fc.bias[-1]", "is written like"),
        ("fc.bias", "is written like"),
    ],
)
def test_a_number_that_is_not_there_is_named(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        weights.Number.read(text, untrained())


def test_a_number_is_written_as_python_has_it() -> None:
    model = untrained()
    number = weights.Number.read(" conv2.weight[7, 3, 2, 0]", model)
    assert str(number) == "conv2.weight[7,3,2,0]"
    assert (number.layer, number.tensor) == ("conv2", "weight")


def test_the_curve_puts_no_other_weights_into_the_network_that_sessions_share() -> None:
    images, labels = digits()
    taken = step.take(untrained(), images, labels, Rule())
    kept = {name: tensor.clone() for name, tensor in taken.before.state_dict().items()}
    alike = []

    def look(*_: object) -> None:
        now = taken.before.state_dict()
        alike.append(all(torch.equal(now[name], tensor) for name, tensor in kept.items()))

    taken.before.register_forward_pre_hook(look)  # a copy of the network has it, too
    step.curve(taken, images, labels)
    assert alike == [True] * len(step.CURVE)
