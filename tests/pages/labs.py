"""The labs' pages as scripts, opened by a link and read as text."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

PAGES = Path(__file__).parents[2] / "pages"


def open_link(name: str, **query: str) -> AppTest:
    """The page `name` as a link with these parameters opens it, painted, without an exception."""
    script = AppTest.from_file(PAGES / f"{name}.py", default_timeout=60)
    for key, text in query.items():
        script.query_params[key] = text
    # What the browser says once it has painted: without one, it must be said for it.
    script.session_state[f"{name}_painted"] = True
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
