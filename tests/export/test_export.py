"""What a run gives away opens elsewhere, and says the same."""

import io
import os
import shutil
import subprocess
import sys
from collections import OrderedDict
from dataclasses import replace

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

from cnnviz.datasets import mnist
from cnnviz.export import weights as export
from cnnviz.networks.models import Architecture, FullyConnected, SimpleCNN
from cnnviz.runs import folder as runs
from cnnviz.runs import history, recorder
from cnnviz.training.config import PRESETS, TrainingConfig
from cnnviz.training.events import Epoch
from cnnviz.training.loop import train

SMALL = TrainingConfig(preset="own", dataset="digits", train_size=96, epochs=2, batch_size=32)


@pytest.mark.parametrize(
    "model",
    [
        SimpleCNN(),
        SimpleCNN(Architecture((3, 200 // 40), 5, "tanh", "average")),
        SimpleCNN(Architecture((2, 3), 1, "relu", "none")),
        FullyConnected(),
    ],
    ids=["article", "tanh, average", "no pooling", "fully connected"],
)
def test_onnx_gives_the_same_logits(model):
    content = export.onnx(model)
    onnx.checker.check_model(onnx.load_from_string(content), full_check=True)
    session = onnxruntime.InferenceSession(content)
    for count in (1, 5):
        images = torch.rand(count, 1, 28, 28, generator=torch.Generator().manual_seed(count))
        logits = np.asarray(session.run(["logits"], {"image": images.numpy()})[0])
        with torch.inference_mode():
            np.testing.assert_allclose(logits, model(images).numpy(), atol=1e-5)


def test_onnx_refuses_a_module_it_does_not_know_by_name():
    with pytest.raises(ValueError, match="norm is a BatchNorm2d"):
        export.onnx(nn.Sequential(OrderedDict(norm=nn.BatchNorm2d(1))))


class Article(nn.Module):
    """The article's network as it writes it."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3)
        self.conv2 = nn.Conv2d(4, 8, 3)
        self.fc = nn.Linear(200, 10)

    def forward(self, images):
        maps = F.max_pool2d(F.relu(self.conv1(images)), 2)
        return self.fc(F.max_pool2d(F.relu(self.conv2(maps)), 2).flatten(1))


def test_the_state_dict_fits_the_articles_own_class_and_carries_no_code():
    model = SimpleCNN()
    weights = torch.load(io.BytesIO(export.state_dict(model)), weights_only=True)
    plain = Article()
    plain.load_state_dict(weights)
    images = torch.rand(3, 1, 28, 28)
    torch.testing.assert_close(plain(images), model(images))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = runs.create(SMALL, "a <b>run</b> ü 数", runs=tmp_path_factory.mktemp("runs"))
    recorder.record(folder)
    return history.read(folder)


def test_the_csv_has_every_step_and_every_test(run):
    lines = export.csv(run.events).splitlines()
    assert lines[0] == "step,loss,learning_rate,test_accuracy,tested"
    rows = [line.split(",") for line in lines[1:]]
    assert [int(row[0]) for row in rows] == [0, 1, 2, 3, 4, 5, 6]
    assert [float(row[1]) for row in rows[1:]] == list(run.events.losses)
    assert {int(row[0]) for row in rows if row[3]} == {0, 1, 2, 3, 5, 6}


def test_the_png_shows_both_curves(run):
    picture = Image.open(io.BytesIO(export.png(run))).convert("RGB")
    assert picture.size == (1600, 900)
    counts = {colour: count for count, colour in picture.getcolors(1 << 20) or []}
    assert counts[(0xE6, 0x55, 0x0D)] > 500
    assert counts[(0x31, 0x82, 0xBD)] > 500


VARIANTS = {
    "tiny": replace(PRESETS["tiny"], epochs=1, train_size=320),
    "shifts, sgd, tanh": replace(
        SMALL, augmentation="shifts", optimizer="sgd", activation="tanh", pooling="average"
    ),
    "fully connected, shuffled": replace(SMALL, model="FullyConnected", shuffle_pixels=5),
    "no pooling, wide": replace(SMALL, pooling="none", channels=(2, 3), kernel_size=5),
    "sgd, one-cycle, other seed and momentum, a last batch that isn't full": replace(
        SMALL,
        **{"optimizer": "sgd", "schedule": "one-cycle", "learning_rate": 0.05, "momentum": 0.5},
        **{"seed": 7, "batch_size": 25, "threads": 2},
    ),
    "one-cycle, shifts, tanh, no pooling, 1×1 kernels": replace(
        SMALL,
        **{"schedule": "one-cycle", "augmentation": "shifts", "activation": "tanh"},
        **{"pooling": "none", "kernel_size": 1},
    ),
    "shuffled, convolutional, all images": replace(
        SMALL, shuffle_pixels=0, train_size=None, epochs=1, kernel_size=7
    ),
    "fully connected, shifts, sgd": replace(
        SMALL, model="FullyConnected", hidden=7, augmentation="shifts", optimizer="sgd"
    ),
}


def printed_losses(config, tmp_path, **environment):
    (tmp_path / "train.py").write_text(export.script(config))
    result = subprocess.run(
        [sys.executable, "-I", "train.py"],
        cwd=tmp_path,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (tmp_path / "trained.pt").is_file()
    lines = [line for line in result.stdout.splitlines() if line.startswith("epoch ")]
    return [float(line.split("loss ")[1].split(",")[0]) for line in lines]


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_python_file_trains_the_same_by_itself(variant, tmp_path):
    config = VARIANTS[variant]
    assert "cnnviz import" not in export.script(config)
    ours = [event.loss_sum for event in train(config) if isinstance(event, Epoch)]
    assert printed_losses(config, tmp_path) == pytest.approx(ours, abs=0.01)


@pytest.mark.mnist
@pytest.mark.skipif(not mnist.available(), reason="MNIST is not on this machine")
def test_the_python_file_of_the_article_trains_an_epoch_on_mnist_as_we_do(tmp_path):
    config = replace(PRESETS["article"], epochs=1, train_size=6400)
    # A copy: torchvision unpacks beside what it finds.
    shutil.copytree(mnist.folder() / "MNIST", tmp_path / "data" / "MNIST")
    ours = [event.loss_sum for event in train(config) if isinstance(event, Epoch)]
    printed = printed_losses(config, tmp_path, CNNVIZ_DATA=str(tmp_path / "data"))
    assert printed == pytest.approx(ours, abs=0.05)
