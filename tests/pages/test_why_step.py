"""One step, on the page: the loss, a weight and its terms, the step, and what can't be."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from streamlit.testing.v1 import AppTest

from cnnviz.networks import checkpoints
from cnnviz.networks.architecture import Architecture
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.kinds import AvgPool2d, BatchNorm2d, Conv2d, Flatten, Linear
from cnnviz.networks.models import SimpleCNN, untrained
from cnnviz.reasons import step, step_script
from cnnviz.reasons.examples import examples
from cnnviz.reasons.rule import OPTIMIZERS, Rule
from cnnviz.reasons.weights import Number
from cnnviz.runs import folders, history, recorder
from cnnviz.spelling import short
from cnnviz.training import loop
from cnnviz.training.config import TrainingConfig
from cnnviz.ui.addresses import TEST
from cnnviz.views.arrays import encode
from tests.pages.choosing import choose
from tests.pages.labs import open_link, open_with, texts
from tests.pages.telling import components, sent, tell
from tests.reasons.small import digit
from tests.training.replayed import replayed

WEIGHT = "conv2.weight[3,1,2,0]"
ASKED = {"about": "step", "true": "1", "weight": WEIGHT, "rate": "0.002"}


@pytest.fixture(scope="module")
def seven() -> torch.Tensor:
    return digit(7)


def spelled(script: AppTest) -> dict[str, Any]:
    """The terms of the weight's gradient, as the page has them."""
    (found,) = sent(script, "terms")
    return found


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
    terms = spelled(script)
    assert terms["total"] == [f"gradient of {WEIGHT}", short(float(grad[3, 1, 2, 0]), 4)]
    assert terms["rest"][0] == "the other 113 together"
    # Each is pinned, where it happened, in the view above.
    assert terms["view"] == "why_step_network"
    assert re.fullmatch(r"conv2\.3\.\d+\.\d+", terms["rows"][0]["unit"])
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


def test_predicting_comes_before_the_numbers_and_is_held_against_them() -> None:
    script = open_link("why", **ASKED)
    assert spelled(script)
    grows = "(−" in texts(script).partition("w − η·g = ")[2].partition(" = ")[0]
    (toggle,) = [each for each in script.toggle if each.label == "Predict first"]
    toggle.set_value(True).run()
    assert not script.exception
    assert not sent(script, "terms")
    choose(script, f"What will the step do to {WEIGHT}?", "it grows")
    assert spelled(script)
    verdict = [*script.success, *script.warning]
    assert [each.value for each in verdict] == [
        "So it is: it grows." if grows else "The other way: it shrinks."
    ]


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
    monkeypatch.chdir(tmp_path)
    printed: list[Any] = []
    code = step_script.program(model.steps, rule, number, kept=bool(taken.kept))
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


SMALL = TrainingConfig(preset="own", dataset="digits", train_size=96, epochs=2, batch_size=32)


def with_network(checkpoint: Checkpoint, used: object = None, **query: str) -> AppTest:
    """`used` is the run and step that it is from, if it is a snapshot."""
    session = {"training_used": {checkpoint.name: used} if used else {}}
    return open_with("why", checkpoint, session, about="step", **query)


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_a_snapshot_shows_the_very_step_that_its_run_took(
    optimizer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNNVIZ_RUNS", str(tmp_path / "runs"))
    folder = folders.create(replace(SMALL, optimizer=optimizer), "small")
    recorder.record(folder)
    run = history.read(folder)
    snapshot = checkpoints.load(folders.read_snapshot(folder, 2), "small · step 2")
    script = with_network(snapshot, (folder.name, 2), learn="the run")
    assert not script.error
    assert "the batch of step 3 of “small”" in texts(script)
    recorded = run.events.losses[list(run.events.steps).index(3)]
    assert any(f"wrote down a loss of {short(recorded, 4)}" in i.value for i in script.info)
    assert not any("other last digits" in info.value for info in script.info)
    told = re.search(r"mean loss goes from (\S+) to (\S+),", texts(script))
    assert told is not None
    assert float(told[1]) == pytest.approx(recorded, rel=1e-3)
    # Where it went to is where the run went to.
    after = replayed(run.config, 3).state.weights
    at = re.search(r"\*\*(\w+\.weight)\\\[([\d,]+)\\\]\*\*: .*→ \*\*([\d.e−-]+)\*\*", texts(script))
    assert at is not None, texts(script)
    place = tuple(map(int, at[2].split(",")))
    assert float(at[3].replace("−", "-")) == pytest.approx(float(after[at[1]][place]), rel=1e-4)


def view(script: AppTest) -> tuple[str, dict[str, Any]]:
    """The id of the network view, and what it is told."""
    (found,) = [each for each in components(script, "network_view") if each[1]["role"] == "trace"]
    return found


def test_a_late_step_of_a_run_is_come_to_in_goes_of_bounded_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNNVIZ_RUNS", str(tmp_path / "runs"))
    open_link("why", about="step")  # components can be imported by a page alone
    monkeypatch.setattr("cnnviz.ui.why.step_pictures.MOST_SECONDS", 0.0)
    monkeypatch.setattr("cnnviz.ui.why.step_pictures.EVERY", 1)
    folder = folders.create(SMALL, "small")
    model = checkpoints.load("checkpoints/article.safetensors").model
    script = with_network(Checkpoint(model, {}, "late"), (folder.name, 4), learn="the run")
    assert "1 of the run's 4 steps are taken anew so far" in script.info[0].value
    taken: list[int] = []
    train = loop._Run._train_batch

    def counted(run: loop._Run) -> float:
        taken.append(run.step)
        return train(run)

    monkeypatch.setattr(loop._Run, "_train_batch", counted)
    article = checkpoints.load("checkpoints/article.safetensors")
    monkeypatch.setattr("cnnviz.ui.training.session.snapshot", lambda *_: article)
    for _ in range(3):
        press(script, "Go on")
    assert "the batch of step 5 of “small”" in texts(script)
    assert taken == [1, 2, 3]  # none of them twice
    assert view(script)[1]["image"] == encode(replayed(SMALL, 4).images[0])
    # A step that the run doesn't take is said to be none.
    script = with_network(Checkpoint(model, {}, "late"), (folder.name, 6), learn="the run")
    for _ in range(6):
        if script.error:
            break
        press(script, "Go on")
    assert "he run takes 6 steps, and none after step 6" in script.error[0].value


def test_of_a_batch_the_picture_that_is_shown_is_chosen_by_number_and_with_a_term() -> None:
    script = open_link("why", about="step", learn="samples", weight=WEIGHT, picture="4")
    images = torch.cat([digit(number) for number in range(10)])
    _, shown = view(script)
    assert shown["image"] == encode(images[4])
    assert shown["backward"]["target"] == 4
    assert "Shown is picture 4 of the 10 samples" in texts(script)
    model = checkpoints.article().model
    losses = F.cross_entropy(model(images), torch.arange(10), reduction="none")
    weight = model.get_parameter("conv2.weight")
    each = [
        float(torch.autograd.grad(loss, weight, retain_graph=True)[0][3, 1, 2, 0]) / 10
        for loss in losses
    ]
    terms = spelled(script)
    assert terms["shown"] == 4
    assert float(terms["total"][1].replace("−", "-")) == pytest.approx(sum(each), rel=1e-3)
    own = re.search(r"picture 4, which is shown, makes ([\d.e−-]+\d)", texts(script))
    assert own is not None, texts(script)
    assert float(own[1].replace("−", "-")) == pytest.approx(each[4], rel=1e-3)
    # A term of another picture brings that one; so does its number.
    (identity,) = [where for where, _ in components(script, "terms")]
    tell(script, identity, "picture", 7)
    assert view(script)[1]["backward"]["target"] == 7
    assert script.query_params["picture"] == "7"
    (field,) = [f for f in script.number_input if f.label.startswith("Picture of the batch")]
    field.set_value(2).run()
    assert view(script)[1]["image"] == encode(images[2])
    assert spelled(script)["shown"] == 2


def test_a_weight_that_is_clicked_in_the_view_is_spelled_out() -> None:
    script = open_link("why", **ASKED)
    identity, told = view(script)
    assert told["options"]["choosesWeight"]
    tell(script, identity, "weight", {"name": "fc.weight[1,30]", "at": 5})
    assert spelled(script)["total"][0] == "gradient of fc.weight[1,30]"
    assert script.query_params["weight"] == "fc.weight[1,30]"


def test_networks_of_ones_own_without_convolution_and_with_normalisation_have_their_step() -> None:
    connected = checkpoints.load("checkpoints/fully_connected.safetensors")
    script = with_network(connected, true="1", weight="fc1.weight[0,300]")
    assert not script.error
    assert "2,395 weights" in texts(script)
    layers = (Conv2d(2, 3), BatchNorm2d(), AvgPool2d(4), Flatten(), Linear(3))
    model = untrained(Architecture(layers, classes=3))
    own = Checkpoint(model, {"classes": '["sun", "moon", "a*b"]'}, "mine")
    script = with_network(own, true="moon", weight="norm1.weight[1]")
    assert not script.error
    assert "true class **moon**" in texts(script)
    assert "all 676 places" in texts(script)
    script = with_network(own, learn="samples")
    assert any("no digits apart" in error.value for error in script.error)


def test_steps_that_were_too_large_are_taken_back() -> None:
    script = open_link("why", about="step", rate="10", learn="samples")
    script.session_state["why_step_learner"].losses.append(1.0)
    model = script.session_state["why_step_learner"].model = untrained()
    with torch.no_grad():
        model.get_parameter("fc.bias").fill_(float("inf"))
    script.run()
    assert any("must be finite numbers" in error.value for error in script.error)
    press(script, "Reset")
    assert not script.error
    assert "−log p" in texts(script)


def test_a_guess_is_of_one_network_and_goes_with_it() -> None:
    script = open_link("why", **ASKED)
    (toggle,) = [each for each in script.toggle if each.label == "Predict first"]
    toggle.set_value(True).run()
    choose(script, f"What will the step do to {WEIGHT}?", "it grows")
    assert spelled(script)
    press(script, "Take the step")
    assert not sent(script, "terms")
    guesses = script.session_state["why_step_guesses"]
    start = script.session_state["why_step_learner"].start
    assert {model: dict(said) for model, said in guesses.items() if said} == {start: {WEIGHT: 0}}
    press(script, "Reset")
    assert spelled(script)


def test_a_network_of_shuffled_pixels_learns_from_shuffled_test_images() -> None:
    recipe = {"recipe": json.dumps({"dataset": "digits", "shuffle_pixels": 3})}
    checkpoint = Checkpoint(untrained(), recipe, "shuffled")
    script = with_network(checkpoint, learn=TEST)
    tests = examples(checkpoint).first(32)
    images, labels = map(torch.from_numpy, (tests.images, tests.labels))
    loss = F.cross_entropy(checkpoint.model(images), labels).item()
    assert f"mean loss goes from {short(loss, 4)} to" in texts(script)
