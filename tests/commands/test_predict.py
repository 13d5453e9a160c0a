"""`cnnviz predict` as a person types it."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image

from cnnviz.__main__ import main
from cnnviz.drawing import samples
from cnnviz.drawing.frames import Frame
from cnnviz.networks import checkpoints
from cnnviz.networks.models import FullyConnected, untrained
from tests.networks.saving import save


@pytest.fixture
def picture(tmp_path):
    """A sample, saved as dark ink on white paper."""

    def save(digit: int, name: str | None = None) -> str:
        path = tmp_path / (name or f"{digit}.png")
        Image.fromarray((255 - 255 * samples.ink(digit)).astype(np.uint8)).save(path)
        return str(path)

    return save


def test_predict_reads_the_digit_in_each_file(picture, capsys):
    three, seven = picture(3), picture(7)
    assert main(["predict", three, seven]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"{three}: 3 (")
    assert lines[1].startswith(f"{seven}: 7 (")
    assert lines[1].endswith("%)")
    assert err == ""


def test_predict_as_json_is_one_object_a_line_and_nothing_else(picture, capsys):
    names = [picture(digit) for digit in range(10)]
    assert main(["predict", "--json", *names]) == 0
    out, _ = capsys.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["digit"] for row in rows] == list(range(10))
    for row, name in zip(rows, names, strict=True):
        assert set(row) == {"file", "digit", "confidence", "probabilities"}
        assert row["file"] == name
        assert len(row["probabilities"]) == 10
        assert sum(row["probabilities"]) == pytest.approx(1, abs=1e-5)
        assert row["confidence"] == max(row["probabilities"])
        assert row["probabilities"][row["digit"]] == row["confidence"]


def test_predict_with_ones_own_weights(picture, tmp_path, capsys):
    seven = picture(7)
    torch.save(untrained(seed=3).state_dict(), tmp_path / "mine.pt")
    assert main(["predict", "--json", "--weights", str(tmp_path / "mine.pt"), seven]) == 0
    mine = json.loads(capsys.readouterr().out)
    shipped = str(checkpoints.CHECKPOINTS / "article.safetensors")
    assert main(["predict", "--json", "--weights", shipped, seven]) == 0
    trained = json.loads(capsys.readouterr().out)
    assert trained["digit"] == 7
    assert mine["confidence"] < 0.5 < trained["confidence"]


def test_predict_names_what_a_network_for_other_pictures_tells_apart(picture, tmp_path, capsys):
    frame = Frame((3, 12, 16), box=None, ground="white")
    model = FullyConnected(4, picture=frame.shape, classes=2)
    sure = {"fc2.bias": torch.tensor([0.0, 50.0])}  # whatever is drawn
    model.load_state_dict(model.state_dict() | sure)
    described = {"frame": json.dumps(frame.to_dict()), "classes": json.dumps(["cat", "dog"])}
    save(tmp_path / "pets.safetensors", model, described)
    weights = str(tmp_path / "pets.safetensors")
    seven = picture(7)
    assert main(["predict", "--weights", weights, seven]) == 0
    assert capsys.readouterr().out.startswith(f"{seven}: dog (")
    assert main(["predict", "--json", "--weights", weights, seven]) == 0
    row = json.loads(capsys.readouterr().out)
    assert set(row) == {"file", "class", "confidence", "probabilities"}
    assert row["class"] == "dog"


def bad_picture(tmp_path, name: str, content: bytes) -> str:
    (tmp_path / name).write_bytes(content)
    return str(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("page.png", b"%PDF-1.7", "a PDF"),
        ("empty.png", b"", "empty"),
        ("text.jpg", b"hello", "not a picture"),
        ("cut.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture"),
    ],
)
def test_a_bad_picture_exits_2_with_one_line(tmp_path, capsys, name, content, message):
    path = bad_picture(tmp_path, name, content)
    assert main(["predict", "--json", path]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert err.startswith(f"cnnviz predict: {path}: ")
    assert message in err


def test_a_missing_file_and_a_folder_exit_2_with_one_line_each(tmp_path, capsys):
    assert main(["predict", str(tmp_path / "nowhere.png"), str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.rsplit(": ", 1)[1] for line in err.splitlines()] == [
        "No such file or directory",
        "Is a directory",
    ]


def test_a_bad_file_does_not_keep_the_others_from_being_read(picture, tmp_path, capsys):
    bad = bad_picture(tmp_path, "bad.png", b"bad")
    assert main(["predict", "--json", bad, picture(5)]) == 2
    out, err = capsys.readouterr()
    assert [json.loads(line)["digit"] for line in out.splitlines()] == [5]
    assert len(err.splitlines()) == 1


def test_bad_weights_exit_2_with_one_line(picture, tmp_path, capsys):
    state = untrained().state_dict()
    state["fc.weight"] = torch.zeros(10, 100)
    torch.save(state, tmp_path / "bad.pt")
    assert main(["predict", "--weights", str(tmp_path / "bad.pt"), picture(1)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "fc.weight has shape (10, 100), it should be (10, 200)" in err


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell's pipe")
def test_as_a_program_into_a_pipe_that_closes_early(picture):
    ended = subprocess.run(
        f"{sys.executable} -m cnnviz predict --json {picture(0)} {picture(1)} {picture(2)} "
        "| head -n 1",
        shell=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(ended.stdout)["digit"] == 0
    assert ended.stderr == ""
