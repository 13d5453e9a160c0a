"""One Node.js a worker, for all tests of the frontend's modules."""

from collections.abc import Iterator

import pytest

from tests import javascript


@pytest.fixture(scope="session")
def node() -> Iterator[javascript.Node]:
    with javascript.node() as running:
        yield running
