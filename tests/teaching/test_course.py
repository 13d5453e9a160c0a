"""What a lesson is trained on, and that a network learns it: in the same engine as any other."""

import statistics
from dataclasses import replace

import numpy as np
import pytest
import torch

from cnnviz.datasets import own
from cnnviz.networks.models import SimpleCNN
from cnnviz.teaching.course import Choices, course, recipe, settings, with_scribbles
from cnnviz.teaching.lesson import OTHER_ID, Lesson, stacked
from cnnviz.training.events import Saved
from cnnviz.training.loop import train
from cnnviz.training.testing import readings
from tests.teaching import pen
from tests.teaching.lessons import lesson, pictures


@pytest.fixture(autouse=True)
def collections(monkeypatch, tmp_path):
    monkeypatch.setenv("CNNVIZ_OWN", str(tmp_path / "own"))


def trained(made: Lesson, choices: Choices | None = None) -> SimpleCNN:
    plan = course(made)
    own.save(plan.collection)
    config = settings(plan, choices or Choices())
    *_, last = train(config)
    assert isinstance(last, Saved)
    model = SimpleCNN(config.architecture)
    model.load_state_dict(dict(last.state.weights))
    return model.eval()


def test_of_each_symbol_a_fair_part_is_held_back_and_nobody_chose_it():
    made = lesson(count=10)
    plan = course(made)
    assert plan.labels == {d.id: d.symbol - 1 for d in made.drawings}
    held = [sum(d.id in plan.held for d in made.of(symbol.id)) for symbol in made.symbols]
    assert held == [2, 2, 2]
    # The order in which they were drawn has no say in it.
    backwards = replace(made, drawings=made.drawings[::-1])
    assert course(backwards).held == plan.held
    assert course(made.crossed(1)).labels.keys() == plan.labels.keys() - {1}


def test_with_too_few_drawings_it_says_what_is_missing():
    with pytest.raises(ValueError, match="needs 3 drawings at least: triangle has 2"):
        course(lesson(count=3).crossed(1))


def test_few_drawings_are_seen_often_and_thousands_five_times():
    assert [recipe(count)["epochs"] for count in (6, 48, 150, 400, 1000, 5000)] == [
        *(40, 40, 26, 10, 15, 5),
    ]
    assert all(type(recipe(count)["epochs"]) is int for count in range(6, 5000, 99))


@pytest.mark.parametrize("names", [pen.SETS[1]])
@pytest.mark.parametrize("start", ["article", "random"])
def test_it_learns_look_alikes_from_20_drawings_of_each(names, start):
    model = trained(lesson(names, 20, seed=7), Choices(start=start))
    fresh = [pictures(name, 10, 900 + at) for at, name in enumerate(names)]
    images = torch.from_numpy(np.concatenate(fresh)).float().div(255).unsqueeze(1)
    found = readings(model, images, torch.arange(3).repeat_interleave(10))
    assert found.accuracy >= 0.9


def test_what_is_none_of_the_symbols_is_learnt_from_scribbles():
    made = with_scribbles(lesson(pen.SETS[2], 12).with_other())
    assert made.count(OTHER_ID) == 12
    assert with_scribbles(made).count(OTHER_ID) == 12
    model = trained(made)
    images = torch.from_numpy(stacked(made.of(OTHER_ID))).float().div(255).unsqueeze(1)
    with torch.inference_mode():
        read = model(images).argmax(1)
    assert statistics.mean((read == 3).tolist()) > 0.8
