"""What all tests share: the same random numbers each time, no leftovers, and real digits."""

import os
import random
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import hypothesis
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck

# Whoever runs the tests may have settings of their own; only where MNIST lies is asked for.
for name in [*os.environ]:
    if name.startswith(("CNNVIZ_", "STREAMLIT_")) and name != "CNNVIZ_DATA":
        del os.environ[name]


class TorchRandom:
    """torch's generator as hypothesis wants it: the same for each example."""

    def seed(self, seed: int) -> None:
        torch.manual_seed(seed)

    def getstate(self) -> torch.Tensor:
        return torch.get_rng_state()

    def setstate(self, state: torch.Tensor) -> None:
        torch.set_rng_state(state)


TORCH_RANDOM = TorchRandom()  # hypothesis itself keeps only a weak reference
hypothesis.register_random(TORCH_RANDOM)
hypothesis.settings.register_profile(
    "cnnviz",
    derandomize=True,
    database=None,
    # How long something takes says more of the machine than of the code.
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis.settings.load_profile("cnnviz")


def seed(name: str) -> None:
    number = zlib.crc32(name.encode())
    random.seed(number)
    np.random.seed(number)
    torch.manual_seed(number)


# Hooks and not a fixture, since fixtures of a module are made before those of a test: what they
# draw must not depend on which test comes first.
@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef) -> None:
    seed(fixturedef.argname)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    seed(item.name)


@pytest.fixture(autouse=True)
def nothing_left_over(tmp_path: Path) -> Iterator[None]:
    """What is kept goes into the test's folders; what a page's script replaces returns."""
    main = sys.modules["__main__"]
    # Not by the fixture `monkeypatch`: a test that undoes that must not reach the user's own runs.
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CNNVIZ_RUNS", str(tmp_path / "runs"))
        patched.setenv("CNNVIZ_OWN", str(tmp_path / "own"))
        patched.setenv("CNNVIZ_KEPT", str(tmp_path / "kept"))
        yield
    sys.modules["__main__"] = main


class RealDigits(NamedTuple):
    """Ink (N, 8, 8) float in [0, 1] and labels (N,), written by people."""

    ink: np.ndarray
    labels: np.ndarray


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "mnist" in getattr(item, "fixturenames", ()):
            item.add_marker("mnist")
    # Shuffled as they are, modules with long tests come first: the other worker isn't to stand
    # idle at the end while one of them goes on.
    long = {item.path for item in items if item.get_closest_marker("long")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def mnist():
    """The catalogue's MNIST, at hand; skips without it, and never downloads."""
    from cnnviz.datasets.catalogue import DATASETS
    from cnnviz.datasets.stored import folder

    mnist = DATASETS["mnist"].stored
    if not mnist.available():
        pytest.skip(f"MNIST is not in {folder()} (cnnviz data fetches it, CNNVIZ_DATA names it)")
    return mnist


@pytest.fixture
def without_mnist(monkeypatch: pytest.MonkeyPatch) -> None:
    """No data set is on this machine but scikit-learn's digits, which are there for everybody."""
    monkeypatch.setenv("CNNVIZ_DATA", "/nowhere")


@pytest.fixture(scope="session")
def real_digits() -> RealDigits:
    """1,797 digits from scikit-learn, which brings them with it."""
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    return RealDigits(np.asarray(pixels).reshape(-1, 8, 8) / 16, np.asarray(labels))
