"""Exported programs, run and held against our own training."""

import runpy

import pytest

from cnnviz.training.config import TrainingConfig
from cnnviz.training.events import Epoch
from cnnviz.training.loop import train


def assert_trains_as_we_do(program: str, config: TrainingConfig, folder, monkeypatch, capsys):
    """Run `program` in `folder`, in this process: its losses are those of `config` here."""
    (folder / "train.py").write_text(program)
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.argv", ["train.py"])
    runpy.run_path("train.py", run_name="__main__")
    printed = capsys.readouterr().out.splitlines()
    ours = [event.loss_sum for event in train(config) if isinstance(event, Epoch)]
    theirs = [float(line.split("loss ")[1].split(",")[0]) for line in printed]
    assert theirs == pytest.approx(ours, abs=2e-3)
