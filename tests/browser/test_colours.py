"""A set of colour pictures, added in one entry, looked at and drawn upon with a real mouse."""

import base64
import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from cnnviz.datasets import own
from cnnviz.datasets.cifar import CifarBatches
from cnnviz.datasets.collection import Collection
from cnnviz.drawing.frames import Frame
from cnnviz.runs import folders, recorder
from cnnviz.training.config import TrainingConfig
from tests.browser.hand import canvas_box, settled
from tests.browser.view import root
from tests.datasets import formats

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse")
TRULY = re.compile("Truly (a )?frog")
SIDE = 48  # px of the picture that the network sees
PIXELS = """canvas => [...canvas.getContext("2d").getImageData(0, 0, 48, 48).data]"""


@pytest.fixture
def weights(tmp_path: Path, own_of_app: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a network that has learnt, a little, CIFAR-10's own format with made pictures in it."""
    monkeypatch.setenv("CNNVIZ_OWN", str(own_of_app))
    archive = formats.cifar_tar(formats.cifar_batches())
    formats.put(tmp_path / "data", {"cifar.tar.gz": archive})
    stored = CifarBatches("made", formats.file_of("cifar.tar.gz", archive))
    parts = [stored.load(split, tmp_path / "data") for split in ("train", "test")]
    images = np.concatenate([part.images for part in parts])
    labels = np.concatenate([part.labels for part in parts])
    # In one colour, or nobody could see what a stroke leaves as it was; no two alike.
    images[:] = np.array([200, 90, 30], np.uint8)[:, None, None]
    images[:, :, 0, 0] = np.arange(len(images), dtype=np.uint8)[:, None]
    frame = Frame(
        (3, 32, 32), box=None, ground="white", mean=(0.49, 0.48, 0.45), std=(0.25, 0.24, 0.26)
    )
    held = np.arange(len(images)) >= len(parts[0].labels)
    name = own.save(Collection("made CIFAR", CLASSES, images, labels, held, frame))
    folder = folders.create(TrainingConfig(preset="own", dataset=name, epochs=1))
    recorder.record(folder)
    path = tmp_path / "colours.safetensors"
    path.write_bytes(folders.read_snapshot(folder, 1))
    return path


def seen(page: Page) -> np.ndarray:
    """(48, 48, 3): the picture of torch's side, at "what the network sees"."""
    settled(page)
    tile = page.locator(".st-key-draw_seen figure:not([hidden]) .tile").last
    url = tile.evaluate("tile => tile.style.getPropertyValue('--light')")
    content = base64.b64decode(url.split("base64,")[1].rstrip("\"')"))
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def test_a_colour_picture_is_seen_in_colour_and_keeps_its_colours_beneath_a_stroke(
    app: str, page: Page, weights: Path
) -> None:
    page.goto(app)
    reading = page.locator(".st-key-draw_reading")
    expect(reading.locator("[data-source=torch]")).to_contain_text("Best guess 7")
    page.locator(".st-key-model_popover button").click()
    page.locator(".st-key-model_file input[type=file]").set_input_files(weights)
    expect(page.locator(".st-key-model_popover > div button").first).to_contain_text("colours")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Draw airplane … horse")).to_be_visible()
    settled(page)  # the menus are made anew for another network
    page.get_by_role("button", name="made CIFAR").click()
    page.get_by_test_id("stPopoverBody").get_by_role("radio", name="frog", exact=True).click()
    expect(reading).to_contain_text(TRULY)
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)

    # Normalised first, which the view shows as a layer; the browser's numbers are torch's.
    view = root(page)
    expect(view).to_have_attribute("data-source", "torch")
    expect(page.get_by_role("group", name=re.compile("^normalize: "))).to_have_count(1)
    assert float(view.get_attribute("data-preview-error") or "nan") < 1e-4
    picture = page.locator(".st-key-draw .cnnviz-backdrop")
    expect(picture).to_have_count(1)
    before = seen(page)
    assert before[24, 24].tolist() == [200, 90, 30]

    # While the pen is down the browser shows it, with the colours beneath.
    box = canvas_box(page)
    page.mouse.move(box["x"] + 60, box["y"] + 140)
    page.mouse.down()
    page.mouse.move(box["x"] + 220, box["y"] + 140, steps=8)
    expect(view).to_have_attribute("data-source", "preview")
    expect(picture).to_have_count(1)
    live = page.locator(".st-key-draw_seen figure:not([hidden]) canvas").last
    pixels = np.array(live.evaluate(PIXELS)).reshape(SIDE, SIDE, 4)
    assert pixels[8, 24].tolist() == [200, 90, 30, 255]
    assert pixels[24, 24, :3].max() < 20
    page.mouse.up()

    # Then torch says the same.
    expect(reading).not_to_contain_text("Truly")
    expect(view).to_have_attribute("data-source", "torch")
    after = seen(page)
    np.testing.assert_array_equal(after[8], before[8])
    assert after[24, 24].max() < 20
    assert float(view.get_attribute("data-preview-error") or "nan") < 1e-4
    expect(picture).to_have_count(1)
    page.get_by_role("button", name="undo").click()
    expect(reading).to_contain_text(TRULY)
    np.testing.assert_array_equal(seen(page), before)
    page.get_by_role("button", name="clear").click()
    expect(picture).to_have_count(0)
    expect(reading).to_contain_text("Nothing drawn yet")
