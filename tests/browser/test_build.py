"""A network built with keyboard and mouse, drawn for, and taken to training: one visit."""

import io
import re
import zipfile
from urllib.parse import unquote

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser import view
from tests.browser.hand import ONE, draw, settled
from tests.teaching.lessons import pictures


def shapes() -> bytes:
    """A zip of drawings in two folders."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in ("circle", "triangle"):
            for at, picture in enumerate(pictures(name, 12, seed=5)):
                file = io.BytesIO()
                Image.fromarray(255 - picture).save(file, "PNG")
                archive.writestr(f"{name}/{at}.png", file.getvalue())
    return content.getvalue()


def cards(page: Page) -> Locator:
    return page.locator(".st-key-build_row li.card:not(.input)")


def names(page: Page) -> Locator:
    return cards(page).locator(".name")


def said(page: Page) -> Locator:
    return page.locator(".st-key-build_row").get_by_role("status")


def test_a_network_is_built_drawn_for_and_taken_to_training(app: str, page: Page) -> None:
    page.goto(f"{app}/build")
    first = view.root(page).first
    expect(first).to_have_attribute("data-revision", re.compile(r"[1-9]"))
    article = ["conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "fc"]
    expect(names(page)).to_have_text(article)
    expect(said(page)).to_contain_text("2,346 parameters")
    settled(page)

    # By keyboard alone: take out a block, set a number, undo.
    cards(page).nth(3).focus()
    for _ in range(3):
        page.keyboard.press("Delete")
    expect(names(page)).to_have_text(["conv1", "relu1", "pool1", "flatten", "fc"])
    expect(said(page)).to_contain_text("6,810 parameters")
    page.keyboard.press("Control+z")
    expect(names(page)).to_have_text(["conv1", "relu1", "pool1", "pool2", "flatten", "fc"])
    cards(page).nth(0).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("conv1 channels")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("5")  # what was there is chosen, and replaced
    expect(cards(page).nth(0).locator(".shape")).to_have_text("4×24×24")
    page.keyboard.press("ArrowUp")
    expect(cards(page).nth(0).locator(".shape")).to_have_text("4×23×23")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    expect(cards(page).nth(1)).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    expect(names(page).nth(2)).to_have_text("relu1")
    expect(cards(page).nth(2)).to_be_focused()

    # A misfit says what would do, and the last network stays below.
    page.get_by_label("pool2 kernel").fill("15")
    expect(said(page)).to_contain_text("pool2: 11×11 is smaller than the 15×15 window; ")
    expect(page.get_by_role("button", name="Train it")).to_be_disabled()
    page.get_by_label("pool2 kernel").fill("3")
    expect(said(page)).to_contain_text("parameters")

    # With the mouse: a layer more behind the one that was clicked, moved and taken out again.
    cards(page).nth(2).click(position={"x": 20, "y": 30})
    page.get_by_role("toolbar", name="Add a layer").get_by_text("BatchNorm2d").click()
    expect(names(page).nth(3)).to_have_text("norm1")
    page.get_by_role("button", name="Move norm1 left").click()
    expect(names(page).nth(2)).to_have_text("norm1")
    page.get_by_role("button", name="Take norm1 out").click()
    expect(names(page)).to_have_text(["conv1", "pool1", "relu1", "pool2", "flatten", "fc"])

    # It follows the pen, and a preset takes its place until an undo.
    settled(page)
    before = view.revision(first)
    draw(page, ONE)
    settled(page)
    expect(first).to_have_attribute("data-source", "torch")
    assert view.revision(first) > before
    page.get_by_role("radio", name="LeNet-5").click()
    expect(names(page)).to_have_count(12)
    page.locator(".st-key-build_row").get_by_role("button", name="undo").click()
    expect(names(page)).to_have_count(6)
    settled(page)
    built = "layers=conv2d_4_6~maxpool2d_2~relu~maxpool2d_3~flatten~linear_10"
    page.wait_for_url(lambda url: built in unquote(url))

    page.get_by_role("button", name="Train it").click()
    expect(page).to_have_url(re.compile("/training"))
    layers = page.get_by_role("textbox", name="Layers")
    expect(layers).to_have_value("conv2d 4 6, maxpool2d 2, relu, maxpool2d 3, flatten, linear 10")
    settled(page)

    # Back on the page, what was done there before can be undone still.
    page.get_by_role("link", name="Build").click()
    expect(names(page)).to_have_text(["conv1", "pool1", "relu1", "pool2", "flatten", "fc"])
    page.locator(".st-key-build_row").get_by_role("button", name="undo").click()
    expect(names(page).nth(2)).to_have_text("norm1")
    settled(page)

    # Pictures of one's own, a folder a class in a zip, are built for, and trained on.
    page.get_by_role("button", name="Own pictures").click()
    page.locator(".st-key-own_pictures_file input[type=file]").set_input_files(
        {"name": "my shapes.zip", "mimeType": "application/zip", "buffer": shapes()}
    )
    settled(page)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Added my shapes: 20 pictures to learn from and 4 for")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="Pictures")).to_have_value(re.compile("my shapes"))
    expect(said(page)).to_contain_text("parameters")
    expect(first.get_by_role("group", name=re.compile("softmax"))).to_contain_text("triangle")
    page.get_by_role("button", name="Train it").click()
    expect(page.get_by_role("combobox", name="Images")).to_have_value(re.compile("my shapes"))
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text(re.compile(r"finished"))).to_be_visible()


def test_what_was_drawn_on_build_is_cleared_and_brought_back_by_mouse(app: str, page: Page) -> None:
    page.goto(f"{app}/build")
    first = view.root(page).first
    expect(first).to_have_attribute("data-revision", re.compile(r"[1-9]"))
    settled(page)
    pad = page.locator(".st-key-rail")
    undo = pad.get_by_role("button", name="undo", exact=True)
    clear = pad.get_by_role("button", name="clear", exact=True)
    expect(undo).to_be_disabled()

    def answered() -> list[tuple[int, int, int]]:
        """The input as it is painted, once torch has answered."""
        settled(page)
        expect(first).to_have_attribute("data-source", "torch")
        return view.colours(first, "input.0")

    seven = answered()
    draw(page, ONE)
    one = answered()
    assert one != seven
    clear.click()
    assert len({*answered()}) == 1
    undo.click()
    assert answered() == one
    undo.click()
    assert answered() == seven
    expect(undo).to_be_disabled()
    # The row's own undo has had nothing to do with it.
    expect(page.locator(".st-key-build_row").get_by_role("button", name="undo")).to_be_disabled()
