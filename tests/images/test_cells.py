import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from cnnviz.images.cells import framed_cells
from cnnviz.palette import DARK, LIGHT, rgb


def picture(values, framed, **how) -> np.ndarray:
    """What is painted, (H, W, 3)."""
    how = {"paint": "signed", "scale": 1, **how}
    html = framed_cells(
        np.asarray(values, np.float32), np.asarray(framed, bool), LIGHT, alt="a", **how
    )
    found = re.search('base64,([^"]+)', html)
    assert found
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(found[1]))).convert("RGB"))


def middles(painted: np.ndarray, shape: tuple[int, int]) -> list[list[tuple[int, ...]]]:
    side = painted.shape[0] // shape[0]
    return [
        [tuple(painted[r * side + side // 2, c * side + side // 2]) for c in range(shape[1])]
        for r in range(shape[0])
    ]


def test_signs_have_the_apps_colours_and_zero_the_surface():
    painted = picture([[-1, 0, 1]], [[0, 0, 0]])
    assert middles(painted, (1, 3)) == [
        [rgb(LIGHT.negative[-1]), rgb(LIGHT.surface), rgb(LIGHT.positive[-1])]
    ]


def test_ink_is_the_texts_colour_and_light_is_bright_in_any_theme():
    assert middles(picture([[0, 1]], [[0, 0]], paint="ink"), (1, 2)) == [
        [rgb(LIGHT.surface), rgb(LIGHT.text)]
    ]
    light = [[(0, 0, 0), (255, 255, 255)]]
    assert middles(picture([[0, 1]], [[0, 0]], paint="light"), (1, 2)) == light


def test_a_frame_runs_around_the_framed_cell_alone():
    painted = picture([[0, 0], [0, 0]], [[0, 1], [0, 0]])
    side = painted.shape[0] // 2
    accent = (painted == rgb(LIGHT.accent)).all(-1)
    assert accent[0, side:].all()
    assert accent[side - 1, side:].all()
    assert accent[:side, -1].all()
    assert not accent[side // 2, side + side // 2]
    assert not accent[:, :side].any()
    assert not accent[side:].any()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_words_cannot_break_out_of_the_html(theme):
    html = framed_cells(
        np.zeros((1, 1), np.float32),
        np.zeros((1, 1), bool),
        theme,
        paint="ink",
        scale=1,
        alt='"><script>',
    )
    assert "<script" not in html
