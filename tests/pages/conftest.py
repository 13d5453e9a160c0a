"""Pages as scripts: their logic without a browser, by Streamlit's AppTest."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGES = Path(__file__).parents[2] / "pages"


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
