"""Pages as scripts: their logic without a browser, by Streamlit's AppTest."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

PAGES = Path(__file__).parents[2] / "pages"


@pytest.fixture(scope="session", autouse=True)
def components_looked_for_once() -> Iterator[None]:
    """Each AppTest would read the metadata of every installed package anew: half of its time."""
    with pytest.MonkeyPatch.context() as patched:
        scan = cache(manifest_scanner.scan_component_manifests)
        patched.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture
def open_script() -> Callable[..., AppTest]:
    """`open_script("draw")`: that page after its first run, without an exception."""

    def run(name: str, **session: object) -> AppTest:
        script = AppTest.from_file(PAGES / f"{name}.py", default_timeout=60)
        for key, value in session.items():
            script.session_state[key] = value
        script.run()
        assert not script.exception, script.exception
        return script

    return run
