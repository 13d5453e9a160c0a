"""axe finds nothing, of any level, on any page, in either theme and on a telephone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser import view
from tests.browser.chromium import ROOT
from tests.browser.hand import complete, settled, still

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
# On a telephone with a unit pinned where there is something to pin: more is to be seen then.
ON_A_TELEPHONE = {"draw": "?pin=fc.7", "convolution_2d": "?padding=1", "translation": "?pin=fc.7"}


def violations(page: Page) -> list[str]:
    results = Axe().run(page).response["violations"]
    return [
        f"{found['id']} ({found['impact']}): {found['help']}\n    "
        + "\n    ".join(
            f"{node['html'][:200]}\n      {node['failureSummary']}" for node in found["nodes"][:5]
        )
        for found in results
    ]


def address(app: str, name: str) -> str:
    """The first page has the bare address."""
    return app if name == "draw" else f"{app}/{name}"


def at_rest(page: Page) -> None:
    """All of it is there, and nothing moves any more."""
    settled(page)
    complete(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    still(page)  # what fades in has less contrast than it will have


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation_in_either_theme(name: str, app: str, page: Page) -> None:
    page.goto(address(app, name))
    at_rest(page)
    assert violations(page) == [], "in light"
    page.emulate_media(color_scheme="dark")
    expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", "dark")
    at_rest(page)
    assert violations(page) == [], "in dark"


@pytest.mark.parametrize("name", PAGES)
def test_on_a_telephone_axe_finds_nothing_and_no_page_scrolls_sideways(
    name: str, app: str, phone_page: Page
) -> None:
    page = phone_page
    page.goto(f"{address(app, name)}/{ON_A_TELEPHONE.get(name, '')}".replace("/?", "?"))
    at_rest(page)
    if "pin=" in page.url:
        pinned = view.root(page).filter(has_text="logit")
        expect(pinned.first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    # The page scrolls in there.
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth") <= 400
    assert violations(page) == []
