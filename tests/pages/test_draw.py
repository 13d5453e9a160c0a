"""The draw page's logic, without a browser: what is chosen, what is read, what is said."""

import base64
import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from streamlit.testing.v1 import AppTest

from cnnviz.datasets import gallery
from cnnviz.datasets.catalogue import DATASETS
from cnnviz.datasets.stored import Pictures, Unavailable
from cnnviz.drawing import samples
from cnnviz.drawing.frames import Frame
from cnnviz.drawing.preprocessing import prepare
from cnnviz.networks import checkpoints, models
from cnnviz.networks.trace import as_image, trace
from cnnviz.runs.writer import checkpoint_metadata
from cnnviz.training.config import TrainingConfig
from tests.pages.choosing import choose
from tests.pages.labs import chosen_network
from tests.pages.telling import sent


@pytest.fixture
def page(open_script: Callable[..., AppTest]) -> AppTest:
    """With the upload open, whose content is only there then."""
    return open_script("draw", draw_upload=True)


class Said:
    """What the page tells the sentence beside the canvas."""

    def __init__(self, page: AppTest) -> None:
        self.facts: dict[str, Any] = sent(page, "reading")[0]
        encoded = base64.b64decode(self.facts["probabilities"])
        self.probabilities = np.frombuffer(encoded, "<f4")

    @property
    def digit(self) -> int:
        return int(self.probabilities.argmax())

    @property
    def truth(self) -> str | None:
        return self.facts["truth"]

    @property
    def unlike(self) -> str | None:
        return self.facts["unlike"]


def field(page: AppTest, kind: str, name: str) -> Any:
    """The field that `cnnviz.ui.fields.followed` has made last."""
    return next(each for each in page.get(kind) if re.fullmatch(rf"{name}_\d+", each.key or ""))


def sample(page: AppTest, digit: int) -> AppTest:
    return choose(page, "or start from", str(digit))


def picture(draw: Callable[[ImageDraw.ImageDraw], None] | None = None) -> bytes:
    paper = Image.new("L", (200, 200), 235)
    if draw is not None:
        draw(ImageDraw.Draw(paper))
    file = io.BytesIO()
    paper.save(file, format="PNG")
    return file.getvalue()


def test_it_opens_on_a_seven_read_with_the_trained_weights(page: AppTest) -> None:
    assert Said(page).digit == 7
    expected = trace(checkpoints.article().model, as_image(prepare(samples.ink(7)).centred))
    assert expected.probabilities is not None
    assert int(expected.probabilities.argmax()) == 7


@pytest.mark.parametrize("digit", range(10))
def test_each_sample_is_read_as_what_it_is(page: AppTest, digit: int) -> None:
    sample(page, digit)
    assert Said(page).digit == digit
    assert Said(page).unlike is None


def test_untrained_weights_are_unsure_and_say_so(page: AppTest) -> None:
    radio = next(each for each in page.radio if each.label == "Weights")
    radio.set_value("untrained (seed 42)").run()
    assert not page.exception
    expected = trace(models.untrained(), as_image(prepare(samples.ink(7)).centred)).probabilities
    assert expected is not None
    assert np.array_equal(Said(page).probabilities, expected.numpy())
    # Nothing was it trained on, so nothing is unlike that.
    assert Said(page).unlike is None


def test_without_centring_the_whole_canvas_is_seen(page: AppTest) -> None:
    page.checkbox(key="draw_centre").uncheck().run()
    seen = page.session_state["current_drawing"].seen()
    assert torch.equal(seen, as_image(prepare(samples.ink(7), centre=False).centred))
    assert not torch.equal(seen, as_image(prepare(samples.ink(7)).centred))


def test_other_pages_get_what_the_network_saw(page: AppTest) -> None:
    sample(page, 4)
    assert torch.equal(
        page.session_state["current_drawing"].seen(), as_image(prepare(samples.ink(4)).centred)
    )


def test_a_picture_is_taken_and_a_bad_one_leaves_what_was(page: AppTest) -> None:
    good = picture(lambda pen: pen.line([(100, 40), (100, 160)], fill=20, width=14))
    page.file_uploader(key="draw_file").upload("one.png", good, "image/png").run()
    assert Said(page).digit == 1
    page.file_uploader(key="draw_file").upload("paper.png", b"%PDF-1.7", "image/png").run()
    assert not page.exception
    assert "paper.png" in page.error[0].value
    assert "PDF" in page.error[0].value
    assert Said(page).digit == 1
    sample(page, 2)
    assert not page.error


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("blank.png", picture(), "ink"),
        ("dot.png", b"", "empty"),
        ("half.png", picture()[:60], "damaged"),
        ("text.png", b"hello, I am a text", "not a picture"),
    ],
)
def test_what_is_wrong_with_a_picture_is_said(
    page: AppTest, name: str, content: bytes, reason: str
) -> None:
    page.file_uploader(key="draw_file").upload(name, content, "image/png").run()
    assert not page.exception
    assert reason in page.error[0].value
    assert Said(page).digit == 7


def test_tiny_and_huge_pictures_are_refused_with_their_size(page: AppTest) -> None:
    for size in ((1, 1), (12_000, 12_000)):
        file = io.BytesIO()
        Image.new("1", size, 1).save(file, format="PNG")
        upload = page.file_uploader(key="draw_file")
        upload.upload(f"{size[0]}.png", file.getvalue(), "image/png").run()
        assert not page.exception
        assert f"{size[0]:,}×{size[1]:,}" in page.error[0].value


def test_a_gif_is_read(page: AppTest) -> None:
    paper = Image.new("P", (120, 120), 255)
    paper.putpalette([value for value in range(256) for _ in range(3)])
    ImageDraw.Draw(paper).line([(60, 20), (60, 100)], fill=0, width=10)
    file = io.BytesIO()
    paper.save(file, format="GIF")
    page.file_uploader(key="draw_file").upload("one.gif", file.getvalue(), "image/gif").run()
    assert Said(page).digit == 1


def test_a_picture_unlike_all_digits_is_called_so(page: AppTest) -> None:
    def face(pen: ImageDraw.ImageDraw) -> None:
        pen.ellipse([20, 20, 180, 180], outline=20, width=8)
        pen.ellipse([60, 60, 80, 80], fill=20)
        pen.ellipse([120, 60, 140, 80], fill=20)
        pen.arc([60, 80, 140, 150], 10, 170, fill=20, width=8)

    page.file_uploader(key="draw_file").upload("face.png", picture(face), "image/png").run()
    assert not page.exception
    assert Said(page).unlike == "Unlike all that it was trained on."


def test_without_mnist_there_is_a_notice_and_the_samples_work(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(split: str, **_: object) -> Pictures:
        raise Unavailable("MNIST can't be had: no network.")

    monkeypatch.setattr(DATASETS["mnist"].stored, "available", lambda: False)
    monkeypatch.setattr(DATASETS["mnist"].stored, "load", absent)
    page.session_state["draw_mnist"] = True
    page.run()
    assert not page.exception
    assert "isn't on this machine" in page.info[0].value
    next(button for button in page.button if button.label.startswith("Fetch")).click().run()
    assert not page.exception
    assert "no network" in page.warning[0].value
    sample(page, 3)
    assert Said(page).digit == 3


def test_the_articles_first_test_digit_is_one_click_away(mnist, page: AppTest) -> None:
    page.session_state["draw_mnist"] = True
    page.run()
    next(button for button in page.button if "test_set[0]" in button.label).click().run()
    assert Said(page).digit == 7
    assert Said(page).truth == "7"
    pixels = np.asarray(mnist.load("test").images[0, 0]).astype(np.float32) / 255
    assert np.array_equal(page.session_state["current_drawing"].seen()[0, 0].numpy(), pixels)


def test_mnist_by_number_and_the_next_of_a_label(mnist, page: AppTest) -> None:
    page.session_state["draw_mnist"] = True
    page.run()
    field(page, "number_input", "draw_number").set_value(8).run()
    assert Said(page).truth == "5"
    labels = mnist.load("test").labels
    number = gallery.next_with_label("mnist", 2, page.session_state["draw_number"])
    assert number > 8
    assert int(labels[number]) == 2
    assert not (labels[9:number] == 2).any()


def test_a_number_typed_while_the_menu_is_made_anew_counts(mnist, page: AppTest) -> None:
    # What the browser says of the field comes before the field is there: nothing has changed then.
    page.session_state["draw_mnist"] = True
    page.session_state["draw_number_1"] = 8
    page.run()
    assert not page.exception
    assert Said(page).truth == "5"


def test_a_number_that_isnt_there_is_refused(mnist) -> None:
    with pytest.raises(ValueError, match="number must be from 0 to 9999, got 10000"):
        gallery.test_image("mnist", 10_000)
    with pytest.raises(ValueError, match="label must be from 0 to 9, got 11"):
        gallery.next_with_label("mnist", 11, 0)


def test_a_network_of_another_data_set_names_its_classes_and_reads_its_pictures(
    open_script: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    lights = replace(
        DATASETS["cifar10"],
        name="lights",
        title="The lights",
        frame=Frame((3, 12, 16), box=None, ground="white"),
        classes=("red", "green", "blue"),
    )
    monkeypatch.setitem(DATASETS, "lights", lights)
    test = Pictures(np.zeros((3, 3, 12, 16), np.uint8), np.arange(3))
    monkeypatch.setattr(lights.stored, "available", lambda: True)
    monkeypatch.setattr(lights.stored, "load", lambda split, progress=None: test)
    config = TrainingConfig(preset="own", dataset="lights")
    checkpoint = checkpoints.Checkpoint(
        models.untrained(config.architecture),
        checkpoint_metadata(config, [], None, 0),
        "of lights",
    )
    page = open_script(
        "draw",
        **chosen_network(checkpoint),
        draw_upload=True,
        draw_mnist=True,
        draw_article=True,
    )
    assert Said(page).facts["classes"] == ["red", "green", "blue"]
    assert any("Draw red … blue" in each.value for each in page.markdown)
    next(button for button in page.button if button.label == "At random").click().run()
    assert not page.exception
    assert Said(page).truth in ("red", "green", "blue")
    seen = page.session_state["current_drawing"].seen(checkpoint.frame)
    assert torch.equal(seen, torch.zeros(1, 3, 12, 16))
    # A file is taken in its colours.
    file = io.BytesIO()
    Image.new("RGB", (60, 60), (255, 0, 0)).save(file, format="PNG")
    page.file_uploader(key="draw_file").upload("red.png", file.getvalue(), "image/png").run()
    assert not page.exception
    seen = page.session_state["current_drawing"].seen(checkpoint.frame)
    assert seen[0, :, 5, 5].tolist() == [1, 0, 0]


def test_the_page_can_be_taken_home_as_one_file(page: AppTest):
    (button,) = [each for each in page.get("download_button") if "one page" in each.proto.label]
    assert button.proto.deferred_file_id or button.proto.url


def test_what_the_picker_of_before_says_takes_an_opened_network_away_from_nobody(
    page: AppTest,
) -> None:
    # As a browser does that is clicked while a file is opened: the radio of before is sent, too.
    opened = replace(checkpoints.article(), name="mine")
    for key, value in chosen_network(opened).items():
        page.session_state[key] = value
    page.session_state["model_revision"] = 1
    page.radio(key="model_radio_0").set_value("untrained (seed 42)").run()
    assert page.session_state["model_choice"] == "mine"
    page.radio(key="model_radio_1").set_value("untrained (seed 42)").run()
    assert page.session_state["model_choice"] == "untrained (seed 42)"
