"""A run's curve as a table."""

import pytest

from cnnviz.export import curve
from cnnviz.runs import folders, history, recorder
from cnnviz.training.config import TrainingConfig

SMALL = TrainingConfig(preset="own", dataset="digits", train_size=96, epochs=2, batch_size=32)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = folders.create(SMALL, "a <b>run</b> ü 数", runs=tmp_path_factory.mktemp("runs"))
    recorder.record(folder)
    return history.read(folder)


def test_the_csv_has_every_step_and_every_test(run):
    lines = curve.csv(run.events).splitlines()
    assert lines[0] == "step,loss,learning_rate,test_accuracy,tested"
    rows = [line.split(",") for line in lines[1:]]
    assert [int(row[0]) for row in rows] == [0, 1, 2, 3, 4, 5, 6]
    assert [float(row[1]) for row in rows[1:]] == list(run.events.losses)
    assert {int(row[0]) for row in rows if row[3]} == {0, 1, 2, 3, 5, 6}
