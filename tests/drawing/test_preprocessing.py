import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import ink_from_canvas, prepare
from cnnviz.networks import checkpoints
from cnnviz.networks.trace import as_image
from tests.programs import printed_alone

canvases = st.tuples(st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**20)).map(
    lambda size: (
        np.random.default_rng(size[2]).random(size[:2])
        * (np.random.default_rng(size[2] + 1).random(size[:2]) > 0.7)
    )
)


def area_resampled(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """Slow and plain: every cell a whole number of pixels, then torch's own averaging."""
    fine = np.kron(picture, np.ones((height, width)))  # (H*height, W*width)
    pooled = F.avg_pool2d(torch.from_numpy(fine)[None, None], picture.shape)
    return pooled[0, 0].numpy()


@settings(max_examples=60)
@given(canvases)
def test_without_centring_the_square_is_averaged_by_area(ink):
    height, width = ink.shape
    side = max(height, width)
    square = np.zeros((side, side))
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = ink
    prepared = prepare(ink, centre=False)
    if not prepared.empty:
        np.testing.assert_allclose(prepared.centred, area_resampled(square, 28, 28), atol=1e-6)
    assert prepared.cropped is None
    assert prepared.scaled is None
    assert not prepared.centre


@settings(max_examples=100)
@given(canvases)
def test_with_centring_every_step_is_the_recipes(ink):
    prepared = prepare(ink)
    if not (ink > 8.5 / 255).any():
        assert prepared.empty
        assert not prepared.centred.any()
        return
    rows, columns = np.nonzero(ink > 8.5 / 255)
    cropped = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert prepared.cropped is not None
    np.testing.assert_allclose(prepared.cropped, cropped, atol=1e-7)

    longest = max(cropped.shape)
    height, width = (max(1, int(20 * side / longest + 0.5)) for side in cropped.shape)
    assert max(height, width) == 20
    scaled = area_resampled(cropped, height, width)
    top, left = (20 - height) // 2, (20 - width) // 2
    assert prepared.scaled is not None
    np.testing.assert_allclose(
        prepared.scaled[top : top + height, left : left + width], scaled, atol=1e-6
    )
    assert prepared.scaled.sum() == pytest.approx(scaled.sum(), abs=1e-3)

    image = prepared.centred
    assert image.sum() == pytest.approx(scaled.sum(), abs=1e-3)
    mass = scaled.sum()
    for axis, size in ((0, height), (1, width)):
        wanted = 13.5 - (scaled.sum(axis=1 - axis) @ np.arange(size)) / mass
        offset = min(max(int(np.ceil(wanted - 1e-6)), 0), 28 - size)
        centre = (image.astype(float).sum(axis=1 - axis) @ np.arange(28)) / image.sum()
        assert centre == pytest.approx(13.5 - wanted + offset, abs=1e-3)


@settings(max_examples=60)
@given(canvases, st.booleans())
def test_the_image_is_what_a_network_takes(ink, centre):
    image = prepare(ink, centre).centred
    assert image.shape == (28, 28)
    assert image.dtype == np.float32
    assert 0 <= float(image.min()) <= float(image.max()) <= 1


@given(st.integers(0, 40), st.integers(0, 40))
def test_where_a_digit_is_drawn_makes_no_difference(down, right):
    digit = samples.ink(3, size=100)
    canvas = np.zeros((140, 140), dtype=np.float32)
    canvas[down : down + 100, right : right + 100] = digit
    np.testing.assert_array_equal(prepare(canvas).centred, prepare(digit).centred)


@pytest.mark.parametrize("centre", [True, False])
@pytest.mark.parametrize("strongest", [0.0, 8 / 255])
def test_an_empty_canvas_is_empty(centre, strongest):
    prepared = prepare(np.full((280, 280), strongest), centre)
    assert prepared.empty
    assert not prepared.centred.any()


def test_one_dot_a_full_canvas_and_a_line_are_prepared_without_fuss():
    dot = np.zeros((280, 280))
    dot[100, 30] = 1
    np.testing.assert_array_equal(prepare(dot).centred, prepare(np.ones((280, 280))).centred)
    assert prepare(dot).centred.sum() == 400  # a block of 20x20 ...
    np.testing.assert_array_equal(
        np.flatnonzero(prepare(dot).centred.any(axis=0))[[0, -1]], [4, 23]
    )
    line = np.zeros((280, 280))
    line[140, 10:270] = 1
    assert prepare(line).centred.sum() == 20  # ... and a line one pixel thick


def test_ties_of_the_centre_of_mass_fall_one_way():
    # Symmetric ink has its centre between two pixels, where rounding errors could decide.
    for size in range(1, 60):
        image = prepare(np.pad(np.full((size, size), 0.1), 3)).centred
        rows = np.flatnonzero(image.any(axis=1))
        assert (rows[0], rows[-1]) == (4, 23)


def test_a_step_can_be_changed_without_changing_what_a_network_is_given():
    prepared = prepare(samples.ink(5))
    image = as_image(prepared.centred)
    assert image.shape == (1, 1, 28, 28)
    assert image.dtype == torch.float32
    before = image.clone()
    prepared.centred[:] = 0
    assert torch.equal(image, before)


def test_drawings_become_ink_without_torch():
    modules = "preprocessing", "photographs", "pictures", "samples", "scribbles", "sources"
    code = (
        f"import sys, {', '.join(f'cnnviz.drawing.{name}' for name in modules)}, "
        "cnnviz.datasets.gallery, cnnviz.training.config, cnnviz.networks.architecture; "
        "print('torch' in sys.modules)"
    )
    assert printed_alone("-c", code).strip() == "False"


@pytest.mark.parametrize(
    ("ink", "message"),
    [
        (np.zeros((2, 2, 2)), r"shape \(H, W\), got \(2, 2, 2\)"),
        (np.zeros((0, 5)), r"shape \(H, W\), got \(0, 5\)"),
        (np.full((4, 4), 2.0), "from 0 to 1, got 2 to 2"),
        (np.full((4, 4), -0.1), "from 0 to 1, got -0.1"),
        (np.full((4, 4), np.nan), "from 0 to 1, got nan"),
    ],
)
def test_what_is_not_ink_is_refused(ink, message):
    with pytest.raises(ValueError, match=message):
        prepare(ink)


def test_ink_of_a_canvas_is_its_alpha_whatever_the_pens_colour():
    rgba = np.zeros((3, 2, 4), dtype=np.uint8)
    rgba[0, 0] = (255, 255, 255, 255)
    rgba[1, 1] = (0, 0, 0, 51)
    ink = ink_from_canvas(rgba)
    assert ink.dtype == np.float32
    np.testing.assert_allclose(ink, [[1, 0], [0, 0.2], [0, 0]])


@pytest.mark.parametrize(
    ("rgba", "message"),
    [
        (np.zeros((4, 4, 3), np.uint8), r"shape \(H, W, 4\), got \(4, 4, 3\)"),
        (np.zeros((0, 4, 4), np.uint8), r"shape \(H, W, 4\), got \(0, 4, 4\)"),
        (np.zeros((4, 4, 4)), "uint8, got float64"),
    ],
)
def test_what_is_not_a_canvas_is_refused(rgba, message):
    with pytest.raises(ValueError, match=message):
        ink_from_canvas(rgba)


def moved(picture: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """A digit (N, N) uint8 on a canvas of 280, at scale 0.5 to 1.2, up to 40 px off the middle."""
    side = round(280 * generator.uniform(0.5, 1.2))
    across, down = (int(d) + (280 - side) // 2 for d in generator.integers(-40, 41, 2))
    canvas = Image.new("L", (280, 280))
    enlarged = Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC)
    canvas.paste(enlarged, (across, down))
    return np.asarray(canvas) / np.float32(255)


def accuracy(images: np.ndarray, labels: np.ndarray) -> float:
    model = checkpoints.article().model
    with torch.no_grad():
        read = model(torch.from_numpy(images)[:, None].float()).argmax(1).numpy()
    return float((read == labels).mean())


# All 10,000 take ten seconds and more.
@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_moved_and_scaled_test_digits_are_read_as_well_as_untouched_ones(every, mnist):
    digits = mnist.load("test")
    pictures, labels = digits.images[::every, 0], digits.labels[::every]
    generator = np.random.default_rng(0)
    canvases = [moved(picture, generator) for picture in pictures]
    untouched = accuracy(pictures / 255, labels)
    centred = accuracy(np.stack([prepare(canvas).centred for canvas in canvases]), labels)
    resized = accuracy(np.stack([prepare(canvas, False).centred for canvas in canvases]), labels)
    # Measured with all: 98.12 % untouched, 98.10 % centred, 55.8 % only resized.
    assert centred >= untouched - 0.005
    assert resized < 0.7


def test_mnists_own_digits_pass_through_as_they_are(mnist):
    pictures = mnist.load("test").images[:, 0] / np.float32(255)
    same = [np.abs(prepare(picture).centred - picture).max() <= 8.5 / 255 for picture in pictures]
    # Measured: 99.92 %; the others have a stroke end too faint to count as ink.
    assert np.mean(same) >= 0.999


def test_moved_and_scaled_digits_of_another_kind_are_read_as_well_as_unmoved_ones(real_digits):
    # 8x8 pixels of other writers, scanned otherwise: what counts is that moving costs nothing.
    generator = np.random.default_rng(0)
    pictures = [
        np.asarray(Image.fromarray((ink * 255).astype(np.uint8)).resize((20, 20), 2))
        for ink in real_digits.ink
    ]
    still = np.stack([prepare(np.pad(picture, 4) / 255).centred for picture in pictures])
    canvases = [moved(np.pad(picture, 4), generator) for picture in pictures]
    labels = real_digits.labels
    untouched = accuracy(still, labels)
    centred = accuracy(np.stack([prepare(canvas).centred for canvas in canvases]), labels)
    resized = accuracy(np.stack([prepare(canvas, False).centred for canvas in canvases]), labels)
    # Measured: 84.6 % untouched, 86.5 % centred, 39.2 % only resized.
    assert untouched > 0.83
    assert centred >= untouched - 0.005
    assert resized < 0.7
