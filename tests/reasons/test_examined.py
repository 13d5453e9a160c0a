"""The tests that a map carries: ink taken away in its order, and weights drawn anew."""

import copy

import numpy as np
import pytest
import torch
from scipy import stats

from cnnviz.networks import checkpoints
from cnnviz.reasons.deletion import deletion
from cnnviz.reasons.examined import examined, others_like
from cnnviz.reasons.gradients import gradient_times_input
from cnnviz.reasons.methods import METHODS, Asked
from cnnviz.reasons.question import Question
from cnnviz.reasons.randomised import likeness, randomised
from tests.reasons.small import coloured, digit, linear, noise


def test_ink_goes_in_the_maps_order_as_in_a_loop():
    model, image, question = coloured(), noise(1, 3, 9, 8), Question(1)
    worth = noise(9, 8)
    found = deletion(model, image, worth, question)
    assert found.gone[0] == 0
    assert found.gone[-1] == 1
    order = worth.flatten().argsort(descending=True)
    for share, forth, back in zip(found.gone, found.ordered, found.reverse, strict=True):
        for taken, score in ((order, forth), (order.flip(0), back)):
            left = image.flatten(2).clone()
            left[:, :, taken[: round(float(share) * 72)]] = 0
            with torch.no_grad():
                expected = question.score(model(left.view_as(image)))[0]
            assert score == pytest.approx(float(expected), abs=1e-5)


def test_only_ink_is_taken_away_and_all_orders_begin_and_end_alike():
    image, question = digit(4), Question(4)
    model = checkpoints.article().model
    found = deletion(model, image, noise(28, 28), question)
    with torch.no_grad():
        first, last = question.score(model(torch.cat([image, torch.zeros_like(image)])))
    for curve in (found.ordered, found.reverse, found.random):
        assert float(curve[0]) == pytest.approx(float(first), abs=1e-4)
        assert float(curve[-1]) == pytest.approx(float(last), abs=1e-4)
    blank = deletion(model, torch.zeros_like(image), noise(28, 28), question)
    assert blank.ordered.tolist() == [pytest.approx(float(last), abs=1e-4)]


def test_where_the_map_is_the_whole_truth_no_order_is_faster():
    model, image, question = linear(), noise(1, 1, 9, 8), Question(2)
    worth = gradient_times_input(model, image, question).sum(0)
    found = deletion(model, image, worth, question)
    assert (found.ordered <= found.random + 1e-5).all()
    assert (found.reverse >= found.random - 1e-5).all()
    assert found.telling
    assert not deletion(model, image, -worth, question).telling


def test_likeness_is_spearmans_of_the_magnitudes():
    one, other = noise(9, 8) - 0.5, noise(2, 9, 8)[1] - 0.3
    one[2:5] = 0  # ties share their rank
    ranks = [stats.rankdata(each.abs().flatten()) for each in (one, other)]
    expected = np.corrcoef(ranks)[0, 1]
    assert likeness(one, other) == pytest.approx(expected)
    assert likeness(one, -one) == pytest.approx(1)
    assert likeness(one, torch.zeros(9, 8)) == 0


def test_weights_drawn_anew_are_the_same_each_time_and_leave_the_network_alone():
    model = checkpoints.article().model
    before = copy.deepcopy(model.state_dict())
    torch.manual_seed(0)
    state = torch.get_rng_state()
    one, again = randomised(model, 1).state_dict(), randomised(model, 1).state_dict()
    assert torch.equal(torch.get_rng_state(), state)
    for name, weight in before.items():
        assert torch.equal(model.state_dict()[name], weight)
        assert torch.equal(one[name], again[name])
        assert not torch.equal(one[name], weight)


@pytest.mark.parametrize("name", METHODS)
def test_each_map_has_its_tests_beside_it(name):
    model, image = checkpoints.article().model, digit(2)
    asked = Asked(Question(2, 7), layer="relu2")
    others = others_like(model)
    result = examined(name, model, image, asked, others)
    assert torch.equal(result.found.worth, METHODS[name].compute(model, image, asked).worth)
    assert result.unlearnt.worth.shape == (28, 28)
    assert not torch.equal(result.unlearnt.worth, result.found.worth)
    assert -1 <= result.alike <= 1
    # Against itself it is as alike as can be, and is called so.
    itself = examined(name, model, image, asked, (model,))
    assert itself.alike == pytest.approx(1, abs=0.02)
    assert itself.of_the_drawing


def test_what_is_nothing_without_ink_looks_alike_whatever_was_learnt():
    # Adebayo et al. 2018: multiplied by the input, a map shows the input.
    model, image = checkpoints.article().model, digit(7)
    others = others_like(model)
    asked = Asked(Question(7))
    assert examined("gradient_input", model, image, asked, others).of_the_drawing
    assert not examined("gradient", model, image, asked, others).of_the_drawing
