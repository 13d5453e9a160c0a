"""The 2D convolution, pooling and translation labs, driven as a person would."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser import view
from tests.browser.hand import settled


def opened(page: Page, address: str) -> Locator:
    """The page's first network view, painted."""
    page.goto(address)
    first = view.root(page).first
    expect(first).to_have_attribute("data-revision", re.compile(r"[1-9]"), timeout=60_000)
    settled(page)
    return first


def box(locator: Locator) -> FloatRect:
    locator.scroll_into_view_if_needed()
    found = locator.bounding_box()
    assert found is not None
    return found


def stage(page: Page) -> Locator:
    return page.locator(".st-key-stage")


# Translation


def test_the_same_digit_in_two_places_is_in_sight_at_once(app: str, page: Page):
    opened(page, f"{app}/translation")
    for title in ("In the middle: read as 7", "4 to the left and 4 up: read as 7"):
        heading = page.get_by_role("heading", name=title)
        expect(heading).to_be_in_viewport()
    for place in range(2):
        picture = view.where(page, "input.0", view.root(page).nth(place))
        assert picture["y"] >= 0
        assert picture["y"] + picture["height"] <= 900
        expect(view.layer(page, "conv1").nth(place)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("which", [1, 2])  # beside the middle one, and in the whole network
def test_dragging_the_digit_moves_the_maps_at_once_and_the_page_after(
    which: int, app: str, page: Page
):
    opened(page, f"{app}/translation")
    expect(page.get_by_role("heading", name="Shuffled pixels", exact=True)).to_be_attached()
    moved = view.root(page).nth(which)
    place = view.in_sight(page, "input.0", moved)
    pixel = place["width"] / 28
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 3 * pixel, y + 2 * pixel, steps=4)
    expect(moved).to_have_attribute("data-source", "preview")
    page.mouse.up()
    expect(stage(page)).to_contain_text("1 to the left and 2 up", timeout=30_000)
    expect(page.get_by_role("heading", name="1 to the left and 2 up: read as 7")).to_be_visible()
    expect(page).to_have_url(re.compile(r"dx=-1.*dy=-2|dy=-2.*dx=-1"))
    expect(moved).to_have_attribute("data-source", "torch")


def test_a_cell_of_the_robustness_map_can_be_clicked_and_walked_from(app: str, page: Page):
    opened(page, f"{app}/translation")
    for name in (re.compile("^probability of 7 by shift, CNN"), re.compile("fully connected")):
        grid = page.get_by_role("grid", name=name)
        grid.get_by_role("gridcell", name=re.compile("^right 2, down −1: ")).click()
        expect(stage(page)).to_contain_text("2 to the right and 1 up", timeout=30_000)
        settled(page)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
        expect(stage(page)).to_contain_text("3 to the right", timeout=30_000)
        settled(page)
        chosen = grid.locator("[aria-selected=true]")
        expect(chosen).to_have_count(1)
        expect(chosen).to_have_accessible_name(re.compile("^right 3, down 0: "))
        expect(page.get_by_role("slider", name="Right by")).to_have_value("3")


def test_a_link_opens_the_place_it_names(app: str, page: Page):
    opened(page, f"{app}/translation?digit_at=3&dx=5&dy=0&rotation=20")
    expect(stage(page)).to_contain_text("the 3, 5 to the right")
    expect(page.get_by_role("slider", name="Rotation")).to_have_value("20")


# Convolution


def test_convolution_stands_beside_cross_correlation(app: str, page: Page):
    opened(page, f"{app}/convolution_2d?both=true")
    expect(view.root(page)).to_have_count(2)
    expect(stage(page)).to_contain_text("Not equal: they differ by up to 8")
    page.get_by_role("radio", name="blur").or_(
        page.get_by_role("button", name="blur")
    ).first.click()
    expect(stage(page)).to_contain_text(
        "Equal: turned by 180°, this kernel is itself", timeout=30_000
    )


def test_a_setting_that_cannot_be_leaves_the_last_picture(app: str, page: Page):
    first = opened(page, f"{app}/convolution_2d")
    page.get_by_role("textbox", name="Stride").fill("0")
    page.get_by_role("textbox", name="Stride").press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("stride must be a whole number from 1 to 16, got 0")
    expect(alert).to_be_in_viewport()
    expect(first).to_be_visible()
    expect(stage(page)).to_contain_text("⌊6⌋ = 6")


def test_rows_and_columns_apart_survive_a_reload(app: str, page: Page):
    opened(page, f"{app}/convolution_2d?padding=2,0")
    field = page.get_by_role("textbox", name="Stride")
    field.fill("1 2")
    field.press("Enter")
    expect(page).to_have_url(re.compile("stride=1"))
    size = page.get_by_role("group", name=re.compile("^conv: "))
    expect(size).to_contain_text("1×10×3")
    page.reload()
    expect(size).to_contain_text("1×10×3")
    expect(field).to_have_value("1 2")
    expect(stage(page)).to_contain_text("⌊(8 + 2·2 − 1·(3 − 1) − 1) / 1 + 1⌋ = ⌊10⌋ = 10")
    expect(stage(page)).to_contain_text("⌊(8 + 2·0 − 1·(3 − 1) − 1) / 2 + 1⌋ = ⌊3.5⌋ = 3")


def test_a_trained_kernel_gives_the_map_of_the_draw_page(app: str, page: Page):
    opened(page, f"{app}/convolution_2d?input=my+drawing")
    page.locator(".st-key-conv2d_trained").get_by_text("2", exact=True).click()
    expect(page.get_by_role("textbox", name="Bias")).not_to_have_value("0", timeout=30_000)
    settled(page)
    view.click(page, "conv.0.12.13")
    here = view.pinned(page)[2]
    opened(page, f"{app}/?pin=conv1.2.12.13")
    assert view.pinned(page)[2] == pytest.approx(here, abs=2e-3)


def test_the_padding_is_shown_where_it_lies(app: str, page: Page):
    opened(page, f"{app}/convolution_2d?padding=2&padding_mode=reflect")
    picture = page.get_by_role("img", name="the input, 12 by 12 with its padding")
    expect(picture).to_be_visible()
    assert picture.locator(".cell.outside").count() == 12 * 12 - 8 * 8


# Pooling


def test_pooling_a_feature_map_of_ones_drawing(app: str, page: Page):
    opened(page, f"{app}/pooling?input=feature+map&layer=relu2&operation=average")
    expect(stage(page)).to_contain_text("Average pooling")
    expect(stage(page)).to_contain_text("968 numbers go in, 200 come out")


# All three


def test_axe_finds_nothing_where_views_stand_side_by_side(app: str, page: Page):
    opened(page, f"{app}/convolution_2d?both=true&padding=1&in=2&out=2")
    page.wait_for_timeout(500)
    found = Axe().run(page).response["violations"]
    assert [(violation["id"], violation["help"]) for violation in found] == []
