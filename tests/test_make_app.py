"""What `make app` says before it downloads, and what it does where an index is out of reach."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOWHERE = "http://127.0.0.1:9/whl/cpu"  # the discard port: nothing answers there


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    # Run by make itself, the tests would hand on that make's flags.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=clean, capture_output=True, text=True, timeout=120
    )


@pytest.fixture(scope="module")
def empty_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Neither test installs anything into it."""
    environment = tmp_path_factory.mktemp("empty") / "environment"
    venv.create(environment, with_pip=True)
    return environment


@pytest.mark.long
def test_the_small_build_falls_back_where_its_index_cannot_be_reached(empty_environment: Path):
    done = make(f"VENV={empty_environment}", f"TORCH_CPU_INDEX={NOWHERE}", "torch-cpu")
    assert done.returncode == 0, done.stderr
    assert "0.4 GB" in done.stdout
    assert "can't be reached" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="the large build is Linux's")
def test_the_large_build_is_announced_with_its_size_and_the_small_ones_word(
    empty_environment: Path,
):
    said = make(f"VENV={empty_environment}", "torch-default").stdout
    assert "3.2 GB" in said
    assert "make app TORCH=cpu" in said


def test_an_unknown_build_is_refused_by_name():
    done = make("-n", "app", "TORCH=gpu")
    assert done.returncode != 0
    assert "TORCH must be default or cpu, got 'gpu'" in done.stderr
