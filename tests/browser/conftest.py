"""A real app, a real Chromium, and pages that fail a test when the page reports an error."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.browser import chromium

HERE = Path(__file__).parent

# Long enough for a machine that is busy with something else.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running app, with the MNIST of CNNVIZ_DATA where there is one."""
    runs = str(tmp_path_factory.mktemp("runs"))
    with chromium.server({"CNNVIZ_RUNS": runs}) as (url, _):
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium.browser() as opened:
        yield opened


@pytest.fixture
def problems() -> list[str]:
    """What the pages reported so far; a test that expects an error takes it out."""
    return []


@pytest.fixture
def open_page(browser: Browser, problems: list[str]) -> Iterator[Callable[..., Page]]:
    """Makes pages (Playwright's context options as keywords), each in a session of its own.

    Uncaught errors and console errors of any of them fail the test when it ends.
    """
    pages: list[Page] = []

    def make(**options: Any) -> Page:
        settings = {
            "viewport": {"width": 1440, "height": 900},
            "color_scheme": "light",
            "service_workers": "block",
        }
        page = browser.new_context(**{**settings, **options}).new_page()
        page.set_default_timeout(20_000)

        def console(message: ConsoleMessage) -> None:
            url = message.location.get("url", "")
            # Opened at /pooling, Streamlit first looks for its server under /pooling/_stcore.
            looking = "/_stcore/" in url and url.count("/") > 4
            if message.type == "error" and not looking:
                problems.append(f"console: {message.text} ({url})")

        page.on("pageerror", lambda error: problems.append(f"uncaught: {error}"))
        page.on("console", console)
        pages.append(page)
        return page

    yield make
    for page in pages:
        page.context.close()
    assert not problems, "the page reported errors:\n" + "\n".join(problems)


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """1440×900, light."""
    return open_page()


@pytest.fixture
def dark_page(open_page: Callable[..., Page]) -> Page:
    """1440×900, dark."""
    return open_page(color_scheme="dark")


@pytest.fixture
def phone_page(open_page: Callable[..., Page]) -> Page:
    """400×800 with touch."""
    return open_page(viewport={"width": 400, "height": 800}, has_touch=True)
