"""The network view as a person meets it: found by role, label and text."""

import re

from playwright.sync_api import FloatRect, Locator, Page, expect

MINUS = "\u2212"
VIEWS = "[data-cnnviz=network-view], [data-cnnviz=signal-view], [data-cnnviz=shift-view]"


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


def where(page: Page, name: str, view: Locator | None = None) -> FloatRect:
    """The box, in the page's pixels, of what `name` names on the painted surface.

    A unit as in the address (`conv2.5.4.6`, `fc.7`), a map (`conv2.5`) or a kernel
    (`conv2.weight.5.0`); frontend/network_view/asked.js.
    """
    found = (view or root(page)).evaluate("(view, name) => view.where(name)", name)
    assert found is not None, f"the view shows no {name}"
    return found


def middle(box: FloatRect) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def point_at(page: Page, name: str, view: Locator | None = None) -> None:
    """Move the mouse to the middle of what `name` names, scrolled into sight, and after it while
    the page is still taking its places."""
    for _ in range(10):
        box = in_sight(page, name, view)
        page.mouse.move(*middle(box))
        if where(page, name, view) == box:
            return


def click(page: Page, name: str, view: Locator | None = None) -> None:
    point_at(page, name, view)
    page.mouse.down()
    page.mouse.up()


def in_sight(page: Page, name: str, view: Locator | None = None) -> FloatRect:
    """`where`, after scrolling its column into sight."""
    chosen = view or root(page)
    box = where(page, name, chosen)
    height = page.evaluate("innerHeight")
    if box["y"] < 0 or box["y"] + box["height"] > height:
        layer_name = name.split(".")[0]
        group = chosen.get_by_role("group", name=re.compile(rf"^{layer_name}: ")).first
        group.scroll_into_view_if_needed()
        box = where(page, name, chosen)
    return box


def colours(view: Locator, name: str) -> list[tuple[int, int, int]]:
    """The painted colours (r, g, b) of a map's or a kernel's device pixels, row by row."""
    data = view.evaluate(
        """(view, name) => {
          const surface = view.querySelector("canvas.surface");
          const frame = surface.getBoundingClientRect();
          const ratio = surface.width / frame.width;
          const { x, y, width, height } = view.where(name);
          const at = [x - frame.x, y - frame.y, width, height].map((v) => Math.round(v * ratio));
          return [...surface.getContext("2d").getImageData(...at).data];
        }""",
        name,
    )
    return [(data[i], data[i + 1], data[i + 2]) for i in range(0, len(data), 4)]


def how_many_colours(view: Locator, names: list[str]) -> dict[str, int]:
    """Of each map or kernel; its device pixels are counted in the page, not sent here."""
    return view.evaluate(
        """(view, names) => {
          const surface = view.querySelector("canvas.surface");
          const frame = surface.getBoundingClientRect();
          const ratio = surface.width / frame.width;
          const { width: across, height: down } = surface;
          const { data } = surface.getContext("2d").getImageData(0, 0, across, down);
          const pixels = new Uint32Array(data.buffer);
          const count = (name) => {
            const { x, y, width, height } = view.where(name);
            const [left, top, w, h] = [x - frame.x, y - frame.y, width, height].map((v) =>
              Math.round(v * ratio));
            const seen = new Set();
            for (let row = top; row < top + h; row += 1)
              for (let at = left; at < left + w; at += 1) seen.add(pixels[row * across + at]);
            return seen.size;
          };
          return Object.fromEntries(names.map((name) => [name, count(name)]));
        }""",
        names,
    )


def inspector(page: Page) -> Locator:
    return page.get_by_role("region", name="How the number came about")


def pinned(page: Page) -> tuple[str, str, float]:
    """Title, place and value that the inspector shows."""
    box = inspector(page)
    return (
        box.locator("h2").inner_text(),
        box.locator(".place").inner_text(),
        number(box.locator(".big").inner_text()),
    )


def walk_back(page: Page) -> None:
    """From softmax 7 of the article's network, which is pinned, to a pixel, a click a layer."""
    box = inspector(page)
    box.get_by_role("button", name="digit 7").click()
    box.get_by_role("button", name=re.compile(r"^flatten\[")).first.click()
    box.locator("button.taken").click()
    box.get_by_role("table", name="pool1 map 0").get_by_role("button").nth(4).click()
    box.locator("button.taken").click()
    box.get_by_role("table", name="input").get_by_role("button").nth(4).click()
    expect(box.locator("h2")).to_have_text("input")


def number(text: str) -> float:
    return float(text.replace(MINUS, "-"))


def revision(view: Locator) -> int:
    return int(view.get_attribute("data-revision") or 0)
