"""What a lesson computes is what torch and numpy compute, and what the app shows."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.drawing.sources import sample, seen
from cnnviz.lessons import functions
from cnnviz.networks.checkpoints import article
from cnnviz.networks.models import parameter_count
from cnnviz.networks.trace import as_image, trace

rows = st.lists(st.integers(-9, 9), min_size=1, max_size=9)


@given(rows, rows)
def test_convolving_is_numpys(signal: list[int], kernel: list[int]) -> None:
    assert functions.convolve(signal, kernel) == np.convolve(signal, kernel).tolist()
    assert functions.cross_correlate(signal, kernel) == np.convolve(signal, kernel[::-1]).tolist()


def test_the_articles_example() -> None:
    assert functions.convolve([3, 2, 1, 0], [1, 0, -1]) == [3, 2, -2, -2, -1, 0]
    assert functions.convolve([3, 2, 1, 0], [1, 0, -1], 2) == [3, -2, -1]


@given(*(st.integers(1, top) for top in (12, 4, 4)), st.integers(0, 3))
def test_sizes_are_those_of_what_torch_makes(
    pixels: int, kernel: int, stride: int, padding: int
) -> None:
    if kernel > pixels + 2 * padding:
        return
    picture, window = np.ones((pixels, pixels)).tolist(), np.ones((kernel, kernel)).tolist()
    made = functions.slide(picture, window, stride, padding)
    assert functions.size(pixels, kernel, stride, padding) == len(made) == len(made[0])


def test_a_patch_times_the_kernel_is_what_sliding_gives_there() -> None:
    chance = np.random.default_rng(0)
    picture = chance.integers(-3, 4, (6, 7)).tolist()
    kernel = chance.integers(-2, 3, (3, 2)).tolist()
    made = functions.slide(picture, kernel)
    there = functions.multiply(functions.patch(picture, 2, 4, 3, 2), kernel)
    assert functions.add(there) == made[2][4]


def test_pooling() -> None:
    picture = [[1, 2, 0, 4], [3, -1, 5, 1]]
    assert functions.pool(picture) == [[3, 5]]
    assert functions.pool_mean(picture) == [[1.25, 2.5]]


def test_the_articles_network_is_the_one_that_the_app_shows() -> None:
    steps = trace(article().model, as_image(seen(sample(7), None, centre=True).image))
    assert steps.probabilities is not None
    assert functions.answer(7) == "7"
    assert functions.share(7, 7) == float(steps.probabilities[7])
    assert functions.unit(7, "conv2", 5, 4, 6) == float(steps["conv2"].values[5, 4, 6])
    weight = steps["conv2"].weight
    assert weight is not None
    assert torch.equal(torch.tensor(functions.weights("conv2", 3, 2)), weight[3, 2])
    assert functions.shape("pool2") == [8, 5, 5]
    assert functions.parameters() == parameter_count(article().model) == 2346
    assert functions.parameters("conv1") == 40
    assert functions.multiplications("conv1") == 4 * 26 * 26 * 9
    assert [functions.field(layer) for layer in ("conv1", "pool1", "conv2", "pool2")] == [
        *(3, 4, 8, 10)
    ]


def test_a_digit_far_from_its_place_is_read_as_the_app_reads_it() -> None:
    assert functions.share(7, 7, 8, 8) < functions.share(7, 7)


def test_scores_shares_and_surprise() -> None:
    shares = functions.softmax([2.0, 0.0, -1.0])
    assert sum(shares) == pytest.approx(1)
    assert functions.surprise(shares[0]) == pytest.approx(-np.log(shares[0]))


def test_heat_spreads_by_a_bell_that_adds_up_to_one() -> None:
    bell = [functions.warmed(2, distance) for distance in range(-12, 13)]
    assert sum(bell) == pytest.approx(1)
    assert functions.argmax(bell) == 12


def test_a_map_is_the_layers_own_and_the_picture_the_layer_input() -> None:
    whole = functions.feature_map(7, "conv1", 2, 1, 0)
    assert len(whole) == len(whole[0]) == 26
    assert whole[5][9] == functions.unit(7, "conv1", 2, 5, 9, 1, 0)
    assert max(map(max, functions.feature_map(7, "input"))) == 1
    for layer, channel in (("conv1", 4), ("fc", 0), ("conv9", 0)):
        with pytest.raises(ValueError, match=r"conv1 has 4 maps|fc has no maps|conv9"):
            functions.feature_map(7, layer, channel)


def test_places_of_the_largest_and_the_smallest_and_the_articles_losses() -> None:
    grid = [[0, -6, 5], [5, 1, -6]]
    assert functions.place_of_largest(grid) == [0, 2]
    assert functions.place_of_smallest(grid) == [0, 1]
    assert [functions.article_loss(epoch) for epoch in (1, 10)] == [420.520, 62.597]
    with pytest.raises(ValueError, match="epoch must be from 1 to 10, got 11"):
        functions.article_loss(11)
