"""What is read from a run's events: how fast it trains."""

from pathlib import Path

import pytest

from cnnviz.runs import folders
from cnnviz.runs.history import Events, Run
from cnnviz.training.config import TrainingConfig
from cnnviz.training.events import Epoch, Step

CONFIG = TrainingConfig(preset="own", dataset="digits", train_size=100, epochs=2, batch_size=40)


def run(*events: Step | Epoch) -> Run:
    told = Events()
    for event in events:
        told.add(event)
    folder = Path("made")
    about = folders.About("made", 0.0)
    return Run("made", folder, about, CONFIG, told, "running")


def test_images_a_second_count_the_steps_alone_and_the_last_batch_as_large_as_it_is() -> None:
    steps = [Step(at, 1, 2.0, 0.001, at * 0.5) for at in (1, 2, 3)]
    # From the first step's end to the second's: 40 images in half a second.
    assert run(*steps[:2]).samples_per_second == pytest.approx(80)
    # The third batch has the 20 images that were left of 100.
    epoch = Epoch(1, 3, 6.0, 2.0, 0.5, 1.5, 100 / 1.5)
    assert run(*steps, epoch).samples_per_second == pytest.approx(60)
    # A new epoch's time begins anew; one step of it tells no speed yet.
    assert run(*steps, epoch, Step(4, 2, 2.0, 0.001, 0.5)).samples_per_second is None
