"""Why, in the browser: a point that moves with the pen, points picked by hand and by key, and a
test picture followed to the draw page."""

import re

from playwright.sync_api import Page, expect

from tests.browser import hand
from tests.browser.test_accessibility import found_by_axe


def test_the_drawing_moves_with_the_pen_and_points_are_picked_by_mouse_and_keyboard(
    page: Page, app: str
) -> None:
    page.goto(f"{app}/why?about=among")
    scatter = page.locator(".st-key-why_scatter .scatter")
    expect(scatter).to_have_attribute("data-own", re.compile(r"\d"))
    hand.settled(page)
    before = scatter.get_attribute("data-own") or ""

    # The pen is down: what the browser previews moves the point at once.
    box = hand.canvas_box(page)
    page.mouse.move(box["x"] + 140, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 220, steps=8)
    expect(scatter).to_have_attribute("data-source", "preview")
    expect(scatter).not_to_have_attribute("data-own", before)
    page.mouse.up()
    expect(scatter).to_have_attribute("data-source", "torch")
    hand.settled(page)
    expect(page.get_by_text("Pick a point to see its picture.")).to_be_visible()

    # From the drawing an arrow leads to a test picture, and Enter picks it.
    plot = page.get_by_role("application", name="Test pictures in two dimensions")
    plot.focus()
    said = scatter.get_by_role("status")
    for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    expect(said).to_have_text(re.compile(r"test image \d+, a \d"))
    page.evaluate(hand.PAINTED)  # what is said of a key comes with the next frame
    one = re.search(r"image (\d+), a (\d)", said.inner_text())
    assert one is not None
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"test image {one[1]}, a {one[2]}.")).to_be_visible()

    # A click in the middle of the cloud picks another, of the one class that stands out.
    scatter.get_by_role("button", name="3", exact=True).click()
    place = plot.bounding_box()
    assert place is not None
    # A class has hundreds of points: one lies near enough to one of these places.
    for share in (0.5, 0.55, 0.45, 0.6, 0.4, 0.65, 0.35, 0.7, 0.3):
        page.mouse.move(place["x"] + share * place["width"], place["y"] + place["height"] / 2)
        page.evaluate(hand.PAINTED)
        if said.inner_text().endswith("a 3"):
            break
    expect(said).to_have_text(re.compile(r"a 3$"))
    other = re.search(r"image (\d+)", said.inner_text())
    assert other is not None
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_text(f"test image {other[1]}, a 3.")).to_be_visible()

    hand.settled(page)
    assert found_by_axe(page) == []

    # What excites a map most is followed to the draw page, with the unit explained.
    page.goto(f"{app}/why?about=excites&layer=conv2&channel=5")
    first = page.locator(".st-key-why_most button").first
    expect(first).to_be_visible()
    hand.settled(page)
    page.emulate_media(color_scheme="dark")
    hand.settled(page)
    hand.still(page)
    assert found_by_axe(page) == [], "in the dark"
    answer = first.inner_text().split()[-1]
    first.click()
    explained = re.compile(rf"conv2 map 5, row \d+, column \d+ is {re.escape(answer)}")
    expect(page.get_by_text(explained).first).to_be_visible()
    expect(page).to_have_url(re.compile(r"pin=conv2\.5\.\d+\.\d+"))
