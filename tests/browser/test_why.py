"""Why: maps of ink that point together and pin in the network view, and a change that is taken."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser import hand, view
from tests.browser.test_accessibility import violations

SIDE = 28


def over(map_of_ink: Locator, row: int, column: int) -> tuple[float, float]:
    """The middle of a pixel, in the page."""
    map_of_ink.scroll_into_view_if_needed()
    box = map_of_ink.bounding_box()
    assert box is not None
    return (
        box["x"] + (column + 0.5) / SIDE * box["width"],
        box["y"] + (row + 0.5) / SIDE * box["height"],
    )


def test_maps_of_ink_point_together_pin_in_the_network_and_a_change_becomes_the_drawing(
    app: str, page: Page
) -> None:
    network = view.open_view(page, f"{app}/why")
    hand.settled(page)
    left = page.get_by_role("slider", name=re.compile("^Occlusion: the logit of 7"))
    right = page.get_by_role("slider", name=re.compile("^Integrated gradients: the logit of 7"))
    # What is pointed at in one is told by both.
    expect(right).to_have_attribute("aria-valuetext", re.compile("^The gradient, averaged"))
    page.mouse.move(*over(left, 11, 8))
    for each in (left, right):
        expect(each).to_have_attribute(
            "aria-valuetext", re.compile(r"^row 11, column 8: ink \d\.\d\d, .*\d$")
        )
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"pin=input\.0\.11\.8\b"))
    expect(view.inspector(page)).to_contain_text("row 11, column 8")
    # The same by keys.
    page.mouse.move(2, 2)
    right.focus()
    right.press("ArrowDown")
    right.press("ArrowRight")
    expect(left).to_have_attribute("aria-valuetext", re.compile("^row 12, column 9"))
    right.press("Enter")
    expect(page).to_have_url(re.compile(r"pin=input\.0\.12\.9\b"))
    # Another method is a click, and stands in the link with the class that is asked about.
    methods = page.get_by_role("radiogroup", name="The right map")
    methods.get_by_role("radio", name="Grad-CAM").click()
    cam = page.get_by_role("slider", name=re.compile("^Grad-CAM"))
    page.mouse.move(*over(cam, 3, 4))
    expect(cam).to_have_attribute("aria-valuetext", re.compile(r"^row 3, column 4: .*cell 0, 0 "))
    page.mouse.move(*over(cam, 1, 4))
    expect(cam).to_have_attribute("aria-valuetext", re.compile("no cell here$"))
    expect(page).to_have_url(re.compile("right=grad_cam"))
    # What is drawn takes the sample's place, and is asked about in its stead.
    hand.draw(page, [[(140, 40), (140, 240)]])
    expect(page.get_by_text(re.compile("^Asked about the logit of 1,"))).to_be_visible()
    expect(page.get_by_role("slider", name=re.compile("^Grad-CAM: the logit of 1"))).to_be_visible()
    # And turned into something else, which is the drawing from then on, on the next page too.
    sections = page.get_by_role("radiogroup", name="Why this answer?")
    sections.get_by_role("radio", name="Fool it").click()
    found = page.get_by_text(re.compile(r"^Found: 1 becomes \d+,"))
    expect(found).to_be_visible()
    target = found.inner_text().split("becomes ")[1].split(",")[0]
    assert violations(page) == []
    page.get_by_role("button", name="Use it as the drawing").click()
    expect(page.get_by_text(re.compile(rf"^Found: {target} becomes \d+,"))).to_be_visible()
    expect(network).to_have_attribute("data-source", "torch")
    page.get_by_role("link", name="Draw", exact=True).click()
    expect(page.get_by_text(re.compile(f"Best guess {target}"))).to_be_visible()
