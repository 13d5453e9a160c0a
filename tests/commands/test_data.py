"""`cnnviz data` as a person types it."""

import json
import sys

from cnnviz.__main__ import main
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
