import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from cnnviz.datasets import shuffling
from cnnviz.drawing import samples
from cnnviz.drawing.frames import Frame
from cnnviz.drawing.preprocessing import prepare
from cnnviz.labs import translation
from cnnviz.networks import models
from cnnviz.networks.architecture import Architecture
from cnnviz.networks.notation import layers_of
from cnnviz.networks.trace import as_image, trace

moves = st.integers(-12, 12)
# A small digit, so that it stays whole at the shifts below.
SMALL = torch.nn.functional.pad(
    torch.nn.functional.avg_pool2d(as_image(prepare(samples.ink(7)).centred), 2), (7, 7, 7, 7)
)


@given(moves, moves)
def test_a_shift_is_scipys_shift_of_every_channel_with_paper_coming_in(dx, dy):
    image = torch.rand(1, 3, 9, 11, generator=torch.Generator().manual_seed(1))
    for paper in (0.0, 1.0):
        moved = translation.shift(image, dx, dy, paper)[0]
        for channel, plane in zip(moved, image[0].numpy(), strict=True):
            expected = ndimage.shift(plane, (dy, dx), order=0, cval=paper)
            assert torch.equal(channel, torch.from_numpy(expected))


@pytest.mark.parametrize(
    ("side", "radius"), [(8, 2), (16, 5), (28, 10), (32, 10), (64, 10)], ids=str
)
def test_small_pictures_are_moved_as_far_for_their_size_and_large_ones_no_further(side, radius):
    assert translation.radius_of(Frame.like_mnist((1, side, side))) == radius


def test_ink_on_white_paper_is_kept_as_ink_on_black_is():
    image = torch.zeros(1, 3, 20, 16)
    image[..., 3:9, 2:5] = 0.75
    kept = translation.ink_kept(image, 6)
    torch.testing.assert_close(translation.ink_kept(1 - image, 6, paper=1.0), kept)
    assert float(kept.min()) < 0.5


def test_the_robustness_map_is_one_forward_pass_for_every_shift():
    model, dense = models.untrained(), models.FullyConnected().eval()
    maps = translation.robustness([model, dense], SMALL, radius=2)
    for network, probabilities in zip((model, dense), maps, strict=True):
        assert probabilities.shape == (5, 5, 10)
        for dy in range(-2, 3):
            for dx in range(-2, 3):
                steps = trace(network, translation.shift(SMALL, dx, dy))
                assert steps.probabilities is not None
                torch.testing.assert_close(
                    probabilities[dy + 2, dx + 2], steps.probabilities, atol=1e-6, rtol=0
                )


def test_ink_kept_is_whole_in_the_middle_and_none_when_all_has_left():
    image = torch.zeros(1, 1, 28, 28)
    image[..., 20, 14] = 1
    kept = translation.ink_kept(image)
    assert kept.shape == (21, 21)
    assert kept[10 + 7, 10] == 1
    assert kept[10 + 8, 10] == 0
    assert bool((translation.ink_kept(torch.zeros(1, 1, 28, 28)) == 1).all())


@pytest.mark.parametrize("move", [(4, -4), (-4, 0), (0, 4)])
def test_shifted_by_whole_strides_every_map_comes_back_exactly(move):
    model = models.untrained()
    before, after = (trace(model, translation.shift(SMALL, *m)) for m in ((0, 0), move))
    drifts = translation.drifts(before, after, *move)
    assert [drift.name for drift in drifts] == [
        "conv1",
        "relu1",
        "pool1",
        "conv2",
        "relu2",
        "pool2",
    ]
    assert [drift.step for drift in drifts] == [1, 1, 2, 2, 2, 4]
    assert [drift.residual for drift in drifts] == [0.0] * 6
    assert all(drift.changed > 0 for drift in drifts)


def test_shifted_by_an_odd_number_only_what_is_before_the_pooling_comes_back():
    model = models.untrained()
    before, after = trace(model, SMALL), trace(model, translation.shift(SMALL, 3, 0))
    drifts = {drift.name: drift for drift in translation.drifts(before, after, 3, 0)}
    assert drifts["conv1"].residual == drifts["relu1"].residual == 0
    assert drifts["pool1"].residual > 0


def test_half_a_cell_is_rounded_away_from_zero_whichever_way_and_however_far():
    assert [translation.whole_cells(pixels, 4) for pixels in (1, 2, 3, 4, 6, 10)] == [
        *(0, 1, 1, 1, 2, 3)
    ]


@given(moves, st.sampled_from([1, 2, 3, 4]))
def test_whole_cells_are_the_nearest_and_the_same_to_either_side(pixels, step):
    cells = translation.whole_cells(pixels, step)
    assert abs(cells - pixels / step) <= 0.5
    assert translation.whole_cells(-pixels, step) == -cells


@pytest.mark.parametrize("place", [(0, 0), (1, 0), (-4, -4)])
def test_a_map_of_one_number_is_not_said_to_follow(place):
    layers = layers_of("conv2d 4 3, relu, globalavgpool2d, flatten, linear 10")
    model = models.untrained(Architecture(layers))
    before, after = trace(model, SMALL), trace(model, translation.shift(SMALL, *place))
    drifts = translation.drifts(before, after, *place)
    assert [drift.name for drift in drifts] == ["conv1", "relu1"]


def test_maps_that_are_moved_out_of_sight_are_not_said_to_come_back():
    layers = layers_of("conv2d 2 3, maxpool2d 6, maxpool2d 2, flatten, linear 10")
    model = models.untrained(Architecture(layers))
    before, after = trace(model, SMALL), trace(model, translation.shift(SMALL, 10, 0))
    shapes = [tuple(layer.values.shape[1:]) for layer in before.layers[:3]]
    assert shapes == [(26, 26), (4, 4), (2, 2)]
    drifts = translation.drifts(before, after, 10, 0)
    assert [(drift.name, drift.moved) for drift in drifts] == [
        *(("conv1", (10, 0)), ("pool1", (2, 0)), ("pool2", (1, 0)))
    ]
    far = translation.drifts(before, trace(model, translation.shift(SMALL, 24, 0)), 24, 0)
    assert [drift.name for drift in far] == ["conv1"]


def test_a_network_without_maps_has_no_drifts():
    model = models.FullyConnected().eval()
    assert translation.drifts(trace(model, SMALL), trace(model, SMALL), 1, 1) == []


def test_the_strongest_unit_is_where_the_first_map_is_largest():
    steps = trace(models.SimpleCNN().eval(), SMALL)
    pin = translation.strongest_unit(steps)
    assert pin is not None
    name, channel, row, column = pin.split(".")
    assert (name, channel) == ("conv1", "0")
    first = steps["conv1"].values[0]
    assert first[int(row), int(column)] == first.max()
    dense = models.FullyConnected().eval()
    assert translation.strongest_unit(trace(dense, SMALL)) is None


def test_a_fully_connected_network_can_be_made_to_read_shuffled_pixels():
    model = models.FullyConnected().eval()
    image = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    same = translation.for_shuffled_pixels(model, shuffling.permutation(42))
    torch.testing.assert_close(same(shuffling.shuffle(image, 42)), model(image))


def test_a_cnn_cannot():
    with pytest.raises(ValueError, match="must begin with a Flatten"):
        translation.for_shuffled_pixels(models.untrained(), shuffling.permutation(42))
