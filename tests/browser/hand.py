"""What a person's hand does: draw on the canvas with a real mouse, and wait for what follows."""

from collections.abc import Iterable

from playwright.sync_api import FloatRect, Locator, Page, expect

Point = tuple[float, float]

# In canvas pixels, 280×280.
SEVEN: list[list[Point]] = [[(75, 75), (205, 75), (130, 225)]]
ONE: list[list[Point]] = [[(140, 50), (140, 230)]]


def canvas(page: Page) -> Locator:
    """The canvas that takes the pointer (the drawing component's upper one)."""
    return page.locator(".st-key-draw canvas").last


def canvas_box(page: Page) -> FloatRect:
    target = canvas(page)
    expect(target).to_be_visible()
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    return box


def stroke(page: Page, points: Iterable[Point], steps: int = 6) -> None:
    """Press at the first point, move through the others, and lift."""
    box = canvas_box(page)
    first, *rest = ((box["x"] + x, box["y"] + y) for x, y in points)
    page.mouse.move(*first)
    page.mouse.down()
    for point in rest:
        page.mouse.move(*point, steps=steps)
    page.mouse.up()


def draw(page: Page, strokes: Iterable[Iterable[Point]]) -> None:
    for points in strokes:
        stroke(page, points)


def settled(page: Page) -> None:
    """Wait until the server has finished the run that the last action caused.

    A page that shows more after the browser's first paint (`cnnviz.components.later`) is run again
    for it.
    """
    page.wait_for_timeout(300)  # the canvas itself waits 200 ms before it sends
    for _ in range(2):
        expect(page.get_by_test_id("stApp")).to_have_attribute(
            "data-test-script-state", "notRunning", timeout=30_000
        )
        expect(page.locator("[class*='_later']")).to_have_count(0)
