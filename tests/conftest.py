"""What all tests share: MNIST where there is one, and real digits where there is none."""

from typing import NamedTuple

import numpy as np
import pytest


class RealDigits(NamedTuple):
    """Ink (N, 8, 8) float in [0, 1] and labels (N,), written by people."""

    ink: np.ndarray
    labels: np.ndarray


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "mnist" in getattr(item, "fixturenames", ()):
            item.add_marker("mnist")


@pytest.fixture(scope="session")
def mnist():
    """`cnnviz.datasets.mnist`, with MNIST at hand; skips without it, and never downloads."""
    from cnnviz.datasets import mnist

    if not mnist.available():
        pytest.skip(
            f"MNIST is not in {mnist.folder()} (cnnviz data fetches it, CNNVIZ_DATA names it)"
        )
    return mnist


@pytest.fixture(scope="session")
def real_digits() -> RealDigits:
    """1,797 digits from scikit-learn, which brings them with it."""
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    return RealDigits(np.asarray(pixels).reshape(-1, 8, 8) / 16, np.asarray(labels))
