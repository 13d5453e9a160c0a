"""Every page on a telephone: nothing in it needs sideways scrolling of the page."""

from collections.abc import Callable

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


@pytest.mark.parametrize(
    "name", ["input.0.0.0", "input.0.14.20", "conv1.1.10.10", "conv1.3.5.25", "conv2.5.4.6"]
)
def test_what_a_tap_tells_of_a_number_is_wholly_in_the_window(
    name: str, app: str, open_page: Callable[..., Page]
):
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    view.open_view(page, app)
    page.touchscreen.tap(*view.middle(view.in_sight(page, name)))
    tooltip = view.root(page).locator(".tooltip")
    expect(tooltip).to_be_visible()
    box = tooltip.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 844
