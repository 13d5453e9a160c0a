"""A network of twelve layers in the view: folded, opened, few of many maps, and small messages."""

import re

from playwright.sync_api import FloatRect, Page, expect

from tests.browser.hand import SEVEN, canvas_box
from tests.browser.view import inspector, layer, middle, open_view, root, where

LAYERS = (
    "conv2d_32_3~relu~conv2d_32_3~relu~maxpool2d_2~conv2d_10_3~relu~conv2d_10_3~relu~"
    "maxpool2d_2~flatten~linear_10"
)
SHOWN = """view => [...Array(32).keys()].filter((map) => view.where(`conv1.${map}`))"""


def is_folded(page: Page, name: str) -> None:
    expect(layer(page, name)).to_have_attribute("aria-label", re.compile(", folded$"))


def is_open(page: Page, name: str) -> None:
    expect(layer(page, name)).to_have_attribute("aria-label", re.compile(".*(?<!, folded)$"))


def unit_under(page: Page, box: FloatRect) -> str:
    x, y = middle(box)
    return root(page).evaluate("(view, { x, y }) => view.at(x, y) ?? ''", {"x": x, "y": y})


def test_layers_fold_and_open_under_the_pointer_and_what_is_looked_at_is_torchs(
    app: str, page: Page
):
    received: list[int] = []
    page.on("websocket", lambda s: s.on("framereceived", lambda f: received.append(len(f))))
    page.set_viewport_size({"width": 1440, "height": 900})
    view = open_view(page, f"{app}/build?layers={LAYERS}")
    source = view.locator(".legend .source")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    is_open(page, "conv1")
    is_folded(page, "pool1")

    # By pointing: what opens is under the pointer still.
    layer(page, "pool1").scroll_into_view_if_needed()
    box = where(page, "relu3.4")
    page.mouse.move(*middle(box))
    is_open(page, "relu3")
    is_folded(page, "conv1")
    assert unit_under(page, box).startswith("relu3.4.")
    expect(source).to_have_text("PyTorch")
    # By keyboard: what the focus comes to opens, and keeps it.
    page.mouse.move(5, 5)
    layer(page, "pool1").focus()
    page.keyboard.press("Shift+Tab")
    is_open(page, "relu2")
    expect(layer(page, "relu2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(inspector(page).locator("h2")).to_contain_text("relu2")
    # Its values are the browser's until torch's have come.
    expect(source).to_have_text("PyTorch")
    page.keyboard.press("Escape")

    # Of 32 maps eight are shown, the rest a click away; what is pinned there is shown.
    layer(page, "conv1").focus()
    page.keyboard.press("ArrowRight")
    is_open(page, "conv1")
    shown = view.evaluate(SHOWN)
    assert len(shown) == 8
    hidden = next(map_ for map_ in range(32) if map_ not in shown)
    view.get_by_role("button", name="all 32 maps of conv1").click()
    view.get_by_role("button", name=f"Enlarge conv1 map {hidden}", exact=True).click()
    view.get_by_role("region", name=f"conv1 map {hidden}, enlarged").locator("canvas").click()
    expect(inspector(page).locator("h2")).to_contain_text(f"conv1 · map {hidden}")
    expect(source).to_have_text("PyTorch")
    assert hidden in view.evaluate(SHOWN)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    # A stroke: no map jumps while the pen is down, and its message is small.
    shown = view.evaluate(SHOWN)
    received.clear()
    canvas = canvas_box(page)
    points = [(canvas["x"] + x, canvas["y"] + y) for x, y in SEVEN[0]]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=4)
    expect(view).to_have_attribute("data-source", "preview")
    assert view.evaluate(SHOWN) == shown
    page.mouse.up()
    expect(view).to_have_attribute("data-source", "torch")
    assert max(received) < 60_000

    # Rows: what opens pushes down only what is below it.
    page.set_viewport_size({"width": 390, "height": 844})
    is_folded(page, "relu4")
    row = layer(page, "relu4")
    row.scroll_into_view_if_needed()
    above = layer(page, "conv1").bounding_box()
    before = row.bounding_box()
    row.locator("header").click()
    is_open(page, "relu4")
    after = row.bounding_box()
    assert before
    assert after
    assert after["y"] == before["y"]
    assert layer(page, "conv1").bounding_box() == above
    assert after["height"] > before["height"]
