"""What a button opens over a page lies wholly inside the window, at its whole height."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hand import settled, still

# Where the buttons are low in the window, and those of a telephone.
WINDOWS = {
    "draw": ("", (1440, 700), ("MNIST", "upload", "camera")),
    "teach": ("teach", (1440, 700), ("upload", "camera", "keep")),
    "build": ("build", (390, 844), ("Own pictures", "Weights from a file")),
}


@pytest.mark.parametrize("name", WINDOWS)
def test_what_a_button_opens_is_wholly_in_the_window(name: str, app: str, page: Page) -> None:
    address, (width, height), buttons = WINDOWS[name]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{app}/{address}")
    settled(page)
    page.mouse.move(3, 3)
    for words in buttons:
        button = page.get_by_test_id("stPopover").get_by_role("button", name=words)
        button.scroll_into_view_if_needed()
        button.click()
        settled(page)
        still(page)
        body = page.get_by_test_id("stPopoverBody")
        expect(body.locator("input, button").first).to_be_attached()
        seen = body.evaluate(
            "(it) => ({ hidden: it.scrollHeight - it.clientHeight, "
            "box: it.getBoundingClientRect().toJSON() })"
        )
        assert seen["hidden"] <= 0, words
        assert seen["box"]["left"] >= 0, words
        assert seen["box"]["top"] >= 0, words
        assert seen["box"]["right"] <= width, words
        assert seen["box"]["bottom"] <= height, words
        page.keyboard.press("Escape")
        expect(body).to_have_count(0)
