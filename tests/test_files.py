"""Files that are whole or not there at all."""

import os
import threading
from pathlib import Path

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
