"""Programs that cnnviz gives away or is, run: what they print."""

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path


def printed(code: str) -> str:
    """By `code` in this process, which has imported torch already."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "program.py", "exec"), {"__name__": "__main__"})
    return out.getvalue()


def printed_alone(*arguments: str, folder: Path | None = None, **environment: str) -> str:
    """By a Python of its own that is started with `arguments` in `folder`."""
    return printed_by(sys.executable, *arguments, folder=folder, **environment)


def printed_by(*command: str, folder: Path | None = None, **environment: str) -> str:
    """By a program of its own."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
