"""A newcomer on the teach page: three symbols of their own, drawn by a real mouse, trained on, and
read by a network whose every layer follows the pen."""

import numpy as np
from playwright.sync_api import Locator, Page, expect

from tests.browser import shifts
from tests.browser.hand import PAINTED, draw, settled
from tests.browser.view import point_at, root
from tests.teaching import pen

NAMES = pen.SETS[4]
EACH = 4


def count(page: Page, name: str) -> Locator:
    return page.get_by_role("radio", name=name).locator(".count")


def test_a_newcomer_teaches_three_symbols_and_sees_them_read(app: str, page: Page) -> None:
    page.goto(f"{app}/teach")
    settled(page)
    train = page.get_by_role("button", name="Train", exact=True)
    expect(train).to_be_disabled()
    expect(page.locator("canvas.paper")).to_be_visible()
    page.keyboard.press("p")
    expect(page.locator("html")).to_have_attribute("data-presentation", "")
    page.keyboard.press("p")
    expect(page.locator("html")).not_to_have_attribute("data-presentation", "")
    page.get_by_role("button", name="Add a symbol").click()
    names = page.get_by_role("textbox", name="Name of the symbol")
    expect(names).to_have_count(3)
    for place, name in enumerate(NAMES):
        names.nth(place).fill(name)
        names.nth(place).press("Enter")
        expect(page.get_by_role("radio", name=name)).to_be_visible()
    settled(page)

    hand, pad = np.random.default_rng(4), page.locator("canvas.paper")
    shifts.watch(page)
    for place, name in enumerate(NAMES):
        # A drawing that is on the canvas yet is kept by whatever is pressed next.
        if place == 1:
            page.keyboard.press("2")
        else:
            page.get_by_role("radio", name=name).click()
        for number in range(1, EACH + 1):
            draw(page, pen.strokes(name, hand), steps=1, on=pad)
            # Of the first symbol's the others are kept by themselves, after a second.
            if number == 2 or (place and number < EACH):
                # At once: the next drawing would otherwise go on with this one.
                page.keyboard.press("Enter")
            if number not in (2, EACH):
                expect(count(page, name)).to_have_text(str(number))
    last = page.get_by_role("radio", name=NAMES[2])
    expect(count(page, NAMES[2])).to_have_text(str(EACH))
    # Undo takes the last one back; it is drawn once more.
    page.get_by_role("button", name="undo").click()
    expect(count(page, NAMES[2])).to_have_text(str(EACH - 1))
    draw(page, pen.strokes(NAMES[2], hand), steps=1, on=pad)
    expect(count(page, NAMES[2])).to_have_text(str(EACH))
    expect(last).to_be_checked()
    for name in NAMES:
        expect(count(page, name)).to_have_text(str(EACH))
    # One is crossed out by a click, and brought back by another.
    strip = page.get_by_role("group", name=f"Drawings of {NAMES[0]}")
    first = strip.get_by_role("button").first
    first.click()
    expect(count(page, NAMES[0])).to_have_text(str(EACH - 1))
    first.click()
    expect(count(page, NAMES[0])).to_have_text(str(EACH))
    settled(page)
    assert shifts.moved(page) == []

    train.click()
    trying = page.get_by_role("button", name="Try it", exact=True)
    expect(trying).to_be_enabled()
    settled(page)
    expect(page.get_by_text("held-back drawings right").first).to_contain_text("of 3")
    expect(page.locator(".st-key-teach_film")).to_contain_text("of the vote")
    trying.click()
    settled(page)
    view = root(page)
    expect(view).to_have_attribute("data-source", "torch")
    canvas = page.locator(".st-key-teach_try canvas").last
    said = page.locator(".st-key-draw_reading")
    shifts.watch(page)
    for unit in ("conv1.0.3.3", "pool2.3.1.1"):
        point_at(page, unit)
        page.evaluate(PAINTED)
    for name in NAMES:
        # Between few points that canvas would cut the corners.
        draw(page, pen.strokes(name, hand), steps=8, on=canvas)
        settled(page)
        expect(said).to_contain_text(f"Best guess {name}")
        page.get_by_role("button", name="clear").click()
        settled(page)
    assert shifts.moved(page) == []


def test_on_a_telephone_a_symbols_drawings_stand_under_its_name(app: str, phone_page: Page) -> None:
    page = phone_page
    page.goto(f"{app}/teach")
    settled(page)
    name = page.get_by_role("textbox", name="Name of the symbol").first.bounding_box()
    strip = page.get_by_role("group", name="Drawings of symbol 1")
    tops = strip.get_by_role("button").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().top)"
    )
    assert name is not None
    assert min(tops) >= name["y"] + name["height"]
    # The places of a symbol that has none yet leave the next symbol in sight.
    assert len(tops) >= 18
    assert tops.count(min(tops)) >= 6
