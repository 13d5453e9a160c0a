"""One step, on the page: the loss, a weight and its terms, the step, and what can't be."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from streamlit.testing.v1 import AppTest

from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.networks import checkpoints
from cnnviz.networks.models import SimpleCNN
from cnnviz.networks.trace import as_image
from cnnviz.reasons import step, step_script
from cnnviz.reasons.rule import OPTIMIZERS, Rule
from cnnviz.reasons.weights import Number
from cnnviz.spelling import short
from tests.pages.labs import open_link, texts

WEIGHT = "conv2.weight[3,1,2,0]"
ASKED = {"about": "step", "true": "1", "weight": WEIGHT, "rate": "0.002"}


@pytest.fixture(scope="module")
def seven() -> torch.Tensor:
    return as_image(prepare(samples.ink(7)).centred)


def press(script: AppTest, label: str) -> AppTest:
    (button,) = [each for each in script.button if each.label == label]
    button.click().run()
    assert not script.exception, script.exception
    return script


def test_a_link_opens_a_step_whose_numbers_are_torchs_and_steps_go_on_and_back(
    seven: torch.Tensor,
) -> None:
    script = open_link("why", **ASKED)
    model = checkpoints.load("checkpoints/article.safetensors").model
    loss = F.cross_entropy(model(seven), torch.tensor([1]))
    loss.backward()
    grad = model.get_parameter("conv2.weight").grad
    assert grad is not None
    said = texts(script)
    assert f"−log p = **{short(loss.item(), 4)}**" in said
    assert short(float(grad[3, 1, 2, 0]), 4) in said
    assert "the other 113 together" in said
    torch.optim.SGD(model.parameters(), 0.002).step()
    after = F.cross_entropy(model(seven), torch.tensor([1])).item()
    assert f"**{short(after, 4)}**" in said
    for name in ("true", "weight", "rate", "about"):
        assert script.query_params[name] == ASKED[name]

    press(script, "Take the step")
    assert "1 step taken so far" in texts(script)
    assert f"−log p = **{short(after, 4)}**" in texts(script)
    press(script, "Take ten")
    assert "11 steps taken so far" in texts(script)
    press(script, "Reset")
    assert "taken so far" not in texts(script)
    assert f"−log p = **{short(loss.item(), 4)}**" in texts(script)


def test_momentum_and_adam_show_their_moments_and_samples_are_a_batch() -> None:
    script = open_link("why", about="step", rule="Adam", learn="samples")
    assert "the 10 samples" in texts(script)
    assert "picture " in texts(script)
    assert "s = 0.999" in texts(script)
    press(script, "Take the step")
    script = open_link("why", about="step", rule="momentum")
    assert "the first step, so v = g" in texts(script)
    press(script, "Take the step")
    assert "the first step, so v = g" not in texts(script)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"weight": "conv9.weight[0]"}, "no tensor 'conv9.weight'"),
        ({"learn": "the run"}, "no snapshot of a run"),
        ({"learn": "my lesson"}, "no drawings of Teach"),
    ],
)
def test_what_is_not_there_is_said_and_the_page_stays(asked: dict[str, str], said: str) -> None:
    script = open_link("why", about="step", **asked)
    assert any(said in error.value for error in script.error), [e.value for e in script.error]


def test_a_class_that_is_not_there_is_said_and_the_known_one_taken() -> None:
    script = open_link("why", about="step", true="eleven")
    assert any("no class “eleven”" in warning.value for warning in script.warning)
    assert "true class **7**" in texts(script)


def test_predicting_comes_before_the_numbers() -> None:
    script = open_link("why", **ASKED)
    (toggle,) = [each for each in script.toggle if each.label == "Predict first"]
    toggle.set_value(True).run()
    assert not script.exception
    assert "= product" not in texts(script)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("network", ["article", "fully_connected"])
def test_the_pytorch_lines_give_the_very_numbers(
    optimizer: str,
    network: str,
    seven: torch.Tensor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = checkpoints.load(f"checkpoints/{network}.safetensors").model
    images, labels = torch.cat([seven, seven.flip(3)]), torch.tensor([7, 2])
    rule = Rule(optimizer, 0.03)
    first = step.take(model, images, labels, rule)
    taken = step.take(first.model, images, labels, rule, first.moments)
    place = (2, 0, 1, 1) if isinstance(model, SimpleCNN) else (1, 300)
    number = Number("conv1.weight" if isinstance(model, SimpleCNN) else "fc1.weight", place)
    (tmp_path / step_script.FILE).write_bytes(step_script.content(taken, images, labels))
    made = step_script.architecture_of(model)
    assert made is not None
    monkeypatch.chdir(tmp_path)
    printed: list[Any] = []
    code = step_script.program(made, rule, number, kept=bool(taken.kept))
    exec(code, {"print": lambda *values: printed.extend(values)})
    exact = (
        taken.there.loss,
        float(taken.there.parameters[number.parameter][place]),
        float(taken.model.get_parameter(number.parameter)[place].detach()),
        taken.loss,
    )
    assert printed == pytest.approx(exact, rel=1e-5, abs=1e-9)


def test_the_csv_has_every_weight(seven: torch.Tensor) -> None:
    model = checkpoints.load("checkpoints/article.safetensors").model
    taken = step.take(model, seven, torch.tensor([1]), Rule("SGD", 0.1))
    rows = list(csv.DictReader(io.StringIO(step_script.csv_of(taken))))
    assert len(rows) == 2346
    for row in rows[::97]:
        number = Number.read(row["weight"], model)
        assert float(row["old"]) - 0.1 * float(row["gradient"]) == pytest.approx(
            float(row["new"]), abs=1e-7
        )
        assert float(row["gradient"]) == pytest.approx(
            float(taken.there.parameters[number.parameter][number.place])
        )
