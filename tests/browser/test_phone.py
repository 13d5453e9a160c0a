"""A telephone: what a tap tells lies in the window. test_accessibility.py visits every page."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import view
from tests.browser.hand import settled


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
    # A heading that is tapped says what it means, and a tap elsewhere takes that away.
    card = view.root(page).locator(".meaning")
    for name, words in (("conv1", "Slides its kernels"), ("logits", "score before softmax")):
        heading = view.root(page).locator("header b[data-meaning]").filter(has_text=name)
        heading.scroll_into_view_if_needed()
        heading.tap()
        expect(card).to_contain_text(words)
        expect(card).to_be_in_viewport(ratio=1)
        page.touchscreen.tap(*view.middle(view.in_sight(page, "conv1.0.10.10")))
        expect(card).to_be_hidden()


def test_a_button_leads_to_the_maps_beside_the_first_and_sliders_keep_the_digit_in_sight(
    app: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(f"{app}/translation")
    settled(page)
    shift = page.locator("[data-cnnviz=shift-view]")
    last = shift.get_by_role("heading", name="Fully connected, 3 hidden")
    right = shift.get_by_role("button", name="Networks to the right")
    left = shift.get_by_role("button", name="Networks to the left")
    expect(right).to_be_visible()
    expect(left).to_be_hidden()
    expect(last).not_to_be_in_viewport()
    bar = page.locator(".st-key-page_name").bounding_box()
    assert bar is not None
    for name in ("Right by", "Rotation", "Noise"):
        slider = page.get_by_test_id("stSlider").filter(has_text=name)
        slider.evaluate("(slider) => slider.scrollIntoView({ block: 'end' })")
        expect(slider).to_be_in_viewport()
        for seen in (shift.get_by_role("heading", level=2), shift.locator("canvas.picture").first):
            expect(seen).to_be_in_viewport(ratio=1)
            box = seen.bounding_box()
            assert box is not None
            assert box["y"] >= bar["y"] + bar["height"], name
    right.tap()
    expect(last).to_be_in_viewport()
    expect(right).to_be_hidden()
    expect(left).to_be_visible()
