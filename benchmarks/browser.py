"""A Chromium whose pages carry the probe, and a hand that draws in them."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Page

from tests.browser import chromium
from tests.browser.hand import canvas_box

PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")


@contextmanager
def browser() -> Iterator[Browser]:
    with chromium.browser() as opened:
        yield opened


def new_page(opened: Browser) -> Page:
    page = opened.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(180_000)
    page.add_init_script(PROBE)
    return page


def wait_for_torch(page: Page) -> float:
    """When torch's values were painted, in ms since the page's navigation."""
    return page.evaluate("() => probe.torch()")


def rest(page: Page, milliseconds: float) -> None:
    page.wait_for_timeout(milliseconds)


def circle(page: Page, steps: int, on: FloatRect | None = None) -> Iterator[None]:
    """Pen down, around in `steps` moves (a yield after each), pen up; `on` is where the canvas
    lies, where that is known."""
    box = on or canvas_box(page)
    x, y = box["x"] + 140, box["y"] + 140
    page.mouse.move(x + 80, y)
    page.mouse.down()
    for step in range(1, steps + 1):
        angle = 2 * math.pi * step / steps
        page.mouse.move(x + 80 * math.cos(angle), y + 80 * math.sin(angle))
        yield
    page.mouse.up()


def stroke(page: Page, steps: int = 4) -> None:
    for _ in circle(page, steps):
        pass
