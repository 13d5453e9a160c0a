"""Pictures with a mean and a standard deviation: the network takes them off first, everywhere."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image

from cnnviz.__main__ import main
from cnnviz.datasets import catalogue, images, own
from cnnviz.datasets.collection import Collection
from cnnviz.drawing.frames import Frame
from cnnviz.drawing.preprocessing import prepare
from cnnviz.export import onnx
from cnnviz.export.script import script
from cnnviz.networks import checkpoints
from cnnviz.networks.notation import layers_of
from cnnviz.networks.trace import as_image, trace
from cnnviz.runs import folders, recorder
from cnnviz.training.config import TrainingConfig
from tests.export.programs import assert_trains_as_we_do
from tests.frontend.networks import encode, evaluate
from tests.javascript import Node, node
from tests.networks.saving import save

MEAN, STD = (0.4914, 0.48, 0.4465), (0.247, 0.2435, 0.2616)
FRAME = Frame((3, 16, 20), box=None, ground="white", mean=MEAN, std=STD)


@pytest.fixture(scope="module")
def view():
    with node() as running:
        yield running


@pytest.fixture
def name() -> str:
    labels = np.arange(60) % 3
    noise = np.random.default_rng(0).integers(0, 120, (60, 3, 16, 20))
    noise[np.arange(60), labels] += 130
    return own.save(
        Collection("lights", ("red", "green", "blue"), noise.astype(np.uint8), labels, frame=FRAME)
    )


def normalised(pictures: torch.Tensor) -> torch.Tensor:
    return (pictures - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)


@pytest.mark.parametrize("model", ["SimpleCNN", "FullyConnected", "Layers"])
def test_training_trace_files_and_preview_all_take_it_off_first(
    name: str, model: str, view: Node, tmp_path: Path
):
    layers = "conv2d 4 5 stride=2, relu, flatten, linear 3"
    config = TrainingConfig(
        preset="own", dataset=name, model=model, layers=layers, epochs=1, learning_rate=0.01
    )
    folder = folders.create(config)
    recorder.record(folder)
    opened = checkpoints.load(folders.read_snapshot(folder, 1))
    assert opened.frame == FRAME == folders.config(folder).images.frame
    pictures = images.load(name).test_images
    assert float(pictures.min()) >= 0
    assert float(pictures.max()) <= 1

    # The picture is as it was, and what the first layer made of it is what the next one reads.
    steps = trace(opened.model, pictures[:1])
    assert torch.equal(steps.image, pictures[0])
    assert steps.layers[0].kind == "normalize"
    torch.testing.assert_close(steps.layers[0].values, normalised(pictures[0]))
    without = torch.nn.Sequential(*list(opened.model)[1:])
    with torch.inference_mode():
        torch.testing.assert_close(without(normalised(pictures)), opened.model(pictures))

    run = "const { createRunner } = await load('network_view/forward.js');"
    run += "const { network, values } = decode(sent);"
    run += "return createRunner(network).run(values[0]).map((each) => [...each]);"
    previewed = evaluate(view, run, encode(steps))
    for values, layer in zip(previewed[1:], steps.layers, strict=True):
        np.testing.assert_allclose(values, layer.values.flatten().numpy(), atol=2e-5)

    session = onnxruntime.InferenceSession(onnx.graph(opened.model))
    (logits,) = session.run(["logits"], {"image": pictures.numpy()})
    with torch.inference_mode():
        np.testing.assert_allclose(np.asarray(logits), opened.model(pictures).numpy(), atol=1e-5)

    save(tmp_path / "again.safetensors", opened.model, opened.metadata)
    again = checkpoints.load(tmp_path / "again.safetensors").model
    with torch.inference_mode():
        assert torch.equal(again(pictures), opened.model(pictures))


@pytest.mark.parametrize("model", ["SimpleCNN", "FullyConnected"])
def test_the_exported_program_trains_as_we_do(name, model, tmp_path, monkeypatch, capsys):
    config = TrainingConfig(
        preset="own",
        dataset=name,
        model=model,
        epochs=2,
        batch_size=16,
        augmentation="shifts",
        shuffle_pixels=3,
    )
    program = script(config)
    assert f"transforms.Normalize({MEAN}, {STD})" in program
    assert_trains_as_we_do(program, config, tmp_path, monkeypatch, capsys)


def test_the_command_line_reads_a_picture_as_it_was_trained(name, tmp_path, capsys):
    out = tmp_path / "lights.safetensors"
    recipe = ["--epochs", "9", "--learning-rate", "0.01", "--batch-size", "16"]
    assert main(["train", "--data", name, *recipe, "--out", str(out)]) == 0
    Image.new("RGB", (200, 100), (60, 60, 220)).save(tmp_path / "a.png")
    capsys.readouterr()
    assert main(["predict", str(tmp_path / "a.png"), "--weights", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["class"] == "blue"


def test_a_drawing_is_a_picture_from_0_to_1_all_the_same():
    ink = np.zeros((280, 280), np.float32)
    ink[100:180, 100:180] = 1
    seen = prepare(ink, frame=FRAME).image
    assert (seen.min(), seen.max()) == (0, 1)
    assert as_image(seen).shape == (1, 3, 16, 20)


def test_a_network_of_ones_own_may_say_other_numbers(name):
    layers = "normalize 0.5 0.5 mean2=0.5 std2=0.5 mean3=0.5 std3=0.5, flatten, linear 3"
    config = TrainingConfig(preset="own", dataset=name, model="Layers", layers=layers)
    assert str(config.architecture.layers[0]) == layers.split(",")[0]
    assert len(config.architecture.layers) == 3
    with pytest.raises(ValueError, match="numbers for 3 channels, and gets 1"):
        TrainingConfig(preset="own", dataset="digits", model="Layers", layers=layers)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("normalize 0.5 0", "std must be a number from 0.001 to 1000, got 0"),
        ("normalize 0.5 0.5 mean2=0.1", "one channel .mean, std., or for three"),
        ("normalize 0.5", "needs std"),
    ],
)
def test_numbers_that_make_no_normalisation_are_refused(text, said):
    with pytest.raises(ValueError, match=said):
        layers_of(text)


@pytest.mark.parametrize(
    "odd",
    [
        {"mean": (0.5,), "std": (0.5,)},
        {"mean": MEAN},
        {"mean": MEAN, "std": (0.5, 0.5, 0)},
        {"mean": MEAN, "std": (0.5, 0.5, float("nan"))},
        {"mean": MEAN, "std": "abc"},
        {"mean": (10**400, 0, 0), "std": STD},
    ],
)
def test_a_frame_says_which_of_its_numbers_cannot_be(odd):
    with pytest.raises(ValueError, match=r"mean|std"):
        Frame((3, 16, 20), box=None, **odd)
    described = {**Frame((3, 16, 20), box=None).to_dict(), **odd}
    with pytest.raises(ValueError, match=r"mean|std"):
        Frame.from_dict(json.loads(json.dumps(described)))


def test_a_frame_without_is_described_as_before(name):
    assert set(Frame().to_dict()) == {"shape", "box", "middle", "ground"}
    assert Frame.from_dict(json.loads(json.dumps(FRAME.to_dict()))) == FRAME
    assert catalogue.named(name).frame == FRAME
