"""`import cnnviz`: what it offers, and what it says to what can't be."""

import base64
import io

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

import cnnviz
from cnnviz.drawing import samples
from cnnviz.drawing.frames import Frame
from cnnviz.drawing.preprocessing import prepare
from cnnviz.networks import checkpoints
from cnnviz.networks.trace import as_image
from cnnviz.notebook import widget
from tests.programs import printed_alone


def network() -> nn.Sequential:
    """8 × 8 pixels, three classes."""
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(72, 3))


def drawn(ink: np.ndarray) -> str:
    """As the browser's canvas gives it."""
    rgba = np.zeros((*ink.shape, 4), np.uint8)
    rgba[..., 3] = np.round(ink * 255)
    buffer = io.BytesIO()
    Image.fromarray(rgba).save(buffer, "PNG")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def test_import_is_quick_and_names_are_there():
    code = (
        "import sys, cnnviz; print({'torch', 'numpy', 'streamlit', 'anywidget'} & set(sys.modules),"
        " {'trace', 'show', 'save_page'} <= set(dir(cnnviz)))"
    )
    assert printed_alone("-c", code).strip() == "set() True"
    with pytest.raises(AttributeError, match="has no attribute 'draw'"):
        cnnviz.draw  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("shape", [(8, 8), (1, 8, 8), (1, 1, 8, 8)])
def test_a_picture_may_be_a_tensor_or_an_array_of_each_shape(shape: tuple[int, ...]):
    model, picture = network(), np.random.rand(*shape).astype(np.float32)
    expected = model(torch.tensor(picture).reshape(1, 1, 8, 8))[0]
    for image in (picture, torch.tensor(picture), picture.tolist()):
        assert cnnviz.trace(model, image)["3"].values.equal(expected)


@pytest.mark.parametrize(
    ("model", "image", "said"),
    [
        (nn.Sequential(nn.Conv2d(1, 2, 3), nn.GRU(3, 3)), (8, 8), "layer '1' is a GRU"),
        (nn.Linear(3, 3), (8, 8), "model must be a plain nn.Sequential, got Linear"),
        (network(), (9, 9), r"can't read an image of shape \(1, 1, 9, 9\)"),
        (network(), (2, 1, 8, 8), r"got \(2, 1, 8, 8\)"),
        (network(), (8,), r"image must have shape \(H, W\)"),
    ],
)
def test_what_cannot_be_traced_is_named(model: nn.Module, image: tuple[int, ...], said: str):
    for ask in (cnnviz.trace, cnnviz.show):
        with pytest.raises(ValueError, match=said):
            ask(model, torch.zeros(image))  # type: ignore[arg-type]  # some are no nn.Sequential


def test_what_cannot_be_shown_or_saved_is_named(tmp_path):
    path = tmp_path / "page.html"
    maps = nn.Sequential(nn.Conv2d(1, 2, 3))
    for ask, said in (
        (lambda: cnnviz.show(network()), "image must be given, or live=True"),
        (lambda: cnnviz.show(network(), live=True), "image or frame must be given"),
        (lambda: cnnviz.show(network(), "seven"), "image must be a picture of numbers"),
        (lambda: cnnviz.save_page(maps, path, np.zeros((8, 8))), "it ends in maps"),
        (lambda: cnnviz.save_page(network(), path, np.full((8, 8), 2)), "from 0 to 1, got 2 to 2"),
        (
            lambda: cnnviz.save_page(network(), path, np.zeros((8, 8)), classes="ab"),
            "classes must be 3 names, one for each score, got 2",
        ),
        (
            lambda: cnnviz.show(network(), np.zeros((8, 8)), live=True, frame=Frame()),
            r"can't read an image of shape \(1, 1, 28, 28\)",
        ),
    ):
        with pytest.raises(ValueError, match=said):
            ask()
    assert not path.exists()


def test_a_saved_notebook_keeps_a_picture_before_the_widget(monkeypatch: pytest.MonkeyPatch):
    image = np.random.rand(3, 8, 8).astype(np.float32)
    model = nn.Sequential(nn.Conv2d(3, 12, 3), nn.BatchNorm2d(12), nn.MaxPool2d(2))
    shown = cnnviz.show(model, image, title='<b>Café → 名前" onload="')
    outputs: list[dict[str, str]] = []
    monkeypatch.setattr(widget, "publish_display_data", lambda data, *_: outputs.append(data))
    shown._ipython_display_()
    before, after = outputs
    assert "application/vnd.jupyter.widget-view+json" in after
    assert "image/png" not in after
    assert f'data-key="{shown.key}"' in before["text/html"]
    assert 'alt="&lt;b&gt;Café → 名前&quot; onload=&quot;"' in before["text/html"]
    assert before["image/png"] in before["text/html"]
    with Image.open(io.BytesIO(base64.b64decode(before["image/png"]))) as picture:
        assert f'width="{picture.width // 2}"' in before["text/html"]
        assert picture.format == "PNG"
        assert picture.width > picture.height / 4 > 100
        assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 20


def test_torch_answers_what_is_drawn_and_the_widget_has_its_trace():
    article = checkpoints.article()
    pad = cnnviz.show(article, live=True)
    assert pad.data["reading"]["blank"] is True
    ink = samples.ink(3)
    for centre in (True, False):
        pad.set_state({"ink": drawn(ink), "centre": centre})  # as the browser's message does
        rounded = np.round(ink * 255).astype(np.float32) / np.float32(255)
        image = as_image(prepare(rounded, centre).image)
        assert pad.image.equal(image)
        assert pad.trace["fc"].values.equal(article.model(image)[0].detach())
        assert pad.answer is not None
        assert pad.answer["trace"]["weights"] == pad.data["weights"]["id"]
        assert pad.answer["trace"]["live"]["centre"] is centre
    with pytest.raises(ValueError, match="ink must be a PNG"):
        pad.ink = "data:text/html,x"


def test_a_page_of_ones_own_network_has_its_classes(tmp_path):
    path = cnnviz.save_page(
        network(), tmp_path / "own.html", np.random.rand(8, 8), classes=["a", "b", "c"], title="Own"
    )
    text = path.read_text("utf-8")
    assert "<title>Own</title>" in text
    assert '"classes":["a","b","c"]' in text
    assert len(text.encode()) < 500_000
