"""What every page does in the browser: words explained, the menu of a telephone, what opens."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import sight, view
from tests.browser.addresses import asks
from tests.browser.hand import settled
from tests.browser.test_accessibility import PAGES, violations


def word(page: Page, spelling: str) -> Locator:
    return page.locator(".term").get_by_role("button", name=spelling, exact=True)


def meaning(page: Page) -> Locator:
    return page.locator(".term .meaning:visible")


def test_a_word_is_explained_under_the_pointer_and_by_keyboard(app: str, page: Page) -> None:
    view.open_view(page, app)
    expect(meaning(page)).to_have_count(0)
    word(page, "kernel").hover()
    expect(meaning(page)).to_contain_text("slid over a picture")
    page.mouse.move(700, 300)
    expect(meaning(page)).to_have_count(0)
    word(page, "softmax").focus()
    expect(meaning(page)).to_contain_text("shares of one vote")
    assert not violations(page)
    page.keyboard.press("Tab")
    expect(meaning(page).get_by_role("link")).to_be_focused()


# The pages' names stand in one line, each in sight, and the link's buttons and the model picker
# beside them or below.
IN_ITS_PLACE = """() => {
  const place = (element) => element.getBoundingClientRect();
  const names = [...document.querySelectorAll("[data-testid=stTopNavLink]")].map(place);
  const tools = place(document.querySelector(".st-key-tools"));
  const [first, last] = [names[0], names.at(-1)];
  return names.length === PAGES && names.every(({ top }) => top === first.top)
    && (tools.top >= last.bottom || tools.left >= last.right + 8)
    && last.right < place(document.querySelector("[data-testid=stMainMenu]")).left;
}"""


def test_the_navigation_has_room_for_all_pages_whatever_the_window_is_wide(
    app: str, page: Page
) -> None:
    page.goto(f"{app}/lessons")
    settled(page)
    for width in (1440, 1210, 1209, 1150, 1050, 1049, 1024):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(IN_ITS_PLACE.replace("PAGES", str(len(PAGES))))


def test_what_a_page_tells_while_it_is_left_takes_nobody_back_to_it(app: str, page: Page) -> None:
    page.goto(f"{app}/lessons")
    expect(page.locator(".st-key-lesson_notes label")).to_be_visible()
    settled(page)
    # In one task: the browser can't have shown the other page when the first tells something.
    page.evaluate(
        """() => {
          const links = [...document.querySelectorAll("[data-testid=stTopNavLink]")];
          links.find((link) => link.textContent === "Pooling").click();
          document.querySelector(".st-key-lesson_notes input").click();
        }"""
    )
    picture = page.locator(".st-key-lab_picture")
    expect(picture).to_be_visible()
    settled(page)
    expect(picture).to_be_visible()
    assert page.url.startswith(f"{app}/pooling")


def test_the_headings_of_the_columns_are_explained_by_pointer_and_by_keyboard(
    app: str, page: Page
) -> None:
    root = view.open_view(page, app)
    card = root.locator(".meaning")
    for name, words in (
        ("conv1", "Slides its kernels"),
        ("relu2", "makes all else 0"),
        ("pool1", "Makes a map smaller"),
        ("flatten", "one long row"),
        ("fc", "a weight for every input"),
        ("logits", "score before softmax"),
        ("softmax", "shares of one vote"),
    ):
        root.locator("header b").filter(has_text=name).hover()
        expect(card).to_contain_text(words)
        expect(card).to_be_in_viewport(ratio=1)
    page.mouse.move(700, 880)
    expect(card).to_be_hidden()
    view.layer(page, "logits").focus()
    page.keyboard.press("?")
    expect(card).to_contain_text("a weight for every input")
    expect(card).to_contain_text("score before softmax")
    expect(card.get_by_role("link").first).to_be_focused()
    assert not violations(page)
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(view.layer(page, "logits")).to_be_focused()
    view.layer(page, "pool2").focus()
    page.keyboard.press("?")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{app}/pooling")


def test_on_a_telephone_the_answer_stays_in_sight_and_the_menu_closes_when_a_page_is_chosen(
    app: str, phone_page: Page
) -> None:
    page = phone_page
    view.open_view(page, app)
    for down in (700, 2000, 0):
        page.get_by_test_id("stMain").evaluate("(main, down) => main.scrollTo(0, down)", down)
        expect(page.locator(".st-key-draw_reading .reading")).to_be_in_viewport(ratio=1)
    page.get_by_test_id("stExpandSidebarButton").click()
    bar = page.locator(".st-key-page_name")
    page.get_by_role("link", name="Pooling").click()
    expect(page).to_have_url(f"{app}/pooling")
    expect(page.get_by_role("link", name="Pooling")).not_to_be_in_viewport()
    expect(bar).to_have_text("Pooling")
    expect(bar).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("touch", [True, False])
def test_keys_are_named_only_where_there_are_some(
    touch: bool, app: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(has_touch=touch, is_mobile=touch)
    view.open_view(page, app)
    hint = view.inspector(page).get_by_text("By keyboard")
    expect(hint).to_be_visible(visible=not touch)


def test_a_words_link_leads_to_a_lab_and_sample_pin_and_scope_survive_the_visit(
    app: str, page: Page
) -> None:
    view.open_view(page, f"{app}/?pin=conv2.5.4.6&scope=map")
    page.wait_for_timeout(1500)
    expect(demonstrated(page)).to_have_count(0)  # what is pinned isn't demonstrated over
    page.get_by_role("radio", name="3", exact=True).click()
    settled(page)
    word(page, "kernel").hover()
    # Else one would have to scroll, and the word would be gone from under the pointer.
    expect(meaning(page)).to_be_in_viewport(ratio=1)
    meaning(page).get_by_role("link").click()
    expect(page).to_have_url(f"{app}/convolution_2d?sample=3")
    settled(page)
    page.get_by_role("link", name="Draw", exact=True).click()
    settled(page)
    expect(page.get_by_role("radio", name="3", exact=True)).to_be_checked()
    expect(view.inspector(page).locator("h2")).to_have_text("conv2 · map 5")
    expect(view.inspector(page).locator(".place")).to_have_text("row 4, column 6")
    expect(view.root(page).get_by_role("radio", name="map")).to_be_checked()
    asks(page, {"pin": "conv2.5.4.6", "scope": "map", "sample": "3"})


def demonstrated(page: Page) -> Locator:
    return page.locator("[data-cnnviz=network-view][data-demonstration]")


def test_draw_opens_unpinned_and_a_window_slides_over_the_seven_until_the_first_touch(
    app: str, page: Page
) -> None:
    view.open_view(page, app)
    assert "pin" not in page.url
    expect(demonstrated(page)).to_have_count(1)
    expect(view.inspector(page).locator("h2")).to_have_text("conv1 · map 0")
    first = demonstrated(page).get_attribute("data-demonstration")
    expect(demonstrated(page)).not_to_have_attribute("data-demonstration", first or "")
    page.mouse.move(20, 500)
    expect(demonstrated(page)).to_have_count(0)
    expect(view.inspector(page).get_by_text("Point at any pixel")).to_be_visible()


def test_what_the_first_touch_points_at_is_shown(app: str, page: Page) -> None:
    view.open_view(page, app)
    expect(demonstrated(page)).to_have_count(1)
    x, y = view.middle(view.in_sight(page, "conv2.3.5.2"))
    page.mouse.move(x, y)  # once
    expect(demonstrated(page)).to_have_count(0)
    expect(view.inspector(page).locator("h2")).to_have_text("conv2 · map 3")


def test_the_demonstration_stands_still_where_motion_is_unwanted(
    app: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(reduced_motion="reduce", viewport={"width": 390, "height": 844})
    view.open_view(page, app)
    expect(demonstrated(page)).to_have_count(1)
    # On a telephone its words stand beside the drawing, which one sees, on nothing else.
    words = view.root(page).locator(".demonstration")
    box, drawing = words.bounding_box(), view.where(page, "input.0")
    below = view.where(page, "conv1.0")
    assert box is not None
    assert box["x"] >= drawing["x"] + drawing["width"]
    assert box["x"] + box["width"] <= 390
    assert box["y"] + box["height"] <= below["y"]
    before = demonstrated(page).get_attribute("data-demonstration")
    page.wait_for_timeout(600)  # three steps of it, had it moved
    assert demonstrated(page).get_attribute("data-demonstration") == before
    page.keyboard.press("Shift")
    expect(demonstrated(page)).to_have_count(0)


def test_on_a_projector_the_demonstrations_words_lie_on_no_others(
    app: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(reduced_motion="reduce", viewport={"width": 1920, "height": 1080})
    view.open_view(page, app)
    expect(demonstrated(page)).to_have_count(1)
    expect(view.root(page).locator(".demonstration")).to_be_visible()
    assert sight.unreadable(page) == []


def test_a_sliders_negative_numbers_have_a_minus_and_the_address_its_hyphen(
    app: str, page: Page
) -> None:
    page.goto(f"{app}/translation?dx=-1")
    right = page.locator(".st-key-dx")
    shown = right.get_by_test_id("stSliderThumbValue")
    expect(shown).to_have_text(f"{view.MINUS}1 px")
    expect(right.get_by_test_id("stSliderTickBar")).to_contain_text(view.MINUS)
    expect(right.get_by_test_id("stSliderTickBar")).not_to_contain_text("-")
    settled(page)
    right.get_by_role("slider").press("ArrowLeft")
    expect(shown).to_have_text(f"{view.MINUS}2 px")
    expect(page).to_have_url(re.compile(r"\bdx=-2\b"))
    settled(page)
    for _ in range(3):
        right.get_by_role("slider").press("ArrowRight")
    expect(shown).to_have_text("1 px")
