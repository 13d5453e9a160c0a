"""No element of a lab changes its place while one hovers, drags or plays.

The browser itself reports what moved, as layout-shift entries, and leaves out what follows within
half a second of a click; so nothing is clicked here, and a drag's shifts count as they come.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hand import settled

LABS = ["convolution_1d", "convolution_2d", "pooling", "translation"]
SIZES = {
    "1440 light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "390 dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
VIEWS = "[data-cnnviz=network-view], [data-cnnviz=signal-view], [data-cnnviz=shift-view]"
# What moved: each entry's sources, as words. A fixed or sticky thing stays in the window.
WATCH = """() => {
    window.moved = [];
    window.watching = new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
            for (const { node, previousRect: from, currentRect: to } of entry.sources) {
                const element = node?.nodeType === 1 ? node : node?.parentElement;
                // A slider's thumb is there to move.
                if (element?.closest("[data-testid=stSlider]")) continue;
                const where = (r) => `${r.x.toFixed()},${r.y.toFixed()} ${r.width.toFixed()}\u00d7`
                    + r.height.toFixed();
                const words = (element?.textContent ?? "").slice(0, 60);
                window.moved.push(`${element?.tagName}.${element?.className}: ${words}: `
                    + `${where(from)} to ${where(to)}`);
            }
    });
    window.watching.observe({ type: "layout-shift", buffered: false });
}"""


def opened(page: Page, address: str) -> None:
    """A lab, complete, at rest, and watched from now on."""
    page.goto(address)
    expect(page.locator(VIEWS).first).to_be_visible(timeout=60_000)
    settled(page)
    page.wait_for_timeout(800)  # charts and fonts
    page.evaluate(WATCH)


def moved(page: Page) -> str:
    """What has moved since the last time one asked, a line each."""
    page.wait_for_timeout(200)
    return "\n".join(page.evaluate("window.moved.splice(0)")[:12])


def picture(page: Page) -> Locator:
    """The largest canvas of the first view."""
    return page.locator(VIEWS).first.locator("canvas").first


def places(page: Page, across: int = 6, down: int = 4) -> list[tuple[float, float]]:
    target = picture(page)
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    return [
        (box["x"] + box["width"] * (c + 0.5) / across, box["y"] + box["height"] * (r + 0.5) / down)
        for r in range(down)
        for c in range(across)
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", LABS)
def test_hovering_dragging_and_playing_move_nothing(
    name: str, size: str, app: str, open_page: Callable[..., Page]
):
    page = open_page(**SIZES[size])
    opened(page, f"{app}/{name}")
    for place in places(page):
        page.mouse.move(*place)
        page.wait_for_timeout(40)
    page.mouse.move(2, 2)
    assert not moved(page), "while hovering"
    if name != "pooling":  # it has nothing to drag
        drag(page)
        assert not moved(page), "while dragging"
    if name == "convolution_1d":
        play(page)
        assert not moved(page), "while playing"


def drag(page: Page) -> None:
    first, *rest = places(page, 5, 3)[5:10]
    page.mouse.move(*first)
    page.mouse.down()
    page.wait_for_timeout(600)  # longer than the browser forgives
    for place in rest:
        page.mouse.move(*place, steps=4)
    page.mouse.up()
    settled(page)


def play(page: Page) -> None:
    page.get_by_role("button", name="Play").focus()
    page.wait_for_timeout(600)  # the browser forgives what follows a key for half a second
    page.keyboard.press("Enter")
    page.wait_for_timeout(2500)
