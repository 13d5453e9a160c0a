from functools import partial

import pytest
import torch
import torch.nn.functional as F

from cnnviz.spelling import percent
from tests.pages.labs import open_link, texts

opened = partial(open_link, "pooling")


def test_opens_on_max_pooling_of_a_seven_with_its_three_advantages():
    script = opened()
    assert not script.error
    assert not script.info
    for words in ("Fewer numbers, less work", "Features, not exact pixels", "Less overfitting?"):
        assert words in texts(script)
    assert "**784** numbers go in, **196** come out: 25 %" in texts(script)
    assert "| multiplications | 236,304 | 61,184 |" in texts(script)
    # One winner to each of the 14 by 14 windows, since they don't overlap.
    assert "196 of the numbers that go in are the largest of some window" in texts(script)
    assert "**46,426** parameters" in texts(script)


@pytest.mark.parametrize("pixels", [0, 1, 2, 3])
def test_what_a_shift_changes_is_what_torch_gives(pixels):
    script = opened(shift=str(pixels))
    image, _, _ = script.session_state["pooling_good"]
    moved = F.pad(image, (pixels, -pixels))
    for before, after in ((image, moved), (F.max_pool2d(image, 2), F.max_pool2d(moved, 2))):
        changed = int(((after - before).abs() > 0.1 * before.abs().max()).sum())
        share = percent(changed / before.numel(), 0)
        assert f"**{changed} of {before.numel()}** numbers change, {share}" in texts(script)
    pictures = "\n".join(html.proto.body for html in script.get("html"))
    assert pictures.count(f"moved by {pixels} px") == 4  # twice in words, twice for a reader
    assert ("Nothing has moved" in texts(script)) == (pixels == 0)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("window", "0", "window must be a whole number from 1 to 16, got 0"),
        ("pool_stride", "0", "stride must be a whole number from 1 to 16, got 0"),
        ("pool_padding", "2", "padding must be at most half the window, 1 for a window of 2"),
        ("window", "2, 99", "window must be a whole number from 1 to 16, got 99"),
        ("pool_stride", "two", "two for rows and columns such as 1, 2, got 'two'"),
        ("window", "", "window must be a whole number, or two for rows and columns"),
    ],
)
def test_a_setting_that_cannot_be_says_why_and_the_last_good_result_stays(key, value, message):
    script = opened()
    _, before, _ = script.session_state["pooling_good"]
    script.text_input(key=f"pooling_{key}_field").set_value(value).run()
    assert not script.exception
    assert message in script.error[0].value
    assert script.session_state["pooling_good"][1] == before


@pytest.mark.parametrize("operation", ["max", "average", "strided convolution"])
def test_rows_and_columns_are_set_apart_by_two_numbers(operation):
    script = opened(operation=operation, window="3, 2", pool_stride="(1, 2)", pool_padding="1, 0")
    assert not script.info
    assert not script.error
    _, how, _ = script.session_state["pooling_good"]
    assert (how.kernel, how.stride, how.padding) == ((3, 2), (1, 2), (1, 0))
    assert "784** numbers go in, **392** come out" in texts(script)  # 28 by 14


def test_average_pooling_with_dilation_says_that_torch_has_none():
    script = opened(operation="average", pool_dilation="2")
    assert "AvgPool2d has none" in script.error[0].value


@pytest.mark.parametrize("operation", ["max", "average", "strided convolution"])
@pytest.mark.parametrize(
    "source", ["grid", "digit", "my drawing", "picture", "upload", "feature map"]
)
def test_every_operation_takes_every_input(operation, source):
    script = opened(operation=operation, input=source)
    assert not script.info
    assert not script.error
    image, how, _ = script.session_state["pooling_good"]
    assert how.kind == operation
    assert image.shape[1] == (4 if source == "feature map" else 1)


def test_the_strided_convolutions_weights_come_from_the_link():
    script = opened(operation="strided convolution", weights="0.25,0.25;0.25,0.25")
    assert not script.info
    assert torch.tensor(script.session_state["pooling_weights"]).tolist() == [[0.25, 0.25]] * 2


@pytest.mark.parametrize(("name", "text"), [("operation", "median"), ("shift", "9"), ("x", "y")])
def test_what_a_link_cannot_ask_for_is_ignored_with_a_note(name, text):
    script = opened(**{name: text})
    assert name in script.info[0].value
    assert "ignored" in script.info[0].value
