"""Every page on a telephone: nothing in it needs sideways scrolling of the page."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import view
from tests.browser.hand import settled

PAGES = [
    "?pin=fc.7",  # the first page, draw
    "convolution_1d",
    "convolution_2d?padding=1",
    "pooling",
    "translation?pin=fc.7",
    "training",
]


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_on_a_telephone(name: str, app: str, phone_page: Page):
    phone_page.goto(f"{app}/{name}")
    settled(phone_page)
    if "pin=" in name:
        pinned = view.root(phone_page).filter(has_text="logit")
        expect(pinned.first).to_be_visible()
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 400
    # The page scrolls in there.
    main = phone_page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth") <= 400
