"""What if, in the network view: one visit, as a person goes through it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.hand import draw
from tests.browser.view import open_view, where

LINE = [[(140, 50), (140, 230)]]


def test_a_map_is_switched_off_a_kernel_edited_and_kept(page: Page, app: str) -> None:
    view = open_view(page, f"{app}/?pin=conv2.3.4.6")
    place = where(page, "conv2.3")
    opening = view.get_by_role("button", name=re.compile("^what if"))
    opening.click()
    panel = view.get_by_role("region", name="What if")
    expect(panel).to_contain_text("Nothing is changed.")

    # Off: shown at once by the browser, then by torch, and in the address.
    torch = view.get_attribute("data-revision")
    off = panel.get_by_role("button", name="off", exact=True).first
    under_the_pointer = off.bounding_box()
    off.click()
    expect(panel).to_contain_text(re.compile(r"With 1 change: .* maps differ"))
    assert off.bounding_box() == under_the_pointer
    assert view.get_attribute("data-revision") != torch
    expect(view).to_have_attribute("data-source", "torch")
    expect(page).to_have_url(re.compile(r"changes=conv2\.3%3D0"))
    assert float(view.get_attribute("data-preview-error") or "nan") < 1e-4
    expect(view.locator(".inspector .sentence")).to_contain_text("is set to 0.000 here")
    assert where(page, "conv2.3") == place

    # The panel stays what it is while the theme changes, with what is being typed.
    field = panel.get_by_label("Set conv2 map 3, row 4, column 6 to")
    field.press_sequentially("12")
    page.emulate_media(color_scheme="dark")
    expect(view).to_have_class(re.compile("dark"))
    expect(field).to_be_focused()
    expect(field).to_have_value("12")
    page.emulate_media(color_scheme="light")
    expect(view).not_to_have_class(re.compile("dark"))

    # A number that is none is refused by name; another is set.
    field.fill("much")
    field.press("Enter")
    expect(panel.get_by_role("alert").first).to_contain_text("“much” is not a number")
    field.fill("1/2")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"conv2\.3\.4\.6%3D0\.5"))

    # The kernel: a preset, then a cell typed by keyboard.
    panel.get_by_role("button", name="Sobel x").click()
    cell = panel.get_by_role("gridcell", name="row 0, column 0: −1")
    cell.focus()
    cell.press("4")
    cell.get_by_role("textbox").press("Enter")
    expect(panel.get_by_role("gridcell", name="row 0, column 0: 4")).to_be_visible()
    expect(page).to_have_url(re.compile(r"conv2\.weight\.3\.0%3D4%2C0%2C1%2C-2"))
    panel.get_by_role("button", name="undo change").click()
    expect(panel.get_by_role("gridcell", name="row 0, column 0: −1")).to_be_visible()

    # One can go on drawing; what is set stays set.
    panel.get_by_role("button", name="Close").click()
    draw(page, LINE)
    expect(view).to_have_attribute("data-source", "torch")
    expect(opening).to_have_text("what if · 3")

    # A single unit can't be kept as weights, and it is said why; without it the network is kept.
    opening.click()
    keep = panel.get_by_role("button", name="Keep as my weights")
    keep.click()
    expect(panel.get_by_role("alert").first).to_contain_text("it is one unit")
    panel.get_by_role("button", name=re.compile("Take back: conv2 map 3, row 4")).click()
    expect(page).not_to_have_url(re.compile(r"4\.6%3D0\.5"))
    keep.click()
    expect(page.locator(".st-key-model")).to_contain_text("article, changed")
    expect(panel).to_contain_text("Nothing is changed.")
    expect(view).to_have_attribute("data-source", "torch")

    # By key, where a unit is pinned: off and on again.
    panel.get_by_role("button", name="Close").click()
    page.keyboard.press("x")
    expect(opening).to_have_text("what if · 1")
    expect(view.locator("[aria-live=polite]").last).to_contain_text("With 1 change")
    page.keyboard.press("x")
    expect(opening).to_have_text("what if")

    # A score: any of its weights is set, the one first that counts most now; and its bias.
    score = where(page, "fc.7")
    page.mouse.click(score["x"] + score["width"] / 2, score["y"] + score["height"] / 2)
    opening.click()
    which = panel.get_by_label("Which input")
    which.fill("200")
    expect(panel.get_by_role("alert").first).to_contain_text("from 0 to 199, got “200”")
    which.fill("31")
    field = panel.get_by_label("Set fc weight of unit 7 for 31 to")
    field.fill("2")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"fc\.weight\.7\.31%3D2"))
    field = panel.get_by_label("Set fc bias of unit 7 to")
    field.fill("-1")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"fc\.bias\.7%3D-1"))
    expect(panel).to_contain_text(re.compile(r"With 2 changes"))
    expect(view).to_have_attribute("data-source", "torch")
    assert float(view.get_attribute("data-preview-error") or "nan") < 1e-4
