"""A run and a lab as one file: how much of them is in it, and what can't be."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from cnnviz.drawing import sources
from cnnviz.export import run_page
from cnnviz.export.lab_page import layer_page, signal_page
from cnnviz.labs import convolution_1d, convolution_2d, signals
from cnnviz.labs.convolution_1d import Sliding
from cnnviz.networks import checkpoints
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.trace import trace
from cnnviz.runs import folders, history, recorder
from cnnviz.runs.history import Run
from cnnviz.training.config import TrainingConfig
from cnnviz.views.explorer import Start
from cnnviz.views.network import Painting
from cnnviz.views.signal import signal_message
from tests.export.test_page import MOST, data_of

SMALL = TrainingConfig(preset="own", dataset="digits", train_size=160, epochs=2, batch_size=32)
Opened = Callable[[int], Checkpoint]


@pytest.fixture(scope="module")
def start() -> Start:
    source = sources.sample(7)
    return Start(sources.seen(source, None, centre=True), source.shown, truth="7")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Opened]:
    return recorded(tmp_path_factory.mktemp("runs"), SMALL)


def recorded(runs: Path, config: TrainingConfig) -> tuple[Run, Opened]:
    folder = folders.create(config, "small </script>", runs=runs)
    recorder.record(folder)

    def opened(step: int) -> Checkpoint:
        return checkpoints.load_safetensors(folders.read_snapshot(folder, step), f"step {step}")

    return history.read(folder), opened


def test_a_runs_page_has_its_snapshots_each_with_its_own_weights(
    small: tuple[Run, Opened], start: Start
):
    run, opened = small
    made = run_page.run_page(run, opened, start)
    assert len(made.encode()) <= MOST
    assert "<h1>small &lt;/script&gt;</h1>" in made
    data = data_of(made)
    film = data["film"]
    steps = [row.step for row in run.events.snapshots]
    assert [frame["step"] for frame in film["frames"]] == steps
    assert film["part"] == ""
    assert len({weights["id"] for weights in film["weights"]}) == len(steps) > 2
    assert film["weights"][-1]["id"] == data["trace"]["weights"]
    assert film["curve"]["steps"][-1] == run.events.last_step
    image = torch.tensor(start.prepared.image)[None]
    for frame in film["frames"]:
        with torch.no_grad():
            probabilities = opened(frame["step"]).model(image).softmax(1)[0]
        assert frame["read"] == str(int(probabilities.argmax()))
        assert frame["confidence"] == pytest.approx(float(probabilities.max()), abs=1e-4)


def test_of_more_snapshots_than_have_room_there_are_as_many_as_fit(
    small: tuple[Run, Opened], start: Start, monkeypatch: pytest.MonkeyPatch
):
    run, opened = small
    steps = [row.step for row in run.events.snapshots]
    whole = len(run_page.run_page(run, opened, start).encode())
    most = whole - 20_000
    monkeypatch.setattr(run_page, "MOST_BYTES", most)
    made = run_page.run_page(run, opened, start)
    assert most - 20_000 < len(made.encode()) <= most
    film = data_of(made)["film"]
    shown = [frame["step"] for frame in film["frames"]]
    assert [shown[0], shown[-1]] == [steps[0], steps[-1]]
    assert film["part"] == f"{len(shown)} of the run's {len(steps)} snapshots"


def test_a_run_of_shuffled_pixels_and_one_without_snapshots_are_refused(
    tmp_path: Path, start: Start
):
    folder = folders.create(SMALL, "waits", runs=tmp_path)
    with pytest.raises(ValueError, match="no snapshot yet"):
        run_page.run_page(history.read(folder), lambda step: checkpoints.article(), start)
    run, opened = recorded(tmp_path, TrainingConfig(**{**vars(SMALL), "shuffle_pixels": 1}))
    with pytest.raises(ValueError, match="can't shuffle a drawing's pixels"):
        run_page.run_page(run, opened, start)


def test_labs_pages_are_small_and_say_what_they_leave_to_the_app():
    layer = convolution_2d.layer(torch.randn(2, 1, 3, 3), convolution_2d.Settings(), torch.zeros(2))
    made = layer_page(trace(layer, torch.rand(1, 1, 9, 9)), "2D <b>", Painting(), "conv.0.1.3")
    assert len(made.encode()) <= MOST
    assert "<h1>2D &lt;b&gt;</h1>" in made
    assert "stays as it is in this file" in made
    options = data_of(made)["trace"]["options"]
    assert options["pin"] == "conv.0.1.3"
    assert options["changes"]["text"] == ""

    signal, kernel = signals.Numbers(("1", "2", "3")), signals.Numbers(("1", "-1"))
    result = convolution_1d.convolve(signal.values, kernel.values, Sliding())
    made = signal_page(signal_message(signal, kernel, Sliding(), result))
    assert len(made.encode()) <= MOST
    assert "are in the app" in made
    assert data_of(made)["signal"]["alone"] is True
    assert np.allclose(result, [1, 1, 1, -3])
