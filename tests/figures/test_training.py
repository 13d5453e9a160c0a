"""The curves' figures: what stands where."""

import math

import numpy as np
import pytest

from cnnviz.figures import training as figures
from cnnviz.runs import folders, history, recorder
from cnnviz.runs.history import is_kept
from cnnviz.training.config import TrainingConfig
from cnnviz.training.events import Wish

SMALL = TrainingConfig(preset="own", dataset="digits", train_size=96, epochs=4, batch_size=32)


@pytest.fixture
def run(tmp_path):
    """Twelve steps; the learning rate changes after some of them."""
    folder = folders.create(SMALL, "small <run>", runs=tmp_path)
    asked = iter(range(10**6))
    recorder.record(folder, lambda: Wish(learning_rate=0.02) if next(asked) == 5 else None)
    return history.read(folder)


def test_a_changed_setting_is_a_mark_at_its_step_with_its_words_beside_it(run):
    (change,) = run.events.changes
    layout = figures.curve(run).to_dict()["layout"]
    (mark,) = layout["shapes"]
    assert (mark["x0"], mark["x1"]) == (change.step, change.step)
    words = layout["annotations"][1]
    assert words["text"] == "learning rate 0.02"
    # Plotly's words lie at the logarithm on a logarithmic axis, where its shapes do not.
    assert words["x"] == pytest.approx(math.log10(change.step))


def test_the_row_of_words_has_the_latest_numbers_and_the_axis_says_how_many_epochs(run):
    layout = figures.curve(run).to_dict()["layout"]
    title = layout["annotations"][0]["text"]
    assert f"loss {figures.smoothed(run)[1][-1]:.3f}" in title
    assert f"test accuracy {100 * run.events.snapshots[-1].test_accuracy:.1f} %" in title
    ticks = dict(zip(layout["xaxis"]["tickvals"], layout["xaxis"]["ticktext"], strict=True))
    assert ticks[12] == "4 epochs"
    assert 10 not in ticks
    assert ticks[figures.ZERO] == "step 0"


def test_a_smoothed_loss_is_the_mean_around_it_and_at_the_end_of_those_before(run):
    losses = list(run.events.losses)
    steps, smooth = figures.smoothed(run)
    assert steps == list(run.events.steps)
    assert smooth[3] == pytest.approx(losses[3], abs=1e-5)
    assert smooth[10] == pytest.approx(sum(losses[9:12]) / 3, abs=1e-5)
    assert smooth[11] == pytest.approx(sum(losses[10:12]) / 2, abs=1e-5)


def test_runs_beside_one_another_have_a_colour_each_and_names_that_are_no_markup(run):
    lines = figures.comparison([run, run], ["a <b>", "c"]).to_dict()["data"]
    assert [line["name"] for line in lines] == ["a &lt;b>", "a &lt;b>", "c", "c"]
    colours = [line["line"]["color"] for line in lines]
    assert colours[0] == colours[1] != colours[2] == colours[3]


def test_a_curve_with_gaps_is_drawn_evenly_on_its_logarithmic_axis(run):
    steps = np.array([step for step in range(1, 2_000_001) if is_kept(step)])
    drawn = steps[figures._kept(steps)]
    assert len(drawn) <= figures.POINTS
    assert (drawn[0], drawn[-1]) == (1, 2_000_000)
    assert np.diff(np.log10(drawn[drawn > 1000])).max() < 0.02
