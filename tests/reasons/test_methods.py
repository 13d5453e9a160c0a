"""Explanations against torch and loops: what each method's map must be by its definition."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from cnnviz.networks import checkpoints
from cnnviz.networks.architecture import Architecture
from cnnviz.networks.kinds import Conv2d, Flatten, Linear, MaxPool2d
from cnnviz.networks.models import FullyConnected
from cnnviz.networks.trace import trace
from cnnviz.reasons import gradients
from cnnviz.reasons.grad_cam import cells, grad_cam, layers_of_maps, spread, usual_layer
from cnnviz.reasons.gradients import (
    FEWEST_STEPS,
    gradient,
    gradient_times_input,
    integrated_gradients,
)
from cnnviz.reasons.methods import METHODS, Asked
from cnnviz.reasons.occlusion import occlusion
from cnnviz.reasons.question import Question
from cnnviz.ui.why.sections import WAYS
from tests.reasons.small import coloured, digit, linear, noise

QUESTIONS = [Question(1), Question(0, 2)]


def test_the_page_knows_the_same_methods_as_the_core():
    assert tuple(METHODS) == WAYS


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(("patch", "fill"), [(1, 0.0), (3, 0.0), (4, 1.0)])
def test_occlusion_is_what_a_loop_over_all_squares_finds(question, patch, fill):
    model, image = coloured(), noise(1, 3, 9, 8)
    lost, times = torch.zeros(9, 8), torch.zeros(9, 8)
    with torch.no_grad():
        before = question.score(model(image))[0]
        for row in range(9 - patch + 1):
            for column in range(8 - patch + 1):
                covered = image.clone()
                square = slice(row, row + patch), slice(column, column + patch)
                covered[:, :, *square] = fill
                lost[square] += before - question.score(model(covered))[0]
                times[square] += 1
    found = occlusion(model, image, question, patch, fill)
    assert found.shape == (3, 9, 8)
    for channel in found:
        assert torch.allclose(channel, lost / times, atol=1e-5)


def test_the_squares_of_a_large_picture_are_covered_in_several_batches(monkeypatch):
    model, image = coloured(), noise(1, 3, 9, 8)
    at_once, sizes = occlusion(model, image, QUESTIONS[0]), []
    monkeypatch.setattr("cnnviz.reasons.occlusion.MOST_VALUES", 5 * 3 * 9 * 8 + 1)
    model.register_forward_pre_hook(lambda _, given: sizes.append(len(given[0])))
    assert torch.allclose(occlusion(model, image, QUESTIONS[0]), at_once, atol=1e-6)
    assert max(sizes) == 5
    code = METHODS["occlusion"].code(Asked(QUESTIONS[0]), (3, 9, 8))
    assert "perturbations_per_eval=5," in code


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_gradient_is_autograds_and_the_callers_image_is_left_alone(question):
    model, image = coloured(), noise(1, 3, 9, 8)
    asked = image.clone().requires_grad_()
    (expected,) = torch.autograd.grad(question.score(model(asked)).sum(), asked)
    assert torch.allclose(gradient(model, image, question), expected[0])
    assert torch.allclose(gradient_times_input(model, image, question), (expected * image)[0])
    assert not image.requires_grad
    assert all(parameter.grad is None for parameter in model.parameters())


@pytest.mark.parametrize("question", QUESTIONS)
def test_integrated_gradients_of_a_linear_network_are_gradient_times_input(question):
    model, image = linear(), noise(1, 1, 9, 8)
    found = integrated_gradients(model, image, question)
    assert torch.allclose(found.values, gradient_times_input(model, image, question), atol=1e-6)
    assert found.complete
    assert found.steps == FEWEST_STEPS


@pytest.mark.parametrize("fill", [0.0, 1.0])
def test_integrated_gradients_add_up_or_take_more_steps_until_they_do(fill):
    model = checkpoints.article().model
    steps = set()
    for number in range(10):
        image = digit(number)
        with torch.no_grad():
            here, there = model(torch.cat([image, torch.full_like(image, fill)]))
        question = Question(number, (number + 5) % 10)
        found = integrated_gradients(model, image, question, fill)
        difference = float(question.score(here) - question.score(there))
        assert found.difference == pytest.approx(difference, rel=1e-4, abs=1e-4)
        assert found.total == pytest.approx(float(found.values.sum()), rel=1e-4, abs=1e-4)
        assert abs(found.total - found.difference) <= 0.01 * abs(found.difference)
        steps.add(found.steps)
    assert len(steps) > 1


def test_steps_are_run_in_batches_that_fit_and_give_the_same(monkeypatch):
    model, image, question = coloured(), noise(1, 3, 9, 8), Question(0, 2)
    at_once = integrated_gradients(model, image, question)
    bytes_of_one = gradients.MOST_BYTES // gradients.at_once(model, image)
    monkeypatch.setattr(gradients, "MOST_BYTES", 10 * bytes_of_one)
    ran = []
    hook = model[0].register_forward_hook(lambda _module, given, _made: ran.append(len(given[0])))
    in_batches = integrated_gradients(model, image, question)
    hook.remove()
    assert 1 < max(ran) <= 10
    assert in_batches.steps == at_once.steps
    assert torch.allclose(in_batches.values, at_once.values, atol=1e-5)


def test_a_sum_that_is_off_says_so():
    image, question = digit(3), Question(3)
    found = integrated_gradients(checkpoints.article().model, image, question)
    assert not replace(found, total=found.difference * 1.02).complete
    assert replace(found, total=found.difference * 1.02).error == pytest.approx(0.02, rel=1e-3)


@pytest.mark.parametrize("layer", ["conv1", "relu1", "pool1", "conv2", "relu2"])
def test_grad_cam_weighs_a_layers_maps_by_their_mean_gradient(layer):
    model, image, question = coloured(), noise(1, 3, 9, 8), Question(0, 2)
    at = list(model._modules).index(layer) + 1
    before, after = nn.Sequential(*[*model][:at]), nn.Sequential(*[*model][at:])
    maps = before(image).detach().requires_grad_()
    (slope,) = torch.autograd.grad(question.score(after(maps)).sum(), maps)
    expected = (slope.mean((2, 3), keepdim=True) * maps).sum(1)[0]
    assert torch.allclose(grad_cam(model, image, question, layer), expected, atol=1e-6)
    assert not model._modules[layer]._forward_hooks


def test_grad_cam_is_asked_at_maps_alone():
    traced = trace(coloured(), noise(1, 3, 9, 8))
    assert layers_of_maps(traced) == ["conv1", "relu1", "pool1", "conv2", "relu2"]
    assert usual_layer(traced) == "relu2"
    dense = FullyConnected(4, (1, 9, 8), 3)
    assert layers_of_maps(trace(dense, noise(1, 1, 9, 8))) == []
    assert usual_layer(trace(dense, noise(1, 1, 9, 8))) is None
    with pytest.raises(ValueError, match="needs a layer that makes maps"):
        METHODS["grad_cam"].compute(dense, noise(1, 1, 9, 8), Asked(Question(0)))
    with pytest.raises(ValueError, match=r"layer must be one of conv1.*got 'conv7'"):
        grad_cam(coloured(), noise(1, 3, 9, 8), Question(0), "conv7")
    with pytest.raises(ValueError, match="flatten makes a vector"):
        grad_cam(coloured(), noise(1, 3, 9, 8), Question(0), "flatten")


@pytest.mark.parametrize(
    "layers",
    [
        (Conv2d(1, 3), MaxPool2d(2), Conv2d(1, 3)),
        (Conv2d(1, 5, stride=2), Conv2d(1, 3, padding=1)),
        (Conv2d(1, 3, dilation=2), MaxPool2d(3)),
    ],
)
def test_a_cell_lies_in_the_middle_of_what_its_unit_sees(layers):
    architecture = Architecture((*layers, Flatten(), Linear(2)), (1, 28, 28), 2)
    steps = architecture.steps[: len(layers)]
    where = cells([step.layer.window(step.given) for step in steps])
    modules = nn.Sequential(*(step.layer.module(step.given) for step in steps))
    for module in modules:
        if isinstance(module, nn.Conv2d):
            nn.init.constant_(module.weight, 1.0)
    for row, column in [(2, 3), (4, 2)]:
        seen = torch.zeros(28, 28)
        # Which of the pixels a pooling passes on depends on the picture: all of them, together.
        for _ in range(30):
            image = torch.rand(1, 1, 28, 28, requires_grad=True)
            (slope,) = torch.autograd.grad(modules(image)[0, 0, row, column], image)
            seen += slope[0, 0].abs()
        rows, columns = seen.sum(1).nonzero()[:, 0], seen.sum(0).nonzero()[:, 0]
        middle = float(rows[0] + rows[-1] + 1) / 2, float(columns[0] + columns[-1] + 1) / 2
        assert where.top + (row + 0.5) * where.height == pytest.approx(middle[0])
        assert where.left + (column + 0.5) * where.width == pytest.approx(middle[1])


def test_a_pixel_is_worth_what_its_cell_is_or_the_nearest_one():
    image = digit(7)
    model = checkpoints.article().model
    found = METHODS["grad_cam"].compute(model, image, Asked(Question(7), layer="relu2"))
    assert found.cells is not None
    assert (found.cells.top, found.cells.left) == (3, 3)
    assert (found.cells.height, found.cells.width) == (2, 2)
    assert found.values.shape == (11, 11)
    assert float(found.worth[3, 3]) == float(found.worth[4, 4]) == float(found.values[0, 0])
    assert float(found.worth[24, 5]) == float(found.values[10, 1])
    assert float(found.worth[0, 27]) == float(found.values[0, 10])
    assert torch.equal(spread(found.values, found.cells, (28, 28)), found.worth)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (Question(3), "target must be a class from 0 to 2, got 3"),
        (Question(-1), "target must be a class from 0 to 2, got -1"),
        (Question(0, 9), "other must be a class from 0 to 2, got 9"),
        (Question(1, 1), "another class than the target, got 1 twice"),
    ],
)
def test_a_class_that_is_not_there_is_named(question, said):
    for name in ("occlusion", "gradient", "integrated"):
        with pytest.raises(ValueError, match=said):
            METHODS[name].compute(coloured(), noise(1, 3, 9, 8), Asked(question))


@pytest.mark.parametrize("patch", [0, 9])
def test_a_patch_larger_than_the_picture_is_refused(patch):
    with pytest.raises(ValueError, match=f"patch must be from 1 to 8 pixels, got {patch}"):
        occlusion(coloured(), noise(1, 3, 9, 8), Question(0), patch)
