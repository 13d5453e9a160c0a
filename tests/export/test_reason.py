"""Captum's lines, as a page shows them and in one file, make the very map that is shown."""

import runpy

import pytest
import torch

from cnnviz.export import reason
from cnnviz.networks import checkpoints
from cnnviz.networks.kinds import Normalize
from cnnviz.networks.models import FullyConnected
from cnnviz.reasons.fooling import fewest_pixels, fool_code, smallest_change
from cnnviz.reasons.gradients import FEWEST_STEPS
from cnnviz.reasons.methods import METHODS, Asked
from cnnviz.reasons.question import Question
from tests.reasons.small import digit, noise


def run(program: str, folder) -> torch.Tensor:
    (folder / "reason.py").write_text(program)
    return runpy.run_path(str(folder / "reason.py"))["attribution"]


@pytest.mark.parametrize("name", METHODS)
def test_the_program_makes_the_map(name, tmp_path):
    model, image = checkpoints.article().model, digit(7)
    asked = Asked(Question(7, 1), 3, 0.5, "relu2", FEWEST_STEPS)
    lines = METHODS[name].code(asked, (1, 28, 28))
    made = run(reason.program("A map", model, image, 7, 1, lines), tmp_path)
    expected = METHODS[name].compute(model, image, asked).values
    assert torch.allclose(made.detach()[0], expected, atol=1e-4)


@pytest.mark.parametrize(
    ("hidden", "picture", "normalize"),
    [
        pytest.param(4, (1, 9, 8), Normalize(0.3, 0.4), id="which normalises"),
        # Larger than what one may put together, and still small enough to be uploaded.
        pytest.param(170, (3, 64, 64), None, id="of two million weights"),
    ],
)
def test_a_network_without_convolutions_is_written_out_too(hidden, picture, normalize, tmp_path):
    torch.manual_seed(2)
    model = FullyConnected(hidden, picture, 3, normalize).eval()
    image = noise(1, *picture)
    asked = Asked(Question(1))
    lines = METHODS["gradient"].code(asked, picture)
    made = run(reason.program("A map", model, image, 1, None, lines), tmp_path)
    expected = METHODS["gradient"].compute(model, image, asked).values
    assert torch.allclose(made.detach()[0], expected, atol=1e-6)


@pytest.mark.parametrize("search", [fewest_pixels, smallest_change])
def test_the_lines_that_fool_make_the_very_picture(search, tmp_path):
    model, image = checkpoints.article().model, digit(7)
    code = fool_code(search, 1)
    (tmp_path / "reason.py").write_text(reason.program("Fooled", model, image, 1, None, code))
    changed = runpy.run_path(str(tmp_path / "reason.py"))["changed"]
    assert torch.allclose(changed, search(model, image, 1), atol=1e-5)
