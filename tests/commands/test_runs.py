"""`cnnviz runs` as a person types it."""

import json

from cnnviz.__main__ import main

TINY = ["--preset", "tiny", "--train-size", "96", "--epochs", "2"]


def test_runs_are_listed_newest_first(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CNNVIZ_RUNS", str(tmp_path / "runs"))
    assert main(["train", *TINY, "--title", "older"]) == 0
    assert main(["train", *TINY, "--title", "newer"]) == 0
    capsys.readouterr()
    assert main(["runs", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["title"] for row in rows] == ["newer", "older"]
    assert rows[0]["status"] == "finished"
    assert rows[0]["epochs_done"] == 2
    assert main(["runs"]) == 0
    assert "2/2 epochs" in capsys.readouterr().out
