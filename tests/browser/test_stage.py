"""The painted surface in a real Chromium, against a painter of our own that knows only the trace.

The view says where a map lies; which colour each of its pixels has is worked out here, from the
values and the palette. And whatever one does, nothing on the page changes its place.
"""

import base64
import re
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from playwright.sync_api import Locator, Page, Route, expect
from torch import nn

from cnnviz.components.modules import together
from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.networks.trace import Trace, trace
from cnnviz.palette import LIGHT, rgb
from cnnviz.views.network import Painting, trace_message, weights_message
from tests.browser import shifts, view
from tests.browser.chromium import ROOT
from tests.browser.hand import PAINTED, canvas_box, settled, stroke
from tests.frontend.networks import traces

ADDRESS = "http://stage.test/"
FRONTEND = ROOT / "cnnviz" / "frontend"
LEVELS = 255  # of a colour from zero to the largest magnitude
PAGE = f"""<!doctype html><meta charset=utf-8><link rel=stylesheet href=/network_view/style.css>
<style>body {{ margin: 0; --st-background-color: {LIGHT.background};
--st-secondary-background-color: {LIGHT.surface}; --st-text-color: {LIGHT.text};
--st-border-color: {LIGHT.line}; --st-primary-color: {LIGHT.accent}; }}</style>
<div class=network-view style="width:1000px"></div>"""
SHOW = """async (messages) => {
  const { default: render } = await import("/ENTRY");
  const old = document.querySelector(".network-view");
  const root = old.cloneNode(false);
  old.replaceWith(root);
  window.leave?.();
  const parentElement = { querySelector: () => root };
  for (const data of messages) {
    window.leave = render({ data, parentElement, setTriggerValue() {} }) ?? window.leave;
  }
  await document.fonts.ready;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}""".replace("ENTRY", together("network_view/index.js"))  # what a visitor's browser gets


REMAKE = """async ({ messages, times }) => {
  const { default: render } = await import("/ENTRY");
  const place = window.place ??= document.body.appendChild(document.createElement("div"))
    .attachShadow({ mode: "open" });
  for (let time = 0; time < times; time += 1) {
    const root = document.createElement("div");
    root.className = "network-view";
    place.replaceChildren(root);
    for (const leave of window.leaves ?? []) leave();
    window.leaves = messages.map((data) =>
      render({ data, parentElement: { querySelector: () => root }, setTriggerValue() {} }));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }
}""".replace("ENTRY", together("network_view/index.js"))


def messages(steps: Trace) -> list[dict[str, Any]]:
    """What the view is sent of a trace, its input painted like any other layer."""
    weights = weights_message(steps)
    painting = Painting(ink=False)
    return [weights, trace_message(steps, key="stage", weights=weights["id"], painting=painting)]


@pytest.fixture
def blank(open_page: Callable[..., Page]) -> Page:
    """A page without Streamlit, that serves the view's modules."""
    page = open_page(device_scale_factor=1)

    def serve(route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS)
        if not name or name == "favicon.ico":
            route.fulfill(body="" if name else PAGE, content_type="text/html")
            return
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        route.fulfill(body=(FRONTEND / name).read_bytes(), content_type=kind)

    page.route(f"{ADDRESS}**", serve)
    page.goto(ADDRESS)
    return page


def painted(root: Locator) -> tuple[np.ndarray, dict[str, dict[str, float]]]:
    """The surface's pixels (rows, columns, 3), and where each map lies on it, in its pixels."""
    made = root.evaluate(
        """(root) => {
          const surface = root.querySelector("canvas.surface");
          const { width, height } = surface;
          const frame = surface.getBoundingClientRect();
          const boxes = {};
          for (const group of root.querySelectorAll("[data-type=maps]")) {
            const name = group.querySelector("header b").textContent;
            for (let map = 0; root.where(`${name}.${map}.0.0`); map += 1) {
              const { x, y, width: w, height: h } = root.where(`${name}.${map}.0.0`);
              boxes[`${name}.${map}`] = { x: x - frame.x, y: y - frame.y, w, h };
            }
          }
          const { data } = surface.getContext("2d").getImageData(0, 0, width, height);
          let text = "";
          for (let i = 0; i < data.length; i += 32768)
            text += String.fromCharCode(...data.subarray(i, i + 32768));
          return { width, height, boxes, data: btoa(text) };
        }"""
    )
    pixels = np.frombuffer(base64.b64decode(made["data"]), np.uint8)
    return pixels.reshape(made["height"], made["width"], 4)[:, :, :3], made["boxes"]


def colour(value: float, most: float) -> np.ndarray:
    """Of a value where `most` has the full colour: mixed between the palette's stops."""
    level = 0 if most == 0 else int(np.floor(value / most * LEVELS + 0.5))
    stops = [LIGHT.surface, *(LIGHT.positive if level >= 0 else LIGHT.negative)]
    at = abs(level) / LEVELS * (len(stops) - 1)
    lower = min(int(at), len(stops) - 2)
    low, high = (np.array(rgb(stops[lower + i])) for i in (0, 1))
    return low + (high - low) * (at - lower)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(traces())
def test_every_pixel_of_every_map_has_its_values_colour(blank: Page, steps: Trace) -> None:
    blank.evaluate(SHOW, messages(steps))
    picture, boxes = painted(view.root(blank))
    maps = [("input", steps.image[0] if steps.image.ndim == 4 else steps.image)]
    maps += [(layer.name, layer.values) for layer in steps.layers if layer.values.ndim == 3]
    for name, values in maps:
        most = float(values.abs().max())
        for channel, cells in enumerate(values.numpy()):
            check_map(picture, boxes[f"{name}.{channel}"], cells, most, f"{name}.{channel}")


def test_nothing_is_seen_before_the_first_values_are_painted(blank: Page) -> None:
    network = nn.Sequential(OrderedDict(conv=nn.Conv2d(1, 2, 3)))
    weights, values = messages(trace(network, torch.zeros(1, 1, 8, 8)))
    blank.evaluate(SHOW, [values])  # which may come before the weights
    parts = [view.root(blank).locator(name) for name in ("canvas.surface", ".inspector")]
    for part in parts:
        expect(part).to_be_attached()
        expect(part).to_be_hidden()
    blank.evaluate(SHOW, [weights, values])
    for part in parts:
        expect(part).to_be_visible()


def test_a_view_made_anew_in_the_same_place_leaves_nothing_of_the_one_before(blank: Page) -> None:
    """Chromium keeps radio buttons of a shadow root that stand in no form, and what they hold."""
    network = nn.Sequential(OrderedDict(conv=nn.Conv2d(1, 2, 3), relu=nn.ReLU()))
    sent = messages(trace(network, torch.zeros(1, 1, 8, 8)))
    session = blank.context.new_cdp_session(blank)

    def held() -> tuple[int, int]:
        session.send("HeapProfiler.collectGarbage")
        counters = session.send("Memory.getDOMCounters")
        return counters["nodes"], counters["jsEventListeners"]

    def settled_at() -> tuple[int, int]:
        """Once several collections have found no more."""
        seen = [held()]
        while seen[-4:] != 4 * [seen[-1]]:
            seen.append(held())
        return seen[-1]

    blank.evaluate(REMAKE, {"messages": sent, "times": 3})
    before = settled_at()
    blank.evaluate(REMAKE, {"messages": sent, "times": 5})
    nodes, listeners = settled_at()
    assert nodes <= before[0]
    assert listeners <= before[1]


def check_map(
    picture: np.ndarray, cell: dict[str, float], cells: np.ndarray, most: float, name: str
) -> None:
    """`cell` is where the map's first cell lies. Numbers and frames in a cell leave its corner."""
    dead = not cells.any()
    for row in range(cells.shape[0]):
        for col in range(cells.shape[1]):
            left, top = cell["x"] + col * cell["w"], cell["y"] + row * cell["h"]
            # A quarter into the cell: clear of the edge, of a number in the middle.
            x, y = int(left + 0.12 * cell["w"] + 0.5), int(top + 0.12 * cell["h"] + 0.5)
            if cell["w"] < 4 or cell["h"] < 4 or dead:
                continue
            expected = colour(float(cells[row, col]), most)
            np.testing.assert_allclose(
                picture[y, x], expected, atol=2, err_msg=f"{name} {row} {col}"
            )


def test_nothing_moves_while_one_points_pins_and_draws(app: str, page: Page) -> None:
    view.open_view(page, f"{app}/?pin=conv2.5.4.6")
    settled(page)
    shifts.watch(page)
    for name in ("conv1.0.3.3", "relu1.2.20.9", "pool1.1.0.0", "conv2.7.10.10", "pool2.3.1.1"):
        view.point_at(page, name)
        page.evaluate(PAINTED)
    for name in ("conv2.0.0.0", "conv2.3.8.8", "conv2.5.4.6"):
        view.click(page, name)
        page.evaluate(PAINTED)
    assert shifts.moved(page) == []
    box = canvas_box(page)
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    for step in range(20):
        page.mouse.move(box["x"] + 60 + 8 * step, box["y"] + 60 + 5 * step)
    assert shifts.moved(page) == []
    page.mouse.up()


def test_play_stays_under_the_pointer_and_escape_keeps_the_pin(app: str, page: Page) -> None:
    view.open_view(page, f"{app}/?pin=conv2.5.4.6")
    settled(page)
    shifts.watch(page)
    player = page.get_by_role("group", name="See it slide")
    play = player.get_by_role("button", name="Play")
    box = play.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.up()
    pause = player.get_by_role("button", name="Pause")
    expect(pause).to_be_visible()
    page.wait_for_timeout(600)
    page.mouse.down()
    page.mouse.up()
    expect(play).to_be_visible()
    assert play.bounding_box() == box
    for part in (play, player.get_by_role("combobox")):
        expect(part).to_be_in_viewport(ratio=1)
    page.keyboard.press("Space")  # the button has the focus: it presses it
    expect(pause).to_be_visible()
    player.get_by_label("Position of the window").fill("60")
    expect(view.inspector(page).locator(".place")).to_have_text("row 5, column 5")
    page.keyboard.press("Escape")
    expect(player.get_by_role("button", name="End the slide")).to_be_disabled()
    expect(view.inspector(page).locator("h2")).to_have_text("conv2 · map 5")
    expect(view.inspector(page).locator(".place")).to_have_text("row 4, column 6")
    assert "pin=conv2.5.4.6" in page.url
    assert shifts.moved(page) == []


def test_space_plays_from_the_first_row_with_ink(app: str, page: Page) -> None:
    view.open_view(page, f"{app}/?pin=conv1.0.0.0")
    view.layer(page, "conv1").focus()
    player = page.get_by_role("group", name="See it slide")
    page.keyboard.press("Space")
    expect(player.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(player.get_by_role("button", name="Play")).to_be_visible()
    # A row takes 6.5 s at this speed: it's still the first.
    ink = int(prepare(samples.ink(7)).centred.max(axis=1).nonzero()[0][0])
    expect(view.inspector(page).locator(".place")).to_have_text(re.compile(rf"^row {ink - 2}, "))


def test_what_opens_lies_inside_the_window_and_scrolls_nothing(app: str, page: Page) -> None:
    view.open_view(page, f"{app}/?pin=conv2.5.4.6")
    settled(page)
    before = view.where(page, "conv2.5")
    panel = page.locator(".over .panel")
    for button in ("enlarge", "as PyTorch", "kernels"):
        view.inspector(page).get_by_role("button", name=button).click()
        box = panel.bounding_box()
        assert box is not None, button
        assert box["x"] >= 0, button
        assert box["y"] >= 0, button
        assert box["x"] + box["width"] <= 1440, button
        assert box["y"] + box["height"] <= 900, button
        assert view.where(page, "conv2.5") == before, button
        page.keyboard.press("Escape")
        expect(panel).to_have_count(0)


def test_one_points_and_pins_in_an_enlarged_map(app: str, page: Page) -> None:
    view.open_view(page, f"{app}/?pin=conv2.5.4.6")
    view.inspector(page).get_by_role("button", name="enlarge").click()
    big = page.locator("canvas.big-map").bounding_box()
    assert big is not None
    page.mouse.click(big["x"] + 3.5 / 11 * big["width"], big["y"] + 7.5 / 11 * big["height"])
    expect(view.inspector(page).locator(".place")).to_have_text("row 7, column 3")
    expect(page.locator(".map-panel .readout")).to_contain_text("row 7, column 3: ")
    # The map takes no focus: the keys are the view's all the same.
    page.keyboard.press("Escape")
    expect(page.locator(".map-panel")).to_have_count(0)
    expect(view.inspector(page).locator(".place")).to_have_text("row 7, column 3")


def test_the_cells_of_a_large_map_show_their_numbers_around_the_pointer(
    app: str, page: Page
) -> None:
    view.open_view(page, f"{app}/?pin=conv1.0.9.14")
    view.inspector(page).get_by_role("button", name="enlarge").click()
    big = page.locator("canvas.big-map")
    box = big.bounding_box()
    assert box is not None
    row, col = 20, 3
    x, y = (col + 0.5) / 26 * box["width"], (row + 0.5) / 26 * box["height"]
    page.mouse.move(box["x"] + x, box["y"] + y)
    expect(page.locator(".map-panel .readout")).to_contain_text(f"row {row}, column {col}: ")
    # Under the pointer lies the cell alone, 40 px wide, with a number in it: two colours, of which
    # its own fills the corners.
    found = big.evaluate(
        """(canvas, [x, y]) => {
          const { data } = canvas.getContext("2d").getImageData(x - 17, y - 17, 34, 34);
          const pixels = new Uint32Array(data.buffer);
          const corners = [pixels[0], pixels[33], pixels[34 * 33], pixels[34 * 34 - 1]];
          const other = pixels.filter((pixel) => pixel !== pixels[0]).length;
          return { alike: corners.every((corner) => corner === pixels[0]), other };
        }""",
        [round(x), round(y)],
    )
    assert found["alike"]
    assert 20 < found["other"] < 500


def test_a_unit_can_be_typed_and_a_wrong_one_is_explained(app: str, page: Page) -> None:
    view.open_view(page, app)
    field = page.get_by_role("textbox", name="Go to a unit")
    place = field.bounding_box()
    expect(view.inspector(page)).to_contain_text("Here one number of a map is taken apart")
    view.point_at(page, "conv2.3.5.2")
    expect(view.inspector(page).locator("h2")).to_have_text("conv2 · map 3")
    assert field.bounding_box() == place
    field.fill("conv2 3 5 2")
    field.press("Enter")
    expect(view.inspector(page).locator("h2")).to_have_text("conv2 · map 3")
    expect(view.inspector(page).locator(".place")).to_have_text("row 5, column 2")
    # It keeps its place, whatever is shown under it.
    assert field.bounding_box() == place
    field.fill("conv2 3 5 11")
    field.press("Enter")
    expect(view.inspector(page)).to_contain_text("column 0 to 10; got 3 5 11")
    field.fill("conv9 1 1 1")
    field.press("Enter")
    expect(view.inspector(page)).to_contain_text("conv9 is no layer here; there are input, conv1")


def test_the_presentation_size_comes_by_itself_and_by_a_key(
    app: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(viewport={"width": 1920, "height": 1080})
    root = view.open_view(page, f"{app}/?pin=conv2.5.4.6")
    size = "e => parseFloat(getComputedStyle(e).fontSize) * (e.currentCSSZoom ?? 1)"
    cell = view.inspector(page).locator(".cell").first
    assert cell.evaluate(size) >= 17.9
    large = view.where(page, "conv1.0")["width"]
    canvas = canvas_box(page)
    assert canvas["width"] >= 350
    total = view.inspector(page).get_by_role("table", name="channel sums").locator(".total")
    for sum_shown in (total, view.inspector(page).locator(".big")):
        box = sum_shown.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 1080
    spans = root.locator(".column header b").evaluate_all(
        """heads => heads.map((head) => {
          const range = document.createRange();
          range.selectNodeContents(head);
          const { left, right, top } = range.getBoundingClientRect();
          return [left, right, top];
        })"""
    )
    for left, right, top in spans:
        for other, _, level in spans:
            assert not (abs(level - top) < 5 and left < other < right + 6)
    # The ink lies under the pen, however large the canvas is.
    stroke(page, [(100, 100), (250, 100), (250, 300)])
    expect(page.locator(".st-key-draw_reading .reading")).to_contain_text("Best guess 7")
    view.layer(page, "conv1").focus()
    page.keyboard.press("p")
    expect(root).not_to_have_class(re.compile("large"))
    assert view.where(page, "conv1.0")["width"] < large
    assert cell.evaluate(size) < 12
