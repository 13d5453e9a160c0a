"""The 2D convolution, pooling and translation labs, driven as a person would."""

import re

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.labs import translation
from cnnviz.networks.trace import as_image
from tests.browser import view
from tests.browser.hand import PAINTED, settled, still
from tests.browser.test_accessibility import violations


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


def shift_view(page: Page) -> Locator:
    return page.locator("[data-cnnviz=shift-view]")


def fields(page: Page) -> Locator:
    """The digit's field, and then a map a network."""
    return shift_view(page).locator("canvas.picture")


def cell(page: Page, which: int, right: int, down: int) -> tuple[float, float]:
    """Where a shift lies in the map `which`, whose axes take 40 px at the left, 34 below."""
    place = box(fields(page).nth(which))
    side = (place["width"] - 40) / 21
    return place["x"] + 40 + (right + 10.5) * side, place["y"] + (down + 10.5) * side


def sliders_stand_at(page: Page, right: int, down: int) -> None:
    """By their numbers, their thumbs and the fill of their tracks, and as a screen reader hears."""
    for name, value in (("Right by", right), ("Down by", down)):
        slider = page.get_by_role("slider", name=name)
        expect(slider).to_have_value(str(value))
        expect(slider).to_have_attribute("aria-valuetext", f"{value} px")
        number = page.get_by_test_id("stSliderThumbValue").and_(
            page.locator(f".st-key-{'dx' if name == 'Right by' else 'dy'} *")
        )
        expect(number).to_have_text(f"{value} px".replace("-", "\u2212"))
        thumb = number.locator("..")
        done = 100 * (value + 10) / 20
        expect(thumb).to_have_attribute("style", re.compile(rf"left: {done:g}%"))
        fill = re.compile(rf"rgb\(0, 128, 106\) {done:g}%, [^%]* {done:g}%\)$")
        expect(thumb.locator("xpath=../*[1]")).to_have_css("background-image", fill)


def test_what_is_of_the_shift_before_is_dimmed_while_the_digit_is_dragged(app: str, page: Page):
    opened(page, f"{app}/translation")
    curve = page.locator(".st-key-translation_of_shift_rotation")
    expect(curve).to_have_css("opacity", "1")
    place = box(fields(page).first)
    pixel = (place["width"] - 40) / 28
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 2 * pixel, y, steps=2)
    expect(curve).to_have_css("opacity", "0.4")
    page.mouse.up()
    expect(curve).to_have_css("opacity", "1")
    expect(page).to_have_url(re.compile("dx=-2"))


def test_the_digit_and_its_maps_are_in_sight_at_once_and_a_cell_says_what_it_is(
    app: str, page: Page
):
    opened(page, f"{app}/translation")
    heading = page.get_by_role("heading", name="4 to the left and 4 up: the CNN reads a 7, 97.7 %")
    expect(heading).to_be_in_viewport()
    expect(fields(page)).to_have_count(4)
    for place in range(4):
        expect(fields(page).nth(place)).to_be_in_viewport(ratio=1)
    # The key for the presentation size is pressed once, whatever has the focus, for all of them.
    views = [shift_view(page), view.root(page).first]
    fields(page).nth(1).focus()
    for large in (True, False):
        page.keyboard.press("p")
        for each in views:
            to_be = expect(each)
            (to_be.to_have_class if large else to_be.not_to_have_class)(re.compile(r"\blarge\b"))
    page.mouse.move(*cell(page, 2, 0, 0))
    said = shift_view(page).locator(".status")
    expect(said).to_have_text(
        re.compile(
            r"^In the middle, the 7 has >\u00a099.9\u00a0% · >\u00a099.9\u00a0% · \d+\.\d\u00a0%$"
        )
    )


def test_heading_and_maps_follow_the_digit_dragged_there_or_as_the_layers_input(
    app: str, page: Page
):
    opened(page, f"{app}/translation")
    heading = shift_view(page).get_by_role("heading", level=2)
    place = box(fields(page).first)
    pixel = (place["width"] - 40) / 28
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 3 * pixel, y + 2 * pixel, steps=4)
    # The pointer is still down: nothing here waits for the server, and the layers follow too.
    expect(heading).to_contain_text("1 to the left and 2 up: the CNN reads a 7")
    expect(shift_view(page)).to_have_attribute("data-shift", "-1,-2")
    for which in range(1, 4):
        expect(fields(page).nth(which)).to_have_attribute(
            "aria-valuetext", "1 to the left and 2 up"
        )
    expect(view.root(page).first).to_have_attribute("data-source", "preview")
    sliders_stand_at(page, -1, -2)
    page.mouse.move(x, y)
    sliders_stand_at(page, -4, -4)
    page.mouse.move(x + 3 * pixel, y + 2 * pixel)
    sliders_stand_at(page, -1, -2)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"dx=-1.*dy=-2|dy=-2.*dx=-1"), timeout=30_000)
    expect(page.get_by_role("slider", name="Right by")).to_have_value("-1")
    expect(view.root(page).first).to_have_attribute("data-source", "torch")
    expect(heading).to_contain_text("1 to the left and 2 up")
    settled(page)
    sliders_stand_at(page, -1, -2)

    # The input of all layers, too, moves the cursor on the maps.
    place = view.in_sight(page, "input.0", view.root(page).first)
    pixel = place["width"] / 28
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 3 * pixel, y + 2 * pixel, steps=4)
    expect(shift_view(page)).to_have_attribute("data-shift", "2,0")
    sliders_stand_at(page, 2, 0)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"dx=2"), timeout=30_000)
    settled(page)
    expect(shift_view(page)).to_have_attribute("data-shift", "2,0")
    sliders_stand_at(page, 2, 0)
    # What is under the pointer is said as it is now.
    page.mouse.move(x + 3 * pixel + 1, y + 2 * pixel)
    tip = view.root(page).first.locator(".tooltip")
    page.evaluate(PAINTED)  # what is said of a place comes with the next frame
    expect(tip).to_contain_text("row ")
    said = re.search(r"row (\d+), column (\d+): (\S+)$", tip.inner_text())
    assert said is not None
    seven = as_image(prepare(samples.ink(7)).centred)
    now = float(translation.shift(seven, 2, 0)[0, 0, int(said[1]), int(said[2])])
    assert view.number(said[3]) == pytest.approx(now, abs=6e-4)


def test_a_cell_of_every_robustness_map_can_be_clicked_and_walked_from(app: str, page: Page):
    opened(page, f"{app}/translation")
    for which, (dx, dy) in ((1, (2, -1)), (2, (-3, 4)), (3, (6, -5))):
        page.mouse.click(*cell(page, which, dx, dy))
        expect(shift_view(page)).to_have_attribute("data-shift", f"{dx},{dy}")
        expect(page).to_have_url(re.compile(f"dx={dx}"), timeout=30_000)
        settled(page)
        fields(page).nth(which).focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
        walked = f"{dx + 1},{dy + 1}"
        expect(shift_view(page)).to_have_attribute("data-shift", walked)
        right = page.get_by_role("slider", name="Right by")
        expect(right).to_have_value(f"{dx + 1}", timeout=30_000)
        settled(page)
        expect(shift_view(page)).to_have_attribute("data-shift", walked)


def test_a_link_opens_the_place_it_names(app: str, page: Page):
    opened(page, f"{app}/translation?digit_at=3&dx=5&dy=0&rotation=20")
    expect(shift_view(page)).to_contain_text("5 to the right: the CNN reads a")
    expect(shift_view(page)).to_contain_text("Drag the 3")
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
        "Equal: flipped (turned by 180°), this kernel is itself", timeout=30_000
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


# Pooling


def test_pooling_a_feature_map_of_ones_drawing(app: str, page: Page):
    opened(page, f"{app}/pooling?input=feature+map&layer=relu2&operation=average")
    expect(stage(page)).to_contain_text("Average pooling")
    expect(stage(page)).to_contain_text("968 numbers go in, 200 come out")


def test_what_a_shift_changes_follows_the_slider_while_it_moves(app: str, page: Page):
    opened(page, f"{app}/pooling")
    slider = page.get_by_role("slider", name="Move the input to the right by")
    place = box(slider)
    y = place["y"] + place["height"] / 2
    page.mouse.move(place["x"] + place["width"] / 3, y)  # where its thumb is, at 1 of 0 to 3
    page.mouse.down()
    page.mouse.move(place["x"] + place["width"] - 2, y, steps=5)
    # The button is still down.
    moved = page.get_by_role("img", name="Max pooling, moved by 3 px")
    expect(moved).to_be_visible()
    expect(stage(page)).to_contain_text(re.compile(r"37 of 196\s+numbers change, 19 %"))
    page.mouse.up()
    expect(page).to_have_url(re.compile("shift=3"))
    expect(slider).to_have_value("3")


def test_a_bright_sun_is_bright_and_a_red_roof_is_red_in_either_theme(app: str, dark_page: Page):
    first = opened(dark_page, f"{app}/convolution_2d?input=picture&in=3")
    colours = first.evaluate(
        """(root) => {
            const canvas = root.querySelector("canvas");
            const pixels = canvas.getContext("2d");
            const ratio = canvas.width / canvas.getBoundingClientRect().width;
            const { left, top } = canvas.getBoundingClientRect();
            const at = (channel, row, column) => {
                const box = root.where(`input.${channel}.${row}.${column}`);
                const x = (box.x + box.width / 2 - left) * ratio;
                const y = (box.y + box.height / 2 - top) * ratio;
                const { data } = pixels.getImageData(Math.round(x), Math.round(y), 1, 1);
                return [...data.slice(0, 3)];
            };
            return { sun: [0, 1, 2].map((c) => at(c, 14, 35)), roof: at(0, 20, 14) };
        }"""
    )
    # The sun is (1, 0.86, 0.35), the roof's red 0.66: each channel in its own colour.
    assert colours["sun"] == [[255, 0, 0], [0, 219, 0], [0, 0, 89]]
    assert colours["roof"][0] == pytest.approx(0.66 * 255, abs=2)
    # So is its patch in the panel, with words that can be read on it.
    view.click(dark_page, "conv.0.14.35", first)
    panel = view.inspector(dark_page).first
    expect(panel).to_contain_text("1 (full light)")
    # A picture's channels are called that in the rail, in the panel and enlarged.
    view.click(dark_page, "input.2.14.35", first)
    expect(panel.locator("h2")).to_have_text("input · channel 2")
    panel.get_by_role("button", name="enlarge").click()
    enlarged = dark_page.get_by_role("region", name="input channel 2, enlarged")
    expect(enlarged.get_by_role("heading")).to_have_text("input · channel 2")
    dark_page.keyboard.press("Escape")
    view.click(dark_page, "conv.0.14.35", first)
    for channel, light in enumerate(("rgb(255, 0, 0)", "rgb(0, 219, 0)", "rgb(0, 0, 89)")):
        patch = panel.get_by_role("table", name=f"input channel {channel}")
        expect(patch.locator(".cell").first).to_have_css("background-color", light)


# All three


def test_axe_finds_nothing_where_views_stand_side_by_side(app: str, page: Page):
    opened(page, f"{app}/convolution_2d?both=true&padding=1&in=2&out=2")
    still(page)
    assert violations(page) == []
