"""Changes that turn one answer into another: they do, they stay in [0, 1], and they are small."""

import pytest
import torch

from cnnviz.networks import checkpoints
from cnnviz.networks.trace import trace
from cnnviz.reasons.fooling import fewest_pixels, lead, slope_of_lead, smallest_change
from cnnviz.reasons.parting import first_apart, partings
from tests.reasons.small import coloured, digit, linear, noise

PAIRS = [(7, 1), (0, 6), (4, 9), (1, 8)]


def test_the_lead_is_over_the_best_of_the_others():
    logits = torch.tensor([[1.0, 5.0, 3.0], [4.0, 0.0, 2.0]])
    assert lead(logits, 1).tolist() == [2, -4]
    assert lead(logits, 2).tolist() == [-2, -2]


@pytest.mark.parametrize("name", ["article", "fully_connected_128"])
@pytest.mark.parametrize("find", [fewest_pixels, smallest_change])
def test_what_is_found_is_read_as_the_class_asked_for(name, find):
    model = checkpoints.load(checkpoints.CHECKPOINTS / f"{name}.safetensors").model
    for number, target in PAIRS:
        image = digit(number)
        before = image.clone()
        changed = find(model, image, target)
        assert changed is not None
        assert torch.equal(image, before)
        assert int(trace(model, changed).layers[-1].values.argmax()) == target
        assert float(changed.min()) >= 0
        assert float(changed.max()) <= 1
        assert torch.equal(find(model, image, target), changed)


def test_a_change_of_few_pixels_touches_less_and_a_short_one_is_shorter():
    model = checkpoints.article().model
    for number, target in PAIRS:
        image = digit(number)
        few, short = fewest_pixels(model, image, target), smallest_change(model, image, target)
        assert few is not None
        assert short is not None
        assert int((few != image).sum()) < int((short != image).sum()) / 5
        assert float((short - image).norm()) < float((few - image).norm())


def test_no_pixel_of_the_few_could_have_been_left():
    model = checkpoints.article().model
    image, target = digit(4), 9
    changed = fewest_pixels(model, image, target)
    assert changed is not None
    touched = (changed != image).nonzero()
    for place in touched:
        without = changed.clone()
        without[tuple(place)] = image[tuple(place)]
        with torch.no_grad():
            assert float(lead(model(without), target)) < 1e-3
    for place in touched:
        assert float(changed[tuple(place)]) in (0, 1)


def test_of_a_linear_network_the_short_change_is_near_the_distance_to_the_border():
    # In the middle of the cube nothing is clipped, and the distance is the lead over the slope.
    model, image = linear(), torch.full((1, 1, 9, 8), 0.5)
    with torch.no_grad():
        scores = model(image)
    order = scores[0].argsort(descending=True).tolist()
    first, second = order[0], order[1]
    weight = model.get_parameter("fc.weight").detach()
    gap = float((scores[0, first] - scores[0, second]) / (weight[first] - weight[second]).norm())
    changed = smallest_change(model, image, second)
    assert changed is not None
    assert gap - 1e-4 <= float((changed - image).norm()) <= 1.1 * gap + 0.01


def test_the_slope_is_that_of_the_lead():
    model, image = coloured(), noise(1, 3, 9, 8)
    slope, step = slope_of_lead(model, image, 1), 1e-2
    with torch.no_grad():
        forth, back = model(image + step * slope), model(image - step * slope)
    difference = float((lead(forth, 1) - lead(back, 1)) / (2 * step))
    assert difference == pytest.approx(float(slope.pow(2).sum()), rel=0.05)


def test_what_cannot_be_done_is_not_found():
    model = linear()
    with torch.no_grad():
        model.get_parameter("fc.bias")[0] = 1000.0
    image = noise(1, 1, 9, 8)
    assert fewest_pixels(model, image, 1) is None
    assert smallest_change(model, image, 1) is None
    assert int(coloured()(noise(1, 3, 9, 8)).argmax()) != 0
    assert fewest_pixels(coloured(), noise(1, 3, 9, 8), 0, most=0) is None


def test_the_map_that_parts_first_is_the_first_to_change_by_half():
    model, image = checkpoints.article().model, digit(7)
    changed = fewest_pixels(model, image, 1)
    assert changed is not None
    before, after = trace(model, image), trace(model, changed)
    found = partings(before, after)
    assert [each.layer for each in found] == ["conv1", "relu1", "pool1", "conv2", "relu2", "pool2"]
    for each in found:
        old, new = before[each.layer].values, after[each.layer].values
        assert each.share == pytest.approx(float((new - old).norm() / old.norm()), rel=1e-4)
        at = each.channel
        share = float((new[at] - old[at]).norm() / old[at].norm())
        assert each.most == pytest.approx(share, rel=1e-4)
    first = first_apart(found)
    assert first is not None
    assert all(each.most < 0.5 for each in found[: found.index(first)])
    assert first_apart(partings(before, before)) is not None
    assert first_apart([]) is None
