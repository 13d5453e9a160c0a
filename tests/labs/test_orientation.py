import numpy as np
import pytest
import torch
from torch import nn

from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.labs import orientation
from cnnviz.labs.orientation import ANGLES, Tuning
from cnnviz.networks import checkpoints
from cnnviz.networks.trace import as_image, trace


def kernel(*rows: tuple[float, ...], bias: float = 0.0) -> nn.Conv2d:
    layer = nn.Conv2d(1, 1, 3)
    with torch.no_grad():
        layer.weight[0, 0] = torch.tensor(rows)
        layer.bias[0] = bias  # pyright: ignore[reportOptionalSubscript]
    return layer


def test_a_level_and_an_upright_bar_are_one_another_turned() -> None:
    level, upright = orientation.bars(28, (0, 90))[:, 0]
    assert torch.allclose(level.T, upright, atol=1e-6)
    assert level[13:15, 8:20].min() == 1
    rising, falling = orientation.bars(28, (45, 135))[:, 0]
    assert rising[10, 17] == 1  # up on the right
    assert torch.allclose(rising.flip(0), falling, atol=1e-6)


def test_a_kernel_of_an_upright_line_answers_most_to_an_upright_bar() -> None:
    (found,) = orientation.tunings(kernel((-1, 2, -1), (-1, 2, -1), (-1, 2, -1)), 28)
    assert orientation.name(int(found.answers.argmax())) == "upright"
    assert found.in_words().startswith("Strongest for upright strokes, ")


def test_the_answers_are_those_of_torch_over_every_place() -> None:
    first = checkpoints.article().model[0]
    assert isinstance(first, nn.Conv2d)
    assert first.bias is not None
    bias = first.bias.detach()
    for index, tuning in enumerate(orientation.tunings(first, 28)):
        for angle, answer in zip(ANGLES, tuning.answers, strict=True):
            picture = orientation.bars(28, (angle,))
            patches = picture.unfold(2, 3, 1).unfold(3, 3, 1)  # (1, 1, 26, 26, 3, 3)
            sums = (patches * first.weight.detach()[index, 0]).sum(dim=(-2, -1)) + bias[index]
            assert float(sums.max()) == pytest.approx(float(answer), abs=1e-5)


def test_the_sentence_comes_from_the_numbers() -> None:
    answers = np.full(len(ANGLES), 3.0)
    answers[ANGLES.index(90)], answers[ANGLES.index(0)] = 4.04, 2.46
    assert Tuning(answers).in_words() == "Strongest for upright strokes, 4.0; level ones 2.5."
    same = Tuning(np.full(len(ANGLES), 3.0)).in_words()
    assert same == "Much the same for strokes of every angle, 3.0 to 3.0."
    assert Tuning(np.full(len(ANGLES), -1.0)).in_words() == "No bar makes it positive."


def test_the_map_that_answers_most_has_the_largest_number_of_its_layer() -> None:
    traced = trace(checkpoints.article().model, as_image(prepare(samples.ink(7)).centred))
    for name, at, most in orientation.strongest_maps(traced):
        values = traced[name].values
        assert float(values.max()) == most == float(values[at].max())


def test_a_bar_has_no_colour() -> None:
    with pytest.raises(ValueError, match="first must read 1 channel, got 3"):
        orientation.tunings(nn.Conv2d(3, 2, 3), 28)
