"""Pictures of one's own in browsers: whoever added them has them on every page, nobody else."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

TITLE = "lights of one browser"


def lights() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for at in range(20):
            file = io.BytesIO()
            colour = (220, 9 * at, 0) if at % 2 else (0, 9 * at, 220)
            Image.new("RGB", (20, 20), colour).save(file, "PNG")
            archive.writestr(f"{('blue', 'red')[at % 2]}/{at}.png", file.getvalue())
    return content.getvalue()


def opened_menu(page: Page) -> Locator:
    page.get_by_role("button", name="Own pictures").click()
    menu = page.get_by_test_id("stPopoverBody")
    expect(menu.get_by_label("Pixels a side")).to_be_visible()
    return menu


def listed(page: Page) -> list[str]:
    """What the page's own choice of pictures lists."""
    page.get_by_role("combobox", name="Pictures").click()
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    found = options.all_inner_texts()
    page.keyboard.press("Escape")
    return found


@pytest.mark.long
def test_pictures_are_listed_to_and_deleted_by_the_browser_that_added_them(
    app: str, own_of_app: Path, open_page: Callable[..., Page]
) -> None:
    hers, his = open_page(fresh=True), open_page(fresh=True)
    hers.goto(f"{app}/build")
    menu = opened_menu(hers)
    menu.locator("input[type=file]").set_input_files(
        {"name": f"{TITLE}.zip", "mimeType": "application/zip", "buffer": lights()}
    )
    expect(menu.locator(f'input[aria-label="Called"][value="{TITLE}"]')).to_be_visible()
    # The field that was there before the file goes last.
    expect(menu.get_by_label("Called")).to_have_count(1)
    menu.get_by_role("combobox", name="As").click()
    hers.get_by_role("option", name="colours").click()
    menu.get_by_role("button", name="Add", exact=True).click()
    expect(hers.get_by_text(f"Added {TITLE}")).to_be_visible()
    (file,) = own_of_app.glob("own-lights-of-one-browser-*.safetensors")

    secret = hers.evaluate("() => localStorage.getItem('cnnviz.person')")
    assert len(secret) == 43
    # Each is the browser that it was, in a session of its own.
    for page, mine in ((his, False), (hers, True)):
        page.goto("about:blank")
        page.goto(f"{app}/build")
        assert any(TITLE in option for option in listed(page)) == mine
        assert secret not in page.url + page.content()
    menu = opened_menu(his)
    expect(menu.get_by_text("Of your own")).to_have_count(0)

    menu = opened_menu(hers)
    menu.get_by_role("combobox", name="Of your own").click()
    hers.get_by_role("option", name=TITLE).click()
    menu.get_by_text("Delete its pictures").click()
    menu.get_by_role("button", name="Delete for good").click()
    expect(menu.get_by_text("Of your own")).to_have_count(0)
    assert not file.exists()
