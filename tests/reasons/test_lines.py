"""The lines of Python that the page gives: run by themselves, they give the page's very numbers."""

import ast
import contextlib
from pathlib import Path

import numpy as np
import pytest
import torch

from cnnviz.export import weights
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.models import FullyConnected, SimpleCNN, untrained
from cnnviz.networks.seeding import seeded
from cnnviz.reasons import ascent, embedding, exciting, lines, stages
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
