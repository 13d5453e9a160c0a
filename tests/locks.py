"""Who holds a lock, as the kernel tells it."""

from pathlib import Path

import psutil


def holder(lock: Path) -> psutil.Process:
    """The process that has locked the file with `flock`; AssertionError when there is none.

    The kernel lists locks by inode alone to be trusted (some file systems give `stat` another
    device than the one it names), and two file systems may have the same inode: so the process
    must have opened this very path, too. A lock that was inherited is told of whoever took it,
    who may be gone.
    """
    inode = lock.stat().st_ino
    for line in Path("/proc/locks").read_text().splitlines():
        fields = line.split()
        if "->" in fields or int(fields[5].rsplit(":", 1)[1]) != inode:
            continue
        process = psutil.Process(int(fields[4]))
        if str(lock.resolve()) in (file.path for file in process.open_files()):
            return process
    raise AssertionError(f"nobody holds {lock}")
