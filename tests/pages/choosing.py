"""A click on one of `cnnviz.components.choices`, as a browser sends it."""

from typing import Any

from streamlit.testing.v1 import AppTest

from tests.pages.telling import components, tell


def row(script: AppTest, label: str) -> tuple[str, dict[str, Any]]:
    """The id of the choices of that label, and what they were given."""
    found = dict(components(script, "choices"))
    ((identity, data),) = ((id_, data) for id_, data in found.items() if data["label"] == label)
    return identity, data


def chosen(script: AppTest, label: str) -> str | None:
    """The option that is marked."""
    _, data = row(script, label)
    return None if data["inView"] is None else data["options"][data["inView"]]


def choose(script: AppTest, label: str, option: str) -> AppTest:
    """Click the option, and let the page run."""
    identity, data = row(script, label)
    return tell(script, identity, "chosen", data["options"].index(option))
