"""What is shown, asked and taken home works for every network that is built, opened or taught."""

import io
import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image
from torch import Tensor

from cnnviz.__main__ import main
from cnnviz.datasets import own
from cnnviz.datasets.collection import Collection
from cnnviz.drawing import samples, sources
from cnnviz.export import onnx, reason
from cnnviz.export.page import Start, page
from cnnviz.export.script import script
from cnnviz.export.weights import state_dict
from cnnviz.networks import checkpoints
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.notation import text_of
from cnnviz.networks.trace import as_image, trace
from cnnviz.reasons import ascent, stages
from cnnviz.reasons.backward import backward
from cnnviz.reasons.changes import Changes
from cnnviz.reasons.exciting import Target
from cnnviz.reasons.fooling import smallest_change
from cnnviz.reasons.grad_cam import usual_layer
from cnnviz.reasons.keeping import kept
from cnnviz.reasons.methods import METHODS, Asked
from cnnviz.reasons.question import Question
from cnnviz.reasons.receptive_field import receptive_field
from cnnviz.training.config import TrainingConfig
from cnnviz.ui.addresses import DRAWING, FEATURES
from cnnviz.views.arrays import MOST, layers_sent
from cnnviz.views.network import Painting, trace_message, weights_message
from tests.networks.saving import save
from tests.networks.several import NAMES, several
from tests.pages.labs import open_with, texts
from tests.pages.telling import sent


@pytest.fixture(params=NAMES)
def checkpoint(request: pytest.FixtureRequest) -> Checkpoint:
    return several()[request.param]


@pytest.fixture
def seven(checkpoint: Checkpoint) -> Tensor:
    """Our 7 as the network sees it."""
    return as_image(sources.seen(sources.sample(7), None, True, checkpoint.frame).image)


def test_the_view_is_told_of_every_layer(checkpoint: Checkpoint, seven: Tensor) -> None:
    steps = trace(checkpoint.model, seven)
    assert steps.probabilities is not None
    assert len(steps.probabilities) == len(checkpoint.classes)
    weights = weights_message(steps)
    told = trace_message(
        steps, key="n", weights=weights["id"], painting=Painting(frame=checkpoint.frame)
    )
    assert [layer["shape"] for layer in told["layers"]] == [
        list(layer.values.shape) for layer in steps.layers
    ]
    assert (told["options"]["light"] is not None) == (checkpoint.frame.ground == "white")
    assert weights["layers"].keys() == {s.name for s in steps.layers if s.weight is not None}
    assert len(json.dumps(layers_sent(steps, {}))) <= MOST + 5_000
    back = backward(checkpoint.model, seven, 1)
    assert [gradient.shape for gradient in back.gradients[1:]] == [
        layer.values.shape for layer in steps.layers
    ]


def test_every_unit_sees_a_part_of_the_picture(checkpoint: Checkpoint) -> None:
    of = stages.of(checkpoint.model, checkpoint.model.picture)
    for stage in of:
        last = stage.size // (stage.shape[0] if len(stage.shape) == 3 else 1) - 1
        for place in (0, last):
            field = receptive_field(of, stage.name, place)
            assert field.bottom > 0
            assert field.right > 0
            assert field.top < checkpoint.frame.height
            assert field.left < checkpoint.frame.width


@pytest.mark.parametrize("name", ["draw", "why", "pooling", "convolution_2d"])
def test_every_page_opens_with_it(checkpoint: Checkpoint, name: str) -> None:
    inputs = {"pooling": FEATURES, "convolution_2d": DRAWING}
    shown = open_with(name, checkpoint, **({"input": inputs[name]} if name in inputs else {}))
    assert not shown.error, texts(shown)
    if name in ("draw", "why"):
        (told, *_) = (t for t in sent(shown, "network_view") if t["role"] == "trace")
        assert told["image"]["shape"] == list(checkpoint.model.picture)


def test_onnx_says_the_same_in_onnxruntime_and_opens_here_again(
    checkpoint: Checkpoint, seven: Tensor
) -> None:
    content = onnx.graph(checkpoint.model, classes=checkpoint.classes)
    session = onnxruntime.InferenceSession(content)
    logits = np.asarray(session.run(["logits"], {"image": seven.numpy()})[0])
    expected = checkpoint.model(seven).detach()
    np.testing.assert_allclose(logits, expected, atol=1e-5)
    again = checkpoints.load(content, "again.onnx")
    assert again.classes == checkpoint.classes
    torch.testing.assert_close(again.model(seven), expected, atol=1e-5, rtol=0)


def test_its_weights_open_here_again_from_either_file(
    checkpoint: Checkpoint, seven: Tensor, tmp_path: Path
) -> None:
    save(tmp_path / "mine.safetensors", checkpoint.model, checkpoint.metadata)
    ours = checkpoints.load(tmp_path / "mine.safetensors")
    assert (ours.classes, ours.frame) == (checkpoint.classes, checkpoint.frame)
    torch.testing.assert_close(ours.model(seven), checkpoint.model(seven))
    plain = torch.load(io.BytesIO(state_dict(checkpoint.model)), weights_only=True)
    assert plain.keys() == checkpoint.model.state_dict().keys()


def test_the_exported_programs_are_python_and_the_page_has_its_network(
    checkpoint: Checkpoint, seven: Tensor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CNNVIZ_OWN", str(tmp_path))
    count, classes = 4 * len(checkpoint.classes), checkpoint.classes
    images = np.random.default_rng(0).integers(0, 256, (count, *checkpoint.model.picture), np.uint8)
    labels = np.arange(count) % len(classes)
    name = own.save(Collection("mine", classes, images, labels))
    chosen: dict[str, object] = {"model": "FullyConnected", "hidden": 16}
    if checkpoint.architecture is not None:
        chosen = {"model": "Layers", "layers": text_of(checkpoint.architecture.layers)}
    config = TrainingConfig.from_dict({"preset": "own", "dataset": name, **chosen})
    compile(script(config), "train.py", "exec")

    prepared = sources.seen(sources.sample(7), None, True, checkpoint.frame)
    html = page(checkpoint, Start(prepared, sources.sample(7).shown))
    assert weights_message(trace(checkpoint.model, seven))["id"] in html


def test_predict_says_a_class_of_its_own(
    checkpoint: Checkpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = tmp_path / "mine.safetensors"
    save(weights, checkpoint.model, checkpoint.metadata)
    picture = tmp_path / "seven.png"
    Image.fromarray((255 - 255 * samples.ink(7)).astype(np.uint8)).save(picture)
    assert main(["predict", str(picture), "--weights", str(weights), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["probabilities"]) == len(checkpoint.classes)
    said = told["class"] if "class" in told else str(told["digit"])
    assert said in checkpoint.classes


def test_each_reason_is_given_or_says_why_not(checkpoint: Checkpoint, seven: Tensor) -> None:
    model, question = checkpoint.model, Question(0, 1)
    layer = usual_layer(trace(model, seven))
    paper = 1.0 if checkpoint.frame.ground == "white" else 0.0
    asked = Asked(question, patch=7, fill=paper, layer=layer, most_steps=32)
    for method in METHODS.values():
        if method.needs_maps and layer is None:
            with pytest.raises(ValueError, match="needs a layer that makes maps"):
                method.compute(model, seven, asked)
            continue
        found = method.compute(model, seven, asked)
        assert found.worth.shape == seven.shape[-2:]
        assert bool(found.worth.isfinite().all())
        lines = method.code(asked, tuple(seven.shape[1:]))
        compile(reason.program("why", model, seven, 0, 1, lines), "why.py", "exec")


def test_what_excites_it_fools_it_and_changes_it(checkpoint: Checkpoint, seven: Tensor) -> None:
    model = checkpoint.model
    of = stages.of(model, model.picture)
    first = next(stage for stage in of if stage.module.state_dict())
    target = Target(first.name, 0)
    climbed = ascent.ascend(of, target, ascent.noise(of.picture), steps=3)
    assert climbed.strengths[-1] > climbed.strengths[0]
    fooled = smallest_change(model, seven, target=1, steps=40)
    assert fooled is None or int(model(fooled).argmax()) == 1
    changes = Changes.parse(f"{first.name}.0=1")
    changes.check(model, model.picture)
    changed = changes.applied(model)(seven)
    assert not torch.equal(changed, model(seven))
    torch.testing.assert_close(kept(changes, model, model.picture)(seven), changed)
