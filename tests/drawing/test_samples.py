from itertools import pairwise

import numpy as np
import pytest

from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.networks import checkpoints
from cnnviz.networks.trace import as_image, trace
from tests.programs import printed_alone


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("stroke_width", [18, samples.STROKE_WIDTH, 22])
def test_the_trained_network_reads_every_sample(digit, stroke_width):
    ink = samples.ink(digit, stroke_width=stroke_width)
    probabilities = trace(checkpoints.article().model, as_image(prepare(ink).centred)).probabilities
    assert probabilities is not None
    assert int(probabilities.argmax()) == digit
    assert float(probabilities[digit]) > 0.5


@pytest.mark.parametrize("digit", range(10))
def test_a_sample_lies_wholly_on_the_canvas(digit):
    half = samples.STROKE_WIDTH / 2
    for points in samples.STROKES[digit]:
        assert np.min(points) > half
        assert np.max(points) < samples.CANVAS_SIZE - half


def test_samples_differ_in_size_and_place_as_hand_drawn_digits_do():
    boxes = np.array(
        [
            [*points.min(axis=0), *points.max(axis=0)]
            for points in (np.concatenate(samples.STROKES[digit]) for digit in range(10))
        ]
    )
    heights = boxes[:, 3] - boxes[:, 1]
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    assert heights.max() - heights.min() > 30
    assert np.abs(middles - samples.CANVAS_SIZE / 2).max() > 20


def test_ink_is_round_ended_and_as_wide_as_the_pen():
    ink = samples.ink(1)
    (points,) = samples.STROKES[1]
    assert ink.shape == (280, 280)
    assert ink.dtype == np.float32
    assert (ink.min(), ink.max()) == (0, 1)
    rows, columns = np.mgrid[0:280, 0:280] + 0.5
    dense = np.concatenate([np.linspace(one, other, 5) for one, other in pairwise(points)])
    distance = np.min(
        [np.hypot(columns - x, rows - y) for x, y in dense], axis=0
    )  # to the pen's middle
    assert (ink[distance < samples.STROKE_WIDTH / 2 - 1.5] == 1).all()
    assert (ink[distance > samples.STROKE_WIDTH / 2 + 1.5] == 0).all()


def test_ink_of_another_size_is_the_same_picture():
    small = samples.ink(8, size=70)
    shrunk = samples.ink(8).reshape(70, 4, 70, 4).mean(axis=(1, 3))
    assert np.abs(small - shrunk).mean() < 0.01


def test_ink_may_be_changed_by_whoever_asked():
    samples.ink(2)[:] = 1
    assert samples.ink(2).min() == 0


@pytest.mark.parametrize("digit", [-1, 10, "7", None])
def test_only_ten_digits_are_there(digit):
    with pytest.raises(ValueError, match="digit must be a whole number from 0 to 9"):
        samples.ink(digit)


def test_a_picture_without_size_is_refused():
    with pytest.raises(ValueError, match="size must be at least 1, got 0"):
        samples.ink(0, size=0)


def test_samples_are_there_before_torch_is():
    code = "import sys, cnnviz.drawing.samples; print('torch' in sys.modules)"
    assert printed_alone("-c", code).strip() == "False"


def test_no_sample_is_a_picture_of_mnist(mnist):
    """They are drawn by hand: none is one of the 70,000, or nearly."""
    ours = np.stack([prepare(samples.ink(digit)).centred for digit in range(10)]).reshape(10, -1)
    for split in ("train", "test"):
        theirs = mnist.load(split).images.reshape(-1, 784)
        for ink in ours:
            nearest = min(
                float(np.abs(part / np.float32(255) - ink).mean(axis=1).min())
                for part in np.array_split(theirs, 20)
            )
            assert nearest > 0.01
