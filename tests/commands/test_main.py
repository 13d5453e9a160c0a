import sys
from pathlib import Path

import pytest

from cnnviz import __version__
from cnnviz.__main__ import main
from cnnviz.datasets.catalogue import DATASETS
from tests.programs import printed_alone


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "required: COMMAND"),
        (["draw"], "invalid choice: 'draw'"),
        (["predict"], "required: FILE"),
        (["predict", "--width", "3", "a.png"], "unrecognized arguments: --width"),
        (["data", "--root"], "expected one argument"),
    ],
)
def test_a_bad_command_exits_2_with_one_line(arguments, message, capsys):
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert message in err


def test_an_interrupt_ends_without_a_traceback(monkeypatch, capsys):
    def interrupted(root, progress):
        raise KeyboardInterrupt

    monkeypatch.setattr(DATASETS["mnist"].stored, "fetch", interrupted)
    assert main(["data"]) == 130
    assert capsys.readouterr().err == ""


def test_help_and_version(capsys):
    assert main(["--help"]) == 0
    out, _ = capsys.readouterr()
    for command in ("predict", "data", "train", "runs"):
        assert command in out
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"cnnviz {__version__}\n"


@pytest.mark.parametrize("command", ["train", "runs"])
def test_the_training_commands_are_there(command, capsys):
    assert main([command, "--help"]) == 0
    assert f"cnnviz {command}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["--help"], *([command, "--help"] for command in ("predict", "train", "runs"))]
)
def test_help_does_not_wait_for_torch(arguments):
    code = (
        f"import sys; from cnnviz.__main__ import main; main({arguments}); "
        "print({'torch', 'numpy', 'streamlit'} & set(sys.modules))"
    )
    assert printed_alone("-c", code).splitlines()[-1] == "set()"


def test_the_core_does_not_wait_for_torchvision():
    modules = (
        "drawing.preprocessing",
        "networks.checkpoints",
        "drawing.samples",
        "datasets.catalogue",
    )
    code = "\n".join(
        f"import sys, cnnviz.{module}; print({{'torchvision', 'streamlit'}} & set(sys.modules))"
        for module in modules
    )
    assert printed_alone("-c", code).splitlines() == ["set()"] * len(modules)


def test_the_app_is_started_by_streamlit_in_this_process_place(monkeypatch, capsys):
    started = []
    monkeypatch.setattr("os.execv", lambda program, command: started.append((program, command)))
    main(["app", "--port", "8600", "--address", "0.0.0.0"])
    ((program, command),) = started
    assert program == sys.executable
    assert command[:4] == [program, "-m", "streamlit", "run"]
    assert Path(command[4]).is_file()
    assert command[5:] == ["--server.port", "8600", "--server.address", "0.0.0.0"]
    for port in ("0", "65536", "x", "8_0"):
        assert main(["app", "--port", port]) == 2
        assert f"must be a whole number from 1 to 65535, got '{port}'" in capsys.readouterr().err
    assert len(started) == 1
