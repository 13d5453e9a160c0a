"""A data set that exists nowhere is added in one entry, and trained on, looked at and exported."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx as onnx_package
import onnxruntime
import pytest
import torch
from PIL import Image

from cnnviz.__main__ import main
from cnnviz.datasets import gallery, images
from cnnviz.datasets.catalogue import DATASETS, Dataset
from cnnviz.datasets.stored import Pictures, Split, Stored
from cnnviz.drawing import sources
from cnnviz.drawing.frames import Frame
from cnnviz.networks import checkpoints
from cnnviz.networks.architecture import MisfitError
from cnnviz.networks.trace import as_image, trace
from cnnviz.training import words
from cnnviz.training.config import TrainingConfig
from cnnviz.training.events import Epoch
from cnnviz.training.loop import train
from tests.export.programs import assert_trains_as_we_do

SOURCE = """\
def lights(count, seed):
    labels = torch.arange(count) % 3
    noise = torch.rand(count, 3, 12, 16, generator=torch.Generator().manual_seed(seed))
    return (noise + 2 * torch.eye(3)[labels].view(count, 3, 1, 1)) / 3, labels


images, labels = lights(90, 0)
test_images, test_labels = lights(30, 1)"""


class Lights(Stored):
    """Red, green and blue noise."""

    imports = ()

    def read(self, split: Split, where: Path) -> Pictures:
        made: dict[str, Any] = {"torch": torch}
        exec(SOURCE, made)
        prefix = "" if split == "train" else "test_"
        arrays = (made[f"{prefix}{name}"].numpy() for name in ("images", "labels"))
        return Pictures(*arrays)

    def lines(self) -> str:
        return SOURCE


LIGHTS = Dataset(
    name="lights",
    title="the lights",
    pixels=16,
    frame=Frame((3, 12, 16), box=None, ground="white"),
    train=90,
    test=30,
    classes=("red one", "green", "blue"),
    source="this test",
    licence="CC0",
    stored=Lights("the lights", "", ()),
)
RECIPE = ["--epochs", "9", "--batch-size", "32", "--learning-rate", "0.01"]


@pytest.fixture(autouse=True)
def entry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DATASETS, "lights", LIGHTS)


@pytest.fixture
def trained(tmp_path: Path) -> checkpoints.Checkpoint:
    """By the command line, whose run keeps the names of the classes in its snapshots."""
    out = tmp_path / "lights.safetensors"
    assert main(["train", "--data", "lights", *RECIPE, "--out", str(out)]) == 0
    return checkpoints.load(out)


def test_a_checkpoint_knows_its_pictures_and_its_classes(trained):
    assert trained.model.picture == (3, 12, 16)
    assert trained.classes == LIGHTS.classes
    assert trained.frame == LIGHTS.frame
    data = images.load("lights")
    with torch.inference_mode():
        read = trained.model(data.test_images).argmax(1)
    assert bool((read == data.test_labels).all())


@pytest.mark.parametrize("model", ["LeNet-5", "TinyVGG"])
def test_a_network_for_larger_pictures_says_what_would_do(model):
    with pytest.raises(MisfitError, match=r"conv[34]: .*; give "):
        TrainingConfig(preset="own", dataset="lights", model=model)


@pytest.mark.parametrize("model", ["SimpleCNN", "FullyConnected"])
def test_other_networks_train_on_it_with_shifts(model):
    config = TrainingConfig(
        preset="own", dataset="lights", epochs=1, model=model, augmentation="shifts"
    )
    assert [event for event in train(config) if isinstance(event, Epoch)]
    assert "the lights" in words.in_words(config)


def test_layers_must_end_in_its_classes():
    with pytest.raises(ValueError, match="there are 3 classes"):
        TrainingConfig(dataset="lights", model="Layers", layers="flatten, linear 10")
    assert TrainingConfig(dataset="lights", model="Layers", layers="flatten, linear 3")


def test_an_uploaded_picture_is_seen_in_its_colours(trained, tmp_path):
    Image.new("RGB", (200, 100), (30, 220, 40)).save(tmp_path / "a.png")
    source = sources.colour_picture((tmp_path / "a.png").read_bytes(), "a.png")
    seen = sources.seen(source, None, True, trained.frame)
    assert seen.image.shape == (3, 12, 16)
    np.testing.assert_allclose(seen.image[:, 5, 5], np.array([30, 220, 40]) / 255, atol=1e-6)
    traced = trace(trained.model, as_image(seen.image))
    assert traced.logits is not None
    assert trained.classes[int(traced.logits.argmax())] == "green"


def test_a_test_image_is_seen_as_it_is_and_a_stroke_is_dark_on_white(trained):
    source = gallery.test_image("lights", 2)
    assert source.truth == "blue"
    seen = sources.seen(source, None, True, trained.frame)
    np.testing.assert_array_equal(seen.image, images.load("lights").test_images[2].numpy())
    stroke = np.zeros((280, 280), np.float32)
    stroke[100:180, 100:180] = 1
    drawn = sources.seen(None, stroke, True, trained.frame).image
    assert drawn.shape == (3, 12, 16)
    assert drawn[0].min() < 0.5 < drawn[0, 0, 0] == 1
    np.testing.assert_array_equal(drawn[0], drawn[2])


def test_onnx_gives_what_torch_gives_and_names_the_classes(tmp_path):
    out = tmp_path / "lights.onnx"
    assert main(["train", "--data", "lights", *RECIPE, "--epochs", "1", "--out", str(out)]) == 0
    content = onnx_package.load(out)
    named = {row.key: row.value for row in content.metadata_props}
    assert json.loads(named["classes"]) == list(LIGHTS.classes)
    session = onnxruntime.InferenceSession(out)
    assert session.get_inputs()[0].shape == ["N", 3, 12, 16]
    pictures = images.load("lights").test_images.numpy()
    (logits,) = session.run(["logits"], {"image": pictures})
    assert np.asarray(logits).shape == (30, 3)


def test_the_exported_program_trains_as_we_do(tmp_path, monkeypatch, capsys):
    from cnnviz.export.script import script

    config = TrainingConfig(
        preset="own",
        dataset="lights",
        epochs=2,
        batch_size=32,
        augmentation="shifts",
        model="FullyConnected",
        shuffle_pixels=3,
    )
    assert_trains_as_we_do(script(config), config, tmp_path, monkeypatch, capsys)
