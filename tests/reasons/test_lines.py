"""The lines of Python that the page gives: run by themselves, they give the page's very numbers."""

import ast
import contextlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from cnnviz.export import weights
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.models import FullyConnected, SimpleCNN, untrained
from cnnviz.networks.seeding import seeded
from cnnviz.networks.trace import trace
from cnnviz.reasons import ascent, embedding, exciting, lines, stages
from cnnviz.reasons.changes import Changes
from cnnviz.reasons.examples import Examples, examples
from cnnviz.reasons.exciting import Target
from tests import programs

Network = tuple[Checkpoint, stages.Stages, Examples]


@pytest.fixture(params=["convolutions", "fully connected, shuffled"])
def network(request, without_mnist) -> Network:
    """Whose test pictures are scikit-learn's digits, MNIST not being there."""
    model: SimpleCNN | FullyConnected = untrained()
    metadata = {}
    if request.param != "convolutions":
        with seeded(3):
            model = FullyConnected(4)
        metadata = {"recipe": '{"shuffle_pixels": 5}'}
    checkpoint = Checkpoint(model.eval(), metadata, "mine")
    return checkpoint, stages.of(model, model.picture), examples(checkpoint)


def printed(text: str, checkpoint: Checkpoint, folder: Path) -> list:
    """What the lines print, run in `folder`, where the weights are."""
    (folder / lines.WEIGHTS).write_bytes(weights.state_dict(checkpoint.model))
    with contextlib.chdir(folder):
        said = programs.printed(text)
    return [ast.literal_eval(line.replace("] [", "], [")) for line in said.splitlines()]


def test_they_give_every_value_of_a_changed_network(network: Network, tmp_path: Path) -> None:
    checkpoint, of, some = network
    image = torch.from_numpy(some.images[7:8]) * 0.5
    if "conv2" in of.names:
        text = "conv1.2=0;conv2.5.4.6=mean;conv2.weight.3.1=-1,0,1,-2,0,2,-1,0,1;relu2.1=0.5;"
        text += "conv1.bias.3=0.1;fc.weight.7.31=2;fc.7=1.25;input.0.3.4=1"
    else:
        text = "fc1.weight.2.300=-1.5;relu1.1=mean;fc2.bias.3=0.7;input.0.3.4=1"
    changes = Changes.parse(text)
    means = dict.fromkeys(changes.means, 0.123)
    resolved = changes.resolved(means)
    steps = trace(resolved.applied(checkpoint.model), resolved.painted(image))
    code = lines.changed(checkpoint, changes, means, image)
    (tmp_path / lines.WEIGHTS).write_bytes(weights.state_dict(checkpoint.model))
    made: dict[str, Any] = {"print": lambda *_: None}
    with contextlib.chdir(tmp_path):
        exec(code, made)
    assert list(made["values"]) == [layer.name for layer in steps.layers]
    for layer in steps.layers:
        assert torch.equal(made["values"][layer.name], layer.values), layer.name
    assert steps.probabilities is not None
    assert torch.equal(made["probabilities"], steps.probabilities)


def test_they_give_the_pictures_the_climb_and_the_neighbours(
    network: Network, tmp_path: Path
) -> None:
    checkpoint, of, some = network
    layer = of.penultimate()
    assert layer is not None
    target = Target("relu2", 3) if "relu2" in of.names else Target("relu1", 1)
    image = torch.from_numpy(some.images[7:8]) * 0.5
    (numbers, answers), own = printed(
        lines.exciting(checkpoint, some, of, target, image), checkpoint, tmp_path
    )
    found = exciting.answers(of, some, target)
    assert numbers == list(found.most())
    assert answers == pytest.approx(found.strengths[found.most()].tolist(), abs=1e-6)
    assert own == pytest.approx(exciting.one_answer(of, image, target)[0], abs=1e-6)

    for start in (None, image):
        (climbed,) = printed(lines.climbing(checkpoint, of, target, start), checkpoint, tmp_path)
        first = ascent.noise(of.picture) if start is None else start
        expected = ascent.ascend(of, target, first).strengths
        assert climbed == pytest.approx(expected.tolist(), rel=1e-4, abs=1e-5)

    place, nearest = printed(lines.lying(checkpoint, some, of, layer, image), checkpoint, tmp_path)
    among = embedding.among(of, some, layer)
    values = embedding.values_of(of, image, layer)
    np.testing.assert_allclose(among.plane.place(values)[0], place, atol=1e-4)
    assert nearest == list(among.nearest(values[0])[0])
