import io

import numpy as np
import pytest
import torch
from PIL import Image

from cnnviz.labs import scenes


def png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def test_the_scene_is_in_range_the_same_each_time_and_not_grey():
    scene = scenes.scene()
    assert scene.shape == (1, 3, 48, 48)
    assert 0 <= float(scene.min()) < float(scene.max()) <= 1
    assert torch.equal(scene, scenes.scene())
    assert not torch.equal(scene[:, 0], scene[:, 2])


@pytest.mark.parametrize("channels", [1, 2, 3])
@pytest.mark.parametrize("given", [1, 3])
def test_a_picture_gets_the_channels_asked_for(channels, given):
    assert scenes.in_channels(torch.rand(1, given, 4, 5), channels).shape == (1, channels, 4, 5)


def test_brightness_weighs_green_most_and_keeps_grey():
    assert float(scenes.in_channels(torch.full((1, 3, 1, 1), 0.4), 1)) == pytest.approx(0.4)
    colours = torch.eye(3).reshape(3, 3, 1, 1)
    red, green, blue = (float(scenes.in_channels(c[None], 1)) for c in colours)
    assert green > red > blue


def test_a_file_keeps_its_proportions_and_colours():
    picture = np.zeros((40, 200, 3), np.uint8)
    picture[:, :100, 0] = 255
    values = scenes.from_file(png(Image.fromarray(picture)), 64)
    assert values.shape == (1, 3, 13, 64)
    assert values[0, :, 5, 5].tolist() == [1, 0, 0]


def test_transparency_is_white_paper_and_16_bit_grey_keeps_its_steps():
    clear = scenes.from_file(png(Image.new("RGBA", (9, 9), (10, 20, 30, 0))), 64)
    assert bool((clear == 1).all())
    deep = Image.fromarray(np.full((9, 9), 32768, np.uint16))
    assert scenes.from_file(png(deep), 64)[0, :, 4, 4].tolist() == pytest.approx(
        [0.5] * 3, abs=0.01
    )


def test_what_is_no_picture_says_so():
    with pytest.raises(ValueError, match="not a picture"):
        scenes.from_file(b"hello", 64)
