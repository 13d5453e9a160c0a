"""Files that are whole or not there at all."""

import os
import stat
import threading
from pathlib import Path

import pytest

from cnnviz import files
from cnnviz.files import write_atomically


def part_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")


def test_a_part_left_by_a_killed_process_of_the_same_number_is_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / "file"
    part_of(path).write_bytes(b"longer than what comes")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_in_the_part_s_place_is_not_written_through(tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "run" / "file", tmp_path / "elsewhere"
    path.parent.mkdir()
    elsewhere.write_bytes(b"mine")
    part_of(path).symlink_to(elsewhere)
    write_atomically(path, b"new")
    assert elsewhere.read_bytes() == b"mine"
    assert path.read_bytes() == b"new"
    assert not path.is_symlink()


def test_a_write_that_fails_leaves_the_old_file_and_no_scraps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_written_file_can_be_read_by_others(tmp_path: Path) -> None:
    umask = os.umask(0o022)
    try:
        write_atomically(tmp_path / "file", b"new")
    finally:
        os.umask(umask)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o644
