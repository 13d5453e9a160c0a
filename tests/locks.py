"""Who holds a lock, as the kernel tells it."""

from pathlib import Path

import psutil


def holder(lock: Path) -> psutil.Process:
    """The process that has locked the file with `flock`; AssertionError when there is none."""
    inode = lock.stat().st_ino
    for line in Path("/proc/locks").read_text().splitlines():
        fields = line.split()
        if "->" not in fields and int(fields[5].rsplit(":", 1)[1]) == inode:
            return psutil.Process(int(fields[4]))
    raise AssertionError(f"nobody holds {lock}")
