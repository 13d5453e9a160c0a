"""A real app, a real Chromium, and pages that fail a test when the page reports an error."""

import mimetypes
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect

from tests.browser import chromium

HERE = Path(__file__).parent
BLANK = "http://cnnviz.test/"

# Long enough for a machine that is busy with something else.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # A busy machine can stall a browser past any patience; a real fault fails twice.
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def app() -> Iterator[str]:
    """The address of a running app, with the MNIST of CNNVIZ_DATA where there is one."""
    with chromium.server() as (url, _):
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


@pytest.fixture
def module_page(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """`module_page("network_view")`: a blank page that serves that component's ES modules.

    `page.evaluate("async () => (await import('/forward.js')).softmax([1, 2])")` runs one of them.
    """

    def make(component: str, html: str = "<!doctype html><meta charset=utf-8>") -> Page:
        folder = chromium.ROOT / "cnnviz" / "frontend" / component
        assert folder.is_dir(), f"no component {component!r} at {folder}"

        def serve(route: Route) -> None:
            name = route.request.url.removeprefix(BLANK).split("?")[0]
            if name in ("", "favicon.ico"):
                route.fulfill(body=html if not name else "", content_type="text/html")
            elif (file := folder / name).is_file() or (file := folder.parent / name).is_file():
                kind = mimetypes.guess_type(name)[0]
                # Debian's list and Python's own differ on .js.
                kind = "text/javascript" if name.endswith(".js") else kind
                route.fulfill(body=file.read_bytes(), content_type=kind)
            else:
                route.fulfill(status=404, body=f"no {name}")

        page = open_page()
        page.route(f"{BLANK}**", serve)
        page.goto(BLANK)
        return page

    return make
