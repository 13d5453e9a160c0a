"""`cnnviz data` as a person types it."""

import json
import shlex
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnviz.__main__ import main
from cnnviz.datasets import own
from cnnviz.datasets.catalogue import DATASETS
from cnnviz.datasets.stored import Unavailable, folder


def test_data_says_where_mnist_is(mnist, capsys):
    assert main(["data", "--root", str(folder())]) == 0
    out, err = capsys.readouterr()
    assert str(folder() / "MNIST" / "raw") in out
    assert err == ""
    assert main(["data", "--root", str(folder()), "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "root": str(folder()),
        "files": str(folder() / "MNIST" / "raw"),
        "train": 60_000,
        "test": 10_000,
    }


def test_data_that_cannot_be_had_exits_1_with_one_line(monkeypatch, capsys):
    def nowhere(root, progress):
        progress(10, 100)
        raise Unavailable("no\nnetwork")

    monkeypatch.setattr(DATASETS["mnist"].stored, "fetch", nowhere)
    assert main(["data", "--json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "cnnviz data: no network\n"


def test_the_progress_bar_goes_to_stderr_where_somebody_looks(monkeypatch, capsys, tmp_path):
    def fetch(root, progress):
        for done in range(0, 11):
            progress(done * 1_000_000, 10_000_000)
        return tmp_path

    monkeypatch.setattr(DATASETS["mnist"].stored, "fetch", fetch)
    assert main(["data", "--json"]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["data", "--json"]) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1
    assert f"[{'#' * 30}] 10.0 of 10.0 MB" in err
    assert err.endswith("\n")


@pytest.fixture
def signs(tmp_path: Path) -> Path:
    """A folder of red and blue pictures, and a file that is none."""
    folder = tmp_path / "signs"
    for at in range(12):
        picture = np.full((20, 20, 3), (220, 0, 10 * at) if at % 2 else (0, 10 * at, 220), np.uint8)
        (folder / ("red", "blue")[at % 2]).mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(folder / ("red", "blue")[at % 2] / f"{at}.png")
    (folder / "red" / "notes.txt").write_text("hello")
    return folder


def test_pictures_of_one_s_own_are_added_trained_on_and_deleted(signs, capsys):
    options = ["--title", "My signs", "--size", "16", "--channels", "3"]
    assert main(["data", "add", str(signs), *options]) == 0
    out, err = capsys.readouterr()
    (name,) = own.names()
    assert f"My signs is kept as {name} in {own.where()}:" in out
    assert "10 training and 2 test pictures, 2 classes (blue, red)." in out
    assert f"cnnviz train --data {name}" in out
    assert err.startswith("cnnviz data: left out: red/notes.txt: This file is not a picture")
    assert own.load(name).images.shape == (12, 3, 16, 16)

    assert main(["data", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == f"{name}: My signs, 16×16, 2 classes, 12 pictures"
    assert main(["data", name, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["train"] == 10
    assert main(["train", "--data", name, "--epochs", "1", "--model", "fully-connected"]) == 0
    assert "epoch  1" in capsys.readouterr().out

    assert main(["data", "delete", name]) == 0
    assert capsys.readouterr().out == f"{name} is deleted for good.\n"
    assert own.names() == []


def test_pictures_that_are_added_elsewhere_are_found_there(signs, capsys, monkeypatch):
    there = str(signs.parent / "else where")
    assert main(["data", "add", str(signs), "--channels", "3", "--root", there]) == 0
    (name,) = own.names(there)
    assert own.names() == []
    said = capsys.readouterr().out.splitlines()[-1].removeprefix("Train on them: ")

    assert main(["data", "list", "--root", there]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"{name}: signs, 28×28, 2 classes, 12 pictures"
    assert main(["data", name, "--root", there, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == str(own.where(there))
    assert main(["data", name]) == 2
    assert "isn't on this machine" in capsys.readouterr().err

    setting, program, *words = shlex.split(said)
    variable, _, folder = setting.partition("=")
    assert (variable, program) == ("CNNVIZ_OWN", "cnnviz")
    monkeypatch.setenv(variable, folder)
    assert main([*words, "--epochs", "1", "--model", "fully-connected"]) == 0


def test_a_folder_gives_its_name_and_json_says_what_was_left_out(signs, capsys):
    assert main(["data", "add", str(signs), "--channels", "3", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["title"], told["shape"], told["train"]) == ("signs", [3, 28, 28], 10)
    assert len(told["skipped"]) == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["add"], 2, "add needs a folder or a zip"),
        (["delete"], 2, "delete needs a name"),
        (["mnits"], 2, "must be one of mnist, digits, "),
        (["mnist", "x"], 2, "'x' can't go with mnist"),
        (["add", "nowhere"], 2, "nowhere can't be read: No such file"),
        (["add", "nowhere", "--size", "100"], 2, "8 to 64 rows and columns"),
        (["delete", "mnist"], 2, "is called own-"),
        (["delete", "own-x-000000000000"], 1, "isn't on this machine"),
    ],
)
def test_words_that_make_no_sense_are_answered_in_one_line(words, code, said, capsys):
    assert main(["data", *words]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert len(err.splitlines()) == 1
