import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.labs import pooling
from cnnviz.labs.pooling import Settings
from cnnviz.networks.trace import trace

pairs = st.tuples(st.integers(1, 4), st.integers(1, 4))


def random(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(sum(shape)))


@settings(max_examples=200)
@given(
    st.tuples(st.integers(1, 12), st.integers(1, 12)),
    st.sampled_from(pooling.POOLINGS),
    pairs,
    pairs,
    st.tuples(st.integers(0, 3), st.integers(0, 3)),
    pairs,
    st.booleans(),
)
def test_sizes_and_refusals_are_torchs(size, kind, kernel, stride, padding, dilation, ceil_mode):
    image = random(1, 2, *size)
    try:
        how = Settings(kind, kernel, stride, padding, dilation, ceil_mode)
        pooling.check(image.shape[1:], how)
    except ValueError as error:
        if "dilation must be 1" in str(error) or "ceil_mode" in str(error):
            return  # torch's own layer has no such argument to refuse
        operation = {
            "average": lambda: F.avg_pool2d(image, kernel, stride, padding, ceil_mode),
            "max": lambda: F.max_pool2d(image, kernel, stride, padding, dilation, ceil_mode),
            "strided convolution": lambda: F.conv2d(
                image, torch.ones(2, 2, *kernel), None, stride, padding, dilation
            ),
        }[kind]
        with pytest.raises(RuntimeError):
            operation()
        return
    output = trace(pooling.layer(how, 2), image).layers[0].values
    assert output.shape[1:] == tuple(
        pooling.output_size(size[a], kernel[a], stride[a], padding[a], dilation[a], ceil_mode)
        for a in (0, 1)
    )


def test_a_strided_convolution_acts_on_every_channel_by_itself():
    image = random(1, 3, 8, 8)
    how = Settings("strided convolution")
    mean = pooling.layer(how, 3, torch.full((2, 2), 0.25))(image)
    torch.testing.assert_close(mean, F.avg_pool2d(image, 2))
    assert torch.equal(pooling.layer(how, 3)(image), image[..., ::2, ::2])


@given(st.integers(1, 3), st.integers(1, 3), st.integers(0, 1), st.integers(1, 2), st.booleans())
def test_every_window_has_one_winner_and_winners_hold_the_outputs(
    kernel, stride, padding, dilation, ceil_mode
):
    try:
        how = Settings(
            "max",
            (kernel, kernel),
            (stride, stride),
            (padding, padding),
            (dilation, dilation),
            ceil_mode,
        )
    except ValueError:
        return
    image = random(2, 9, 7)
    output = pooling.layer(how, 2)(image[None])[0]
    wins = pooling.wins(image, how)
    assert int(wins.sum()) == output.numel()
    # Random numbers don't tie, so what won is what came out.
    assert torch.equal(image[wins > 0].sort().values, output.unique())


def test_of_equal_values_the_first_wins():
    wins = pooling.wins(torch.ones(1, 2, 2), Settings())
    assert wins.tolist() == [[[1, 0], [0, 0]]]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"kind": "median"}, "kind must be one of max, average, strided convolution"),
        ({"stride": (0, 0)}, "stride must be a whole number from 1 to 16, got 0"),
        ({"kernel": (0, 2)}, "kernel must be a whole number from 1 to 16, got 0"),
        ({"padding": (2, 2)}, "at most half the window, 1 for a window of 2, got 2"),
        ({"kind": "average", "dilation": (2, 2)}, "AvgPool2d has none"),
        ({"kind": "strided convolution", "ceil_mode": True}, "ceil_mode must be off"),
    ],
)
def test_settings_that_torch_has_not_are_refused_with_the_reason(changed, message):
    with pytest.raises(ValueError, match=message):
        Settings(**changed)


def test_a_window_that_does_not_fit_names_the_largest_that_does():
    how = Settings(kernel=(4, 4), dilation=(2, 2))
    with pytest.raises(ValueError, match=r"spans 7 rows, the padded input has 5; .* at most 3"):
        pooling.check((1, 5, 9), how)
    pooling.check((1, 5, 9), Settings(kernel=(3, 3), dilation=(2, 2)))


def test_sensitivity_counted_by_hand():
    image = torch.zeros(1, 1, 2, 4)
    image[..., 0, 0] = 1
    layer = pooling.layer(Settings(), 1)
    plain = [pooling.sensitivity(lambda maps: maps, image, pixels) for pixels in range(4)]
    pooled = [pooling.sensitivity(layer, image, pixels) for pixels in range(4)]
    # The one pixel leaves one place and comes to another ...
    assert [int(answer.changed.sum()) for answer in plain] == [0, 2, 2, 2]
    assert plain[1].changed.nonzero().tolist() == [[0, 0, 0], [0, 0, 1]]
    # ... but at first stays in its window.
    assert [int(answer.changed.sum()) for answer in pooled] == [0, 0, 2, 2]
    assert [answer.changed.numel() for answer in pooled] == [2] * 4
    assert [answer.distance for answer in pooled] == pytest.approx([0, 0, 2**0.5, 2**0.5])
    assert pooled[2].before.tolist() == [[[1, 0]]]
    assert pooled[2].after.tolist() == [[[0, 1]]]


def test_an_empty_image_answers_nothing_and_divides_by_nothing():
    answer = pooling.sensitivity(lambda maps: maps, torch.zeros(1, 1, 3, 3), 1)
    assert not answer.changed.any()
    assert answer.distance == 0


def test_the_networks_counts_with_and_without_pooling():
    with_pooling, without = pooling.downstream("max"), pooling.downstream("none")
    assert (with_pooling.parameters, with_pooling.features) == (2346, 200)
    assert (without.parameters, without.features) == (46_426, 24 * 24 * 8)
    assert with_pooling.multiplications == 26 * 26 * 4 * 9 + 11 * 11 * 8 * 36 + 2000
    assert without.multiplications == 26 * 26 * 4 * 9 + 24 * 24 * 8 * 36 + 46_080
