import pytest
import torch
from scipy import ndimage

from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.labs import appearance, translation
from cnnviz.labs.appearance import RANGES, Appearance, change
from cnnviz.networks import models
from cnnviz.networks.trace import as_image

SEVEN = as_image(prepare(samples.ink(7)).centred)


def test_an_appearance_of_nothing_changes_nothing():
    assert torch.equal(change(SEVEN, Appearance()), SEVEN)


@pytest.mark.parametrize("degrees", [90.0, 180.0])
def test_a_turn_is_anticlockwise(degrees):
    expected = torch.rot90(SEVEN, int(degrees) // 90, (2, 3))
    torch.testing.assert_close(
        change(SEVEN, Appearance(rotation=degrees)), expected, atol=1e-4, rtol=0
    )


def test_an_odd_turn_is_scipys():
    image = translation.shift(SEVEN, 0, -3)  # clear of the edge, where the two differ
    expected = ndimage.rotate(image[0, 0].numpy(), 30, reshape=False, order=1)
    turned = change(image, Appearance(rotation=30.0))[0, 0]
    torch.testing.assert_close(turned, torch.from_numpy(expected), atol=1e-3, rtol=0)


def test_a_turn_keeps_right_angles_where_there_are_more_columns_than_rows():
    image = torch.zeros(1, 1, 21, 41)
    image[..., 9:12, 14:27] = 1  # a bar of 3 by 13 across the middle
    turned = change(image, Appearance(rotation=90.0))[0, 0]
    assert float(turned[4:17, 19:22].min()) == pytest.approx(1, abs=1e-3)
    assert float(turned.sum()) == pytest.approx(39, rel=0.02)


@pytest.mark.parametrize(
    "appearance", [Appearance(rotation=30), Appearance(0, 0.6, 1.0), Appearance(stroke=-0.5)]
)
def test_dark_ink_on_white_paper_changes_as_light_ink_on_black_does(appearance):
    image = SEVEN.expand(1, 3, 28, 28)
    expected = 1 - change(image, appearance)
    torch.testing.assert_close(change(1 - image, appearance, paper=1.0), expected)


def test_twice_the_size_covers_four_times_the_area():
    square = torch.zeros(1, 1, 28, 28)
    square[..., 11:17, 11:17] = 1
    assert float(change(square, Appearance(size=2.0)).sum()) == pytest.approx(4 * 36, rel=0.05)
    assert float(change(square, Appearance(size=0.5)).sum()) == pytest.approx(9, rel=0.2)


def test_a_stroke_grows_by_its_radius_on_both_sides_and_shrinks_alike():
    bar = torch.zeros(1, 1, 28, 28)
    bar[..., 4:24, 12:16] = 1
    widths = {
        radius: float(change(bar, Appearance(stroke=radius))[0, 0, 14].sum())
        for radius in (-1.0, 1.0, 2.0)
    }
    assert widths == pytest.approx({-1.0: 2, 1.0: 6, 2.0: 8}, abs=0.5)


def test_noise_is_the_same_each_time_stays_in_range_and_is_as_strong_as_it_says():
    grey = torch.full((1, 1, 28, 28), 0.5)
    noisy = change(grey, Appearance(noise=0.1))
    assert torch.equal(noisy, change(grey, Appearance(noise=0.1)))
    assert float((noisy - grey).std()) == pytest.approx(0.1, rel=0.1)
    strong = change(grey, Appearance(noise=1.0))
    assert float(strong.min()) == 0
    assert float(strong.max()) == 1


@pytest.mark.parametrize("name", RANGES)
def test_a_curve_goes_through_the_probability_at_the_slider(name):
    model = models.untrained()
    here = Appearance(rotation=10.0, size=1.1, stroke=0.25, noise=0.1)
    values, (line,) = appearance.curves([model], SEVEN, 7, here, name, place=(2, -1))
    assert len(values) == len(line)
    present = getattr(here, name)
    image = translation.shift(change(SEVEN, here), 2, -1)
    expected = float(translation.class_probability(model, image, 7)[0])
    assert float(line[values.index(present)]) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("name", RANGES)
def test_every_range_reaches_its_ends_and_contains_the_start(name):
    span, start = RANGES[name], getattr(Appearance(), name)
    values = span.values()
    assert (values[0], values[-1]) == (span.start, span.stop)
    assert start in values


def test_a_size_of_nothing_is_refused():
    with pytest.raises(ValueError, match="size must be more than 0, got -1"):
        change(SEVEN, Appearance(size=-1.0))
