"""Pages as scripts, opened by a link and read as text."""

from collections.abc import Mapping
from pathlib import Path

from streamlit.testing.v1 import AppTest

from cnnviz.networks.checkpoints import Checkpoint

PAGES = Path(__file__).parents[2] / "pages"


def open_link(name: str, session: Mapping[str, object] | None = None, /, **query: str) -> AppTest:
    """The page `name` as a link with these parameters opens it, painted, without an exception."""
    script = AppTest.from_file(PAGES / f"{name}.py", default_timeout=60)
    for key, text in query.items():
        script.query_params[key] = text
    # What the browser says once it has painted: without one, it must be said for it.
    for key, value in {f"{name}_painted": True, **(session or {})}.items():
        script.session_state[key] = value
    script.run()
    assert not script.exception, script.exception
    return script


def chosen_network(checkpoint: Checkpoint) -> dict[str, object]:
    """The session of somebody who has opened this network."""
    return {"models_opened": {checkpoint.name: checkpoint}, "model_choice": checkpoint.name}


def open_with(
    name: str,
    checkpoint: Checkpoint,
    session: Mapping[str, object] | None = None,
    /,
    **query: str,
) -> AppTest:
    """`open_link` with a network of one's own."""
    return open_link(name, {**chosen_network(checkpoint), **(session or {})}, **query)


def use(script: AppTest, checkpoint: Checkpoint) -> AppTest:
    """Another network on a page that is open."""
    for key, value in chosen_network(checkpoint).items():
        script.session_state[key] = value
    script.run()
    assert not script.exception, script.exception
    return script


def in_address(script: AppTest, name: str) -> str | None:
    """What the address has for `name`: AppTest has a list where the page has set it."""
    found = script.query_params.get(name)
    return found[0] if isinstance(found, list) else found


def texts(script: AppTest) -> str:
    return "\n".join(
        str(element.value)
        for element in [*script.header, *script.subheader, *script.markdown, *script.caption]
    )
