import numpy as np
import pytest

from cnnviz.drawing import samples, sources
from cnnviz.drawing.preprocessing import prepare


@pytest.mark.parametrize("digit", range(10))
def test_nobody_doubts_a_sample(digit: int) -> None:
    assert sources.doubt(samples.ink(digit)) is None


def test_a_press_of_the_pen_is_a_dot_and_a_filled_canvas_is_ink() -> None:
    rows, columns = np.mgrid[:280, :280]
    dot = ((rows - 90) ** 2 + (columns - 140) ** 2 < 10**2).astype(np.float32)
    assert "dot" in (sources.doubt(dot) or "")
    assert "ink" in (sources.doubt(np.ones((280, 280), np.float32)) or "")
    assert sources.doubt(np.zeros((280, 280), np.float32)) is None


def test_nothing_drawn_is_an_empty_picture() -> None:
    seen = sources.seen(None, None, centre=True)
    assert seen.empty
    assert seen.centred.shape == (28, 28)
    assert not seen.centred.any()


def test_the_source_goes_before_what_was_drawn() -> None:
    seen = sources.seen(sources.sample(3), samples.ink(5), centre=True)
    assert np.array_equal(seen.centred, prepare(samples.ink(3)).centred)


def test_a_wide_picture_lies_in_the_middle_of_the_canvas() -> None:
    import io

    from PIL import Image, ImageDraw

    paper = Image.new("L", (240, 80), 240)
    ImageDraw.Draw(paper).line([(120, 10), (120, 70)], fill=10, width=8)
    file = io.BytesIO()
    paper.save(file, format="PNG")
    source = sources.picture(file.getvalue(), "a/b/wide.png")
    assert source.title == "wide.png"
    assert source.inverted
    assert source.shown.shape[0] == source.shown.shape[1]
    rows = np.flatnonzero(source.shown.max(axis=1) > 0.5)
    assert abs(rows.mean() - source.shown.shape[0] / 2) < 3
