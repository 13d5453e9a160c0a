"""A real app, a real Chromium, and pages that fail a test when the page reports an error."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect

from tests.browser import chromium, hand

HERE = Path(__file__).parent

# Long enough for a machine that is busy with something else.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def own_of_app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the running app looks for people's own pictures."""
    return tmp_path_factory.mktemp("own")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, own_of_app: Path) -> Iterator[str]:
    """The address of a running app, with the MNIST of CNNVIZ_DATA where there is one."""
    runs = str(tmp_path_factory.mktemp("runs"))
    kept = str(tmp_path_factory.mktemp("kept"))
    folders = {"CNNVIZ_RUNS": runs, "CNNVIZ_OWN": str(own_of_app), "CNNVIZ_KEPT": kept}
    with chromium.server(folders) as (url, _):
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium.browser_for_tests() as opened:
        yield opened


class Tabs:
    """Tabs by their options: a tab that has run the app's code once opens it twice as fast.

    What an open tab can change (its size, the theme, the wish for less motion) makes no other tab.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[Page]] = {}

    def take(self, options: dict[str, Any], fresh: bool) -> Page:
        free = self._free.setdefault(_fixed(options), [])
        if free and not fresh:
            page = free.pop()
            page.set_viewport_size(options["viewport"])
            page.emulate_media(
                color_scheme=options["color_scheme"],
                reduced_motion=options.get("reduced_motion", "no-preference"),
            )
            return page
        page = self._browser.new_context(**options).new_page()
        page.set_default_timeout(PATIENCE)
        hand.listen(page)
        return page

    def give_back(self, page: Page, options: dict[str, Any]) -> None:
        """As it was when it was new: no document, nothing stored, the pointer out of the way."""
        if page.url.startswith("http"):
            page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        page.context.clear_cookies()
        page.unroute_all()
        page.mouse.up()
        page.goto("about:blank")
        page.mouse.move(0, 0)
        self._free[_fixed(options)].append(page)


def _fixed(options: dict[str, Any]) -> str:
    """What of a tab stays as it was made."""
    changed = {"viewport", "color_scheme", "reduced_motion"}
    return repr(sorted((name, value) for name, value in options.items() if name not in changed))


def _needs_fresh(*_: Any, **__: Any) -> NoReturn:
    raise AssertionError("an init script stays in its tab: open_page(fresh=True)")


@pytest.fixture(scope="session")
def tabs(browser: Browser) -> Tabs:
    return Tabs(browser)


@pytest.fixture
def problems() -> list[str]:
    """What the pages reported so far; a test that expects an error takes it out."""
    return []


@pytest.fixture
def open_page(tabs: Tabs, problems: list[str]) -> Iterator[Callable[..., Page]]:
    """Makes pages (Playwright's context options as keywords), each in a session of its own.

    Uncaught errors and console errors of any of them fail the test when it ends. `fresh` is for a
    test that changes the tab itself, by an init script, say: no other test gets it.
    """
    opened: list[tuple[Page, dict[str, Any], bool]] = []

    def uncaught(error: Error) -> None:
        problems.append(f"uncaught: {error}")

    def console(message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        # Opened at /pooling, Streamlit first looks for its server under /pooling/_stcore.
        looking = "/_stcore/" in url and url.count("/") > 4
        if message.type == "error" and not looking:
            problems.append(f"console: {message.text} ({url})")

    def make(fresh: bool = False, **chosen: Any) -> Page:
        options = {
            "viewport": {"width": 1440, "height": 900},
            "color_scheme": "light",
            "service_workers": "block",
            **chosen,
        }
        page = tabs.take(options, fresh)
        if not fresh:
            # It couldn't be taken back.
            page.add_init_script = _needs_fresh
        page.on("pageerror", uncaught)
        page.on("console", console)
        opened.append((page, options, fresh))
        return page

    yield make
    for page, options, fresh in opened:
        page.remove_listener("pageerror", uncaught)
        page.remove_listener("console", console)
        if fresh or problems or page.is_closed():
            page.context.close()
        else:
            tabs.give_back(page, options)
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
    """390×844 with touch."""
    return open_page(viewport={"width": 390, "height": 844}, has_touch=True)
