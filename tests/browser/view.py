"""The network view as a person meets it: found by role, label and text."""

import re

from playwright.sync_api import Locator, Page, expect

MINUS = "\u2212"


def root(page: Page) -> Locator:
    return page.locator("[data-cnnviz=network-view]")


def open_view(page: Page, url: str) -> Locator:
    """Go to a page with one network view, and wait until its maps are painted."""
    page.goto(url)
    view = root(page)
    expect(view).to_have_attribute("data-revision", re.compile(r"[1-9]"), timeout=60_000)
    expect(view).to_have_attribute("data-source", "torch")
    return view


def layer(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=re.compile(rf"^{name}: "))


def tiles(page: Page, name: str) -> Locator:
    return layer(page, name).locator(".tile canvas:not(.numbers)")


def point_at(page: Page, tile: Locator, row: int, col: int, rows: int, cols: int) -> None:
    box = tile.bounding_box()
    assert box is not None
    page.mouse.move(
        box["x"] + (col + 0.5) * box["width"] / cols, box["y"] + (row + 0.5) * box["height"] / rows
    )


def inspector(page: Page) -> Locator:
    return page.get_by_role("region", name="How the number came about")


def pinned(page: Page) -> tuple[str, str, float]:
    """Title, place and value that the inspector shows."""
    box = inspector(page)
    return (
        box.locator("h3").inner_text(),
        box.locator(".place").inner_text(),
        number(box.locator(".big").inner_text()),
    )


def number(text: str) -> float:
    return float(text.replace(MINUS, "-"))


def revision(view: Locator) -> int:
    return int(view.get_attribute("data-revision") or 0)
