"""What a frame costs while something moves, counted instead of timed: paints, layouts, elements.

The budgets in ms are measured by `benchmarks/frames.py`; here stands what they rest on.
"""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import view
from tests.browser.hand import canvas_box, settled

# Counts, of what lies inside `roots`: elements that come or go, whole pictures copied, painting on
# canvases of the class `still`, and sizes asked for, each of which may cost a layout.
COUNT = """([roots, still]) => {
  const counts = { elements: 0, copies: 0, painted: 0, sizes: 0 };
  const all = (node) => [node, ...node.querySelectorAll("*")].flatMap((each) =>
    each.shadowRoot ? [each, ...all(each.shadowRoot)] : [each]);
  const found = all(document).filter((each) => each instanceof Element && each.matches(roots));
  const watch = new MutationObserver((seen) => { counts.elements += seen.length });
  for (const root of found) watch.observe(root, { childList: true, subtree: true });
  const inside = (element) => found.some((root) => root.contains(element));
  const surfaces = new Set(found.map((root) => root.querySelector("canvas.surface")));
  const { prototype } = CanvasRenderingContext2D;
  for (const name of ["fillRect", "clearRect", "stroke", "drawImage", "putImageData"]) {
    const paint = prototype[name];
    prototype[name] = function (...given) {
      const { canvas } = this;
      if (canvas.matches(still) && inside(canvas)) counts.painted += 1;
      const [from] = given;
      const large = [...surfaces].some((surface) => surface && from?.width === surface.width);
      if (name === "drawImage" && large) counts.copies += 1;
      return paint.apply(this, given);
    };
  }
  for (const name of ["offsetWidth", "offsetHeight"]) {
    const { get } = Object.getOwnPropertyDescriptor(HTMLElement.prototype, name);
    Object.defineProperty(HTMLElement.prototype, name, {
      configurable: true,
      get() {
        if (inside(this)) counts.sizes += 1;
        return get.call(this);
      },
    });
  }
  const revision = () => Number(found.find((root) => root.matches("[data-cnnviz=network-view]"))
    .dataset.revision);
  const before = revision();
  window.counted = () => ({ ...counts, frames: revision() - before });
}"""


def counted(page: Page) -> dict[str, Any]:
    return page.evaluate("() => counted()")


def test_a_frame_of_drawing_copies_the_surface_once_and_makes_no_elements(app: str, page: Page):
    root = view.open_view(page, f"{app}/?pin=conv2.5.4.6")
    settled(page)
    box = canvas_box(page)
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    # Until the first frame has been painted, elements may come: a sentence has another line, say.
    page.mouse.move(box["x"] + 90, box["y"] + 90, steps=4)
    expect(root).to_have_attribute("data-source", "preview")
    page.evaluate(COUNT, ["[data-cnnviz=network-view], .reading", ".none"])
    page.mouse.move(box["x"] + 200, box["y"] + 220, steps=30)
    made = counted(page)
    page.mouse.up()
    assert made["frames"] > 2
    assert made["copies"] == made["frames"]
    assert made["sizes"] == 0


def test_a_drag_on_translation_paints_no_map_and_makes_no_elements(app: str, page: Page):
    page.goto(f"{app}/translation")
    root = view.root(page).first
    expect(root).to_have_attribute("data-revision", re.compile(r"[1-9]"))
    settled(page)
    place = view.in_sight(page, "input.0", root)
    x, y = view.middle(place)
    pixel = place["width"] / 28
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + pixel, y + pixel, steps=2)
    moved = page.locator("[data-cnnviz=shift-view]")
    expect(moved).to_have_attribute("data-shift", "-3,-3")
    page.evaluate(COUNT, ["[data-cnnviz=network-view], [data-cnnviz=shift-view]", ".picture, .ink"])
    page.mouse.move(x - 3 * pixel, y - 2 * pixel, steps=12)
    expect(moved).to_have_attribute("data-shift", "-7,-6")
    made = counted(page)
    page.mouse.up()
    settled(page)
    assert made["frames"] > 2
    assert made["painted"] == 0
    assert made["elements"] == 0


def test_a_page_asks_for_each_of_our_components_once(app: str, page: Page):
    view.open_view(page, app)
    asked = page.evaluate("() => performance.getEntriesByType('resource').map(({ name }) => name)")
    ours = [name for name in asked if "/cnnviz." in name and name.endswith(".js")]
    components = [re.findall(r"/cnnviz\.(\w+)/", name)[0] for name in ours]
    assert "network_view" in components
    assert sorted(components) == sorted(set(components))
