"""The Python file trains by itself, and as we do."""

import re
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from cnnviz.datasets import stored
from cnnviz.datasets.catalogue import DATASETS
from cnnviz.export.script import script
from cnnviz.training.config import TrainingConfig
from cnnviz.training.events import Epoch
from cnnviz.training.loop import train
from cnnviz.training.presets import PRESETS
from tests.programs import printed_alone

SMALL = TrainingConfig(preset="own", dataset="digits", train_size=96, epochs=2, batch_size=32)

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
    "a list of layers, with what training does otherwise": replace(
        SMALL,
        model="Layers",
        layers="conv2d 4 5 stride=2, batchnorm2d, leakyrelu, maxpool2d 2, dropout 0.25, "
        "flatten, linear 10",
        augmentation="shifts",
    ),
    "from the shipped convolutions, turned and sized": replace(
        SMALL, start="article", augmentation="affine"
    ),
    "fully connected, shifts, sgd": replace(
        SMALL, model="FullyConnected", hidden=7, augmentation="shifts", optimizer="sgd"
    ),
}


# Each program in a folder and a namespace of its own; importing torch takes longer than training.
ONE_AFTER_THE_OTHER = """
import os, runpy, sys
folders, sys.argv = sys.argv[1:], ["train.py"]
for folder in folders:
    os.chdir(folder)
    print("in", folder)
    runpy.run_path("train.py", run_name="__main__")
"""


def losses(output):
    lines = [line for line in output.splitlines() if line.startswith("epoch ")]
    return [float(line.split("loss ")[1].split(",")[0]) for line in lines]


@pytest.fixture(scope="module")
def printed_losses(tmp_path_factory):
    """By variant, what its program prints."""
    folders = {variant: tmp_path_factory.mktemp("program") for variant in VARIANTS}
    for variant, folder in folders.items():
        (folder / "train.py").write_text(script(VARIANTS[variant]))
    home = tmp_path_factory.mktemp("programs")
    output = printed_alone(
        "-I", "-c", ONE_AFTER_THE_OTHER, *map(str, folders.values()), folder=home
    )
    parts = re.split(r"^in .*$", output, flags=re.MULTILINE)[1:]
    assert all((folder / "trained.pt").is_file() for folder in folders.values())
    return dict(zip(VARIANTS, map(losses, parts), strict=True))


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_python_file_trains_the_same_by_itself(variant, printed_losses):
    config = VARIANTS[variant]
    assert "cnnviz import" not in script(config)
    ours = [event.loss_sum for event in train(config) if isinstance(event, Epoch)]
    assert printed_losses[variant] == pytest.approx(ours, abs=0.01)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_python_file_reads_as_a_person_would_have_written_it(variant):
    program = script(VARIANTS[variant])
    checked = subprocess.run(
        [
            *(sys.executable, "-m", "ruff", "check", "--isolated"),
            *("--line-length", "100", "--select", "E,F,I,B,UP,SIM,W", "-"),
        ],
        input=program,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout
    assert "$" not in program
    assert "\n\n\n\n" not in program


@pytest.mark.mnist
@pytest.mark.skipif(not DATASETS["mnist"].stored.available(), reason="MNIST is not on this machine")
def test_the_python_file_of_the_article_trains_an_epoch_on_mnist_as_we_do(tmp_path):
    config = replace(PRESETS["article"], epochs=1, train_size=6400)
    # A copy: torchvision unpacks beside what it finds.
    shutil.copytree(stored.folder() / "MNIST", tmp_path / "data" / "MNIST")
    ours = [event.loss_sum for event in train(config) if isinstance(event, Epoch)]
    (tmp_path / "train.py").write_text(script(config))
    output = printed_alone("-I", "train.py", folder=tmp_path, CNNVIZ_DATA=str(tmp_path / "data"))
    assert (tmp_path / "trained.pt").is_file()
    assert losses(output) == pytest.approx(ours, abs=0.05)
