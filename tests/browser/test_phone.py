"""A telephone: what a tap tells lies in the window. test_accessibility.py visits every page."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import view


def test_what_a_tap_tells_of_a_number_is_wholly_in_the_window(
    app: str, open_page: Callable[..., Page]
):
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    view.open_view(page, app)
    tooltip = view.root(page).locator(".tooltip")
    for name in ("input.0.0.0", "input.0.14.20", "conv1.1.10.10", "conv1.3.5.25", "conv2.5.4.6"):
        page.touchscreen.tap(*view.middle(view.in_sight(page, name)))
        _, *place = name.split(".")
        expect(tooltip).to_contain_text(f"row {place[1]}, column {place[2]}")
        expect(tooltip).to_be_visible()
        box = tooltip.bounding_box()
        assert box is not None
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= 390, name
        assert box["y"] >= 0, name
        assert box["y"] + box["height"] <= 844, name
