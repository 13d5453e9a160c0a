"""Chromium and the app's server, as plain functions: the tests and the benchmarks use both."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from playwright.sync_api import Browser, Playwright, sync_playwright

ROOT = Path(__file__).parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
ENDS = 60
"""Seconds that a server may take to end on a busy machine; Jupyter's has a kernel to end first."""

# A test's page lives for seconds: collecting its garbage in several threads, and often, or
# optimizing code that runs only a few times more, costs more than it brings.
SHORT_LIVED = "--js-flags=--min-semi-space-size=32 --single-threaded-gc --no-opt --no-maglev"


def executable() -> str | None:
    """The system's Chromium; None where there is none, and Playwright has to have its own."""
    return _installed("chromium", "chromium-browser", "google-chrome")


def _installed(*names: str) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def launch(playwright: Playwright, arguments: list[str] | None = None) -> Browser:
    """The system's Chromium where there is one, else Playwright's own build."""
    return playwright.chromium.launch(
        executable_path=executable(),
        args=ARGUMENTS if arguments is None else arguments,
        timeout=120_000,
    )


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


@contextmanager
def browser_for_tests() -> Iterator[Browser]:
    """The same engine at the least cost: without a window's parts where Debian has it apart.

    Nothing is to be measured with it.
    """
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=_installed("chromium-headless-shell") or executable(),
            args=[*ARGUMENTS, SHORT_LIVED],
            timeout=120_000,
        )
        yield opened
        opened.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def server(
    environment: dict[str, str] | None = None,
    wait: float = 120,
    script: str | Path = "app.py",
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The real app, or another `script`, on a free port: its address and its process."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(script)),
        *("--server.port", str(port)),
        *("--server.address", "127.0.0.1"),
    ]
    url = f"http://127.0.0.1:{port}"
    with serving(command, f"{url}/_stcore/health", environment, wait) as process:
        yield url, process


@contextmanager
def serving(
    command: list[str],
    answers: str,
    environment: dict[str, str] | None = None,
    wait: float = 120,
    folder: Path = ROOT,
) -> Iterator[subprocess.Popen[bytes]]:
    """The process of a `command` that serves, run in `folder`, once the address `answers` does."""
    # A file and no pipe: nobody reads while it serves, and a full pipe would hold the server up.
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            cwd=folder,
            # One torch thread, as everywhere in the tests: two servers may share two cores.
            env={**os.environ, "OMP_NUM_THREADS": "1", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        try:
            wait_for(answers, process, wait, said)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=ENDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise RuntimeError(f"the server didn't end within {ENDS} s of SIGTERM") from None


def wait_for(
    url: str, process: subprocess.Popen[bytes], seconds: float, said: IO[bytes] | None = None
) -> None:
    """Until something answers there; whatever `process` has `said` when it ends before."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            heard = b""
            if said is not None:
                said.seek(0)
                heard = said.read()
            raise RuntimeError(f"the server stopped with {process.returncode}: {heard.decode()}")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"the server didn't answer at {url} within {seconds} s")
