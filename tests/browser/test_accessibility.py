"""axe finds nothing, of any level, on any page, in either theme and on a telephone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.chromium import ROOT
from tests.browser.hand import settled, still

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
SIZES = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 400, "height": 800}, "has_touch": True},
}


def violations(page: Page) -> list[str]:
    results = Axe().run(page).response["violations"]
    return [
        f"{found['id']} ({found['impact']}): {found['help']}\n    "
        + "\n    ".join(node["html"][:200] for node in found["nodes"][:5])
        for found in results
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation(
    name: str, size: str, app: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(**SIZES[size])
    # The first page has the bare address.
    page.goto(app if name == "draw" else f"{app}/{name}")
    settled(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    still(page)  # what fades in has less contrast than it will have
    assert violations(page) == []
