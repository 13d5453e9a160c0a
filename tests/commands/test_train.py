"""`cnnviz train` as a person types it."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch

from cnnviz.__main__ import main
from cnnviz.networks import checkpoints
from cnnviz.runs import control, folders, history, locks, recorder
from cnnviz.training.config import SETTINGS

TINY = ["--preset", "tiny", "--train-size", "96", "--epochs", "2"]


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("CNNVIZ_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


def test_an_epoch_is_a_line_of_json_and_nothing_else_is_on_stdout(capsys):
    assert main(["train", *TINY, "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["epoch"] for row in rows] == [1, 2]
    for row in rows:
        assert list(row) == [
            *("epoch", "loss_sum", "loss_mean", "test_accuracy", "seconds", "samples_per_second")
        ]
        assert row["loss_mean"] == pytest.approx(row["loss_sum"] / 3)


def test_layers_of_ones_own_that_do_not_fit_are_refused_before_anything_is_trained(capsys):
    assert main(["train", *TINY, "--layers", "conv2d 4 3, linear 10"]) == 2
    assert capsys.readouterr().err == (
        "cnnviz train: layers: fc: it reads a vector, and gets 4×26×26 maps; "
        "put flatten before fc\n"
    )
    assert not history.read_all()


def test_every_setting_of_the_page_is_an_option(capsys):
    arguments = [  # each another than it is by default, those too that this model has no use for
        *("--model", "fully-connected", "--start", "article"),
        *("--channels", "3", "5", "--kernel-size", "5", "--activation", "tanh"),
        *("--pooling", "average", "--hidden", "4", "--batch-size", "48", "--optimizer", "sgd"),
        *("--learning-rate", "0.05", "--momentum", "0.5", "--schedule", "constant"),
        *("--augmentation", "shifts", "--shuffle-pixels", "3", "--seed", "7", "--threads", "2"),
        *("--dataset", "digits", "--title", "all of them", "--layers", "flatten, linear 10"),
    ]
    assert main(["train", *TINY, *arguments]) == 0
    (run,) = history.read_all()
    assert isinstance(run, history.Run)
    assert run.config.to_dict() == {
        **{"preset": "own", "dataset": "digits", "model": "FullyConnected", "channels": (3, 5)},
        **{"kernel_size": 5, "activation": "tanh", "pooling": "average", "hidden": 4},
        **{"epochs": 2, "batch_size": 48, "optimizer": "sgd", "learning_rate": 0.05},
        **{"momentum": 0.5, "schedule": "constant", "augmentation": "shifts"},
        **{"train_size": 96, "shuffle_pixels": 3, "seed": 7, "threads": 2},
        **{"layers": "flatten, linear 10", "start": "article"},
    }
    assert run.about.title == "all of them"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--learning-rate", "-1"], "learning_rate must be a number from"),
        (["--resume", "../../no/such"], "a run's name is"),
        (["--resume", "nothing"], "no run called 'nothing'"),
        (["--resume", ""], "--resume needs a run's name or its folder"),
        (["--out", "/no/such/folder/x.safetensors"], "/no/such/folder"),
        (["--out", "/"], "--out must be a file, but / is a folder"),
    ],
)
def test_bad_input_exits_2_with_one_line(arguments, message, capsys):
    assert main(["train", "--preset", "tiny", *arguments]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""
    assert history.read_all() == []


def test_the_weights_written_out_open_as_a_checkpoint(tmp_path):
    out = tmp_path / "trained.safetensors"
    assert main(["train", *TINY, "--out", str(out)]) == 0
    assert len(checkpoints.load(out).losses) == 2


def test_the_suffix_of_out_says_what_is_written(tmp_path):
    for suffix in ("onnx", "pt"):
        assert main(["train", *TINY, "--out", str(tmp_path / f"trained.{suffix}")]) == 0
    images = torch.rand(2, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        expected = checkpoints.load(tmp_path / "trained.pt").model(images).numpy()
    session = onnxruntime.InferenceSession(tmp_path / "trained.onnx")
    (found,) = session.run(None, {"image": images.numpy()})
    np.testing.assert_allclose(np.asarray(found), expected, atol=1e-5)


def test_without_the_onnx_package_it_says_so_before_it_trains(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(["train", *TINY, "--out", str(tmp_path / "trained.onnx")]) == 2
    assert "pip install 'cnnviz[onnx]'" in capsys.readouterr().err
    assert history.read_all() == []


@pytest.mark.long
def test_ctrl_c_stops_cleanly_and_resume_goes_on_in_the_same_run(tmp_path, root):
    folder = tmp_path / "mine"
    command = [sys.executable, "-m", "cnnviz", "train", "--preset", "tiny", "--epochs", "100"]
    with subprocess.Popen(
        [*command, "--run-dir", str(folder)],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=dict(os.environ),
    ) as process:
        deadline = time.monotonic() + 60
        while not folder.exists() or history.read(folder).events.last_step < 60:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr is not None
        assert f"--resume {folder}" in process.stderr.read()
    stopped = history.read(folder)
    assert stopped.status == "stopped"
    folders.write_json(folder / folders.CONFIG, {**folders.config(folder).to_dict(), "epochs": 3})
    if len(stopped.events.epochs) < 3:
        assert main(["train", "--resume", str(folder)]) == 0
        assert history.read(folder).status == "finished"


def test_a_finished_run_is_resumed_for_more_epochs_but_not_with_other_settings(capsys):
    assert main(["train", *TINY]) == 0
    (run,) = history.read_all()
    assert main(["train", "--resume", run.name, "--seed", "5"]) == 2
    assert "--seed can't go with it" in capsys.readouterr().err
    assert main(["train", "--resume", run.name, "--epochs", "1"]) == 2
    assert "epochs can only grow" in capsys.readouterr().err
    assert main(["train", "--resume", run.name, "--epochs", "3"]) == 0
    run = history.read(run.folder)
    assert [row.epoch for row in run.events.epochs] == [1, 2, 3]


def test_a_run_that_another_process_trains_is_not_resumed_and_keeps_what_it_was_told(capsys):
    assert main(["train", *TINY]) == 0
    (run,) = history.read_all()
    control.send(run.folder, wish="pause")
    capsys.readouterr()
    with locks.training(run.folder):
        assert main(["train", "--resume", run.name, "--epochs", "3"]) == 2
    assert "already being trained" in capsys.readouterr().err
    assert control.read(run.folder).wish == "pause"
    assert folders.config(run.folder).epochs == 2


@pytest.mark.parametrize(
    ("wish", "code", "status"), [("run", 0, "finished"), ("stop", 130, "stopped")]
)
def test_what_is_asked_of_a_run_that_has_just_paused_is_done_by_who_still_has_it(
    monkeypatch: pytest.MonkeyPatch, wish: Any, code: int, status: str
):
    record, times = recorder.record, []

    def paused_and_asked(folder: Path, *rest: Any) -> None:
        times.append(folder)
        if len(times) == 1:
            control.send(folder, wish="pause")
        record(folder, *rest)
        if len(times) == 1:
            assert history.read(folder).status == "paused"
            control.send(folder, wish=wish)  # a page saw the lock held, and left it at that

    monkeypatch.setattr(recorder, "record", paused_and_asked)
    assert main(["train", *TINY]) == code
    assert history.read(times[0]).status == status


def test_there_is_an_option_for_every_row_of_the_table_with_the_form_s_own_help(capsys):
    assert main(["train", "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for setting in SETTINGS.values():
        assert f"--{setting.name.replace('_', '-')} " in shown
        assert setting.help in shown


@pytest.mark.parametrize(
    ("option", "value", "right"),
    [("--kernel-size", "4", "1, 3, 5, 7"), ("--model", "SimpleCNN", "'cnn', 'fully-connected'")],
)
def test_a_choice_that_is_none_is_refused_with_those_there_are(option, value, right, capsys):
    assert main(["train", option, value]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert right in line


def test_a_bar_is_wiped_before_an_epoch_is_printed(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["train", *TINY]) == 0
    captured = capsys.readouterr()
    assert f"epoch 1/2 [{'#' * 10}{'.' * 20}] loss " in captured.err
    assert captured.err.endswith("\r")
    assert len(captured.out.splitlines()) == 2
