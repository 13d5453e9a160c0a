"""Arrays that are kept by name: found again, bounded, and made anew where they can't be read."""

import os
from pathlib import Path

import numpy as np

from cnnviz.reasons.kept import Kept


def files(folder: Path) -> list[Path]:
    return sorted((folder / "kept" / "some").glob("*.safetensors"))


def test_they_are_made_once_and_found_by_another_process(tmp_path: Path) -> None:
    made = []

    def make():
        made.append(1)
        return {"a": np.arange(3, dtype=np.float32)}

    assert Kept("some", 1000).get("x", make)["a"].tolist() == [0, 1, 2]
    assert Kept("some", 1000).get("x", make)["a"].tolist() == [0, 1, 2]
    assert len(made) == 1
    assert len(files(tmp_path)) == 1


def test_those_used_longest_ago_go_where_there_are_too_many_bytes(tmp_path: Path) -> None:
    kept = Kept("some", 1000)
    for age, name in enumerate(("old", "older", "new")):
        kept.put(name, {"a": np.zeros(80, np.float32)})  # 400 bytes and more
        for path in files(tmp_path):
            if path.stat().st_mtime > 10_000:
                os.utime(path, (1000 - 10 * age, 1000 - 10 * age))
    kept.put("last", {"a": np.zeros(80, np.float32)})
    assert len(files(tmp_path)) == 2
    assert Kept("some", 1000).find("last") is not None
    assert Kept("some", 1000).find("new") is None


def test_what_is_damaged_or_too_large_or_cannot_be_written_is_made_anew(
    tmp_path: Path, monkeypatch
) -> None:
    kept = Kept("some", 1000)
    kept.put("x", {"a": np.zeros(3, np.float32)})
    files(tmp_path)[0].write_bytes(b"not such a file")
    assert Kept("some", 1000).find("x") is None
    assert Kept("some", 1000).get("x", lambda: {"a": np.ones(1)})["a"].tolist() == [1]
    assert kept.put("large", {"a": np.zeros(5000, np.float32)})["a"].shape == (5000,)
    assert len(files(tmp_path)) == 1
    monkeypatch.setenv("CNNVIZ_KEPT", "/proc/none")
    assert kept.get("y", lambda: {"a": np.ones(2)})["a"].tolist() == [1, 1]
