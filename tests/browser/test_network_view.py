"""The network view on the draw page: every number torch's, followed by mouse, keyboard, touch."""

import csv
import io
import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.networks import checkpoints, models
from cnnviz.networks.trace import Trace, as_image, trace
from tests.browser.chromium import ROOT
from tests.browser.hand import SEVEN, canvas_box, settled, stroke
from tests.browser.view import (
    click,
    colours,
    how_many_colours,
    in_sight,
    inspector,
    layer,
    middle,
    number,
    open_view,
    pinned,
    point_at,
    revision,
    root,
    walk_back,
    where,
)
from tests.programs import printed_alone

AGREE = 1e-3


@pytest.fixture(scope="module")
def seven() -> Trace:
    """What torch makes of the sample that the page opens on."""
    return trace(checkpoints.article().model, as_image(prepare(samples.ink(7)).centred))


def test_hovering_a_unit_names_its_value_as_torch_has_it(app: str, page: Page, seven: Trace):
    open_view(page, app)
    for name, channel, row, col in [("conv1", 2, 9, 14), ("pool1", 1, 5, 6), ("conv2", 4, 3, 7)]:
        point_at(page, f"{name}.{channel}.{row}.{col}")
        tip = root(page).locator(".tooltip")
        expect(tip).to_contain_text(f"{name} · map {channel}, row {row}, column {col}: ")
        shown = number(tip.inner_text().rsplit(": ", 1)[1])
        assert shown == pytest.approx(float(seven[name].values[channel, row, col]), abs=6e-4)
    # Of what is too small to carry its number, it is said too.
    assert seven.probabilities is not None
    small = [("flatten", seven["flatten"].values[98]), ("fc", seven["fc"].values[2])]
    for name, value in [*small, ("softmax", seven.probabilities[2])]:
        point_at(page, f"{name}.{98 if name == 'flatten' else 2}")
        tip = root(page).locator(".tooltip")
        expect(tip).to_contain_text(f"{name}")
        shown = number(tip.inner_text().rsplit(": ", 1)[1])
        assert shown == pytest.approx(float(value), abs=6e-4, rel=1e-3)
        assert shown != 0


def test_the_pinned_unit_of_every_kind_of_layer_shows_torchs_number(
    app: str, page: Page, seven: Trace
):
    units = ["conv1.3.10.8", "relu1.0.7.7", "pool1.1.5.6", "conv2.5.4.6", "relu2.2.2.3",
             "pool2.3.2.2", "flatten.98", "fc.7"]  # fmt: skip
    # The first by the address, the others typed: for both the place is read by the same code.
    open_view(page, f"{app}/?pin={units[0]}")
    field = page.get_by_role("textbox", name="Go to a unit")
    for unit in units:
        name, *place = unit.split(".")
        if unit != units[0]:
            field.fill(unit.replace(".", " "))
            field.press("Enter")
        expect(page).to_have_url(re.compile(rf"pin={re.escape(unit)}(&|$)"))
        expect(inspector(page).locator("h2")).to_contain_text(name)
        value = float(seven[name].values[tuple(map(int, place))])
        assert pinned(page)[2] == pytest.approx(value, abs=6e-4), unit


def test_channels_and_bias_add_up_and_dead_maps_and_the_legend_are_read_without_hovering(
    app: str, page: Page, seven: Trace
):
    open_view(page, f"{app}/?pin=conv2.5.4.6")
    ledger = inspector(page).get_by_role("table", name="channel sums")
    shown = [number(text) for text in ledger.locator(".number").all_inner_texts()]
    *terms, total = shown
    assert len(terms) == 5  # four maps of pool1, and the bias
    assert abs(sum(terms) - total) < 6e-4 or "Rounded" in inspector(page).inner_text()
    assert total == pinned(page)[2]

    relu2 = seven["relu2"].values
    dead = [c for c in range(8) if not relu2[c].any()]
    said = ", ".join(f"map {channel} is all 0" for channel in dead)
    expect(layer(page, "relu2")).to_contain_text(said)
    scale = root(page).locator(".scale")
    most = float(seven["conv2"].values.abs().max())  # of the layer whose unit is pinned
    assert number(scale.locator(".number").last.inner_text()) == pytest.approx(most, abs=6e-2)
    page.get_by_text("all", exact=True).click()
    expect(page).to_have_url(re.compile("scope=all"))
    expect(scale).to_contain_text("all maps")


def test_from_a_probability_one_walks_back_to_a_pixel_by_clicks_and_by_keyboard(
    app: str, page: Page
):
    open_view(page, f"{app}/?pin=softmax.7")
    box = inspector(page)
    walk_back(page)
    for title in ["relu1", "pool1", "relu2", "flatten", "fc", "softmax"]:
        box.get_by_role("button", name="back").click()
        expect(box.locator("h2")).to_contain_text(title)

    inspector(page).get_by_role("button", name="digit 7").focus()
    for title in ["fc", "flatten", "pool2", "relu2", "conv2", "pool1", "relu1", "conv1", "input"]:
        page.keyboard.press("Enter")
        expect(inspector(page).locator("h2")).to_contain_text(title)
    expect(root(page).locator("[aria-live=polite]")).to_contain_text("input, row")


def test_a_click_pins_escape_lets_go_and_the_address_follows(app: str, page: Page):
    open_view(page, app)
    click(page, "conv2.3.5.2")
    expect(inspector(page).locator("h2")).to_have_text("conv2 · map 3")
    expect(page).to_have_url(re.compile(r"pin=conv2\.3\.5\.2"))
    layer(page, "conv2").focus()
    page.keyboard.press("Escape")
    page.mouse.move(5, 5)
    expect(page).not_to_have_url(re.compile("pin="))
    expect(inspector(page)).to_contain_text("Point at any pixel")


def test_the_keyboard_does_all_of_it(app: str, page: Page):
    open_view(page, app)
    layer(page, "pool1").focus()
    page.keyboard.press("Enter")
    expect(inspector(page).locator("h2")).to_contain_text("pool1")
    title, place, _ = pinned(page)
    channel = int(title.split()[-1])
    row, col = map(int, re.findall(r"\d+", place))
    page.keyboard.press("ArrowUp")
    expect(inspector(page).locator(".place")).to_have_text(f"row {row - 1}, column {col}")
    page.keyboard.press("ArrowLeft")
    expect(inspector(page).locator(".place")).to_have_text(f"row {row - 1}, column {col - 1}")
    page.keyboard.press("Shift+ArrowDown" if channel < 3 else "Shift+ArrowUp")
    other = channel + 1 if channel < 3 else channel - 1
    expect(inspector(page).locator("h2")).to_have_text(f"pool1 · map {other}")
    said = root(page).locator("[aria-live=polite]")
    expect(said).to_contain_text(f"pool1 map {other}, row {row - 1}, column {col - 1} is")
    page.keyboard.press("Tab")
    expect(layer(page, "conv2")).to_be_focused()
    expect(said).to_contain_text("conv2 map")


def test_a_tap_pins_and_a_finger_moves_the_pin(app: str, phone_page: Page):
    open_view(phone_page, app)
    box = in_sight(phone_page, "conv1.0")
    phone_page.touchscreen.tap(*middle(box))
    expect(inspector(phone_page).locator("h2")).to_have_text("conv1 · map 0")
    # What is explained lies beside the map, in sight.
    expect(inspector(phone_page).locator(".big")).to_be_in_viewport(ratio=1)
    panel, tapped = inspector(phone_page).bounding_box(), where(phone_page, "conv1.0")
    assert panel is not None
    above = tapped["y"] - panel["y"] - panel["height"]
    below = panel["y"] - tapped["y"] - tapped["height"]
    assert 0 <= max(above, below) < 30
    _, place, _ = pinned(phone_page)
    box = where(phone_page, "conv1.0")
    # A finger, which Playwright's own touchscreen can only tap with.
    session = phone_page.context.new_cdp_session(phone_page)
    down = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [down]})
    for step in range(1, 9):
        at = {"x": down["x"] + 3 * step, "y": down["y"] + 2 * step}
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(inspector(phone_page).locator(".place")).not_to_have_text(place)
    expect(inspector(phone_page).locator("h2")).to_have_text("conv1 · map 0")


def test_addresses_that_name_nothing_are_ignored_with_a_note(app: str, page: Page):
    open_view(page, f"{app}/?pin=conv9.1.1.1&scope=%3Cscript%3E")
    note = root(page).get_by_role("status").first
    expect(note).to_contain_text("pin=conv9.1.1.1 names no unit of this network")
    expect(note).to_contain_text("scope=<script> is none of layer, map, all")


def test_the_maps_move_while_the_pen_is_down_and_torch_agrees_after(app: str, page: Page):
    view = open_view(page, f"{app}/?pin=fc.7")
    box = canvas_box(page)
    page.mouse.move(box["x"] + 75, box["y"] + 75)
    page.mouse.down()
    before, seen = revision(view), set()
    for step in range(1, 21):
        page.mouse.move(box["x"] + 75 + 6.5 * step, box["y"] + 75)
        seen.add(pinned(page)[2])
    expect(view).to_have_attribute("data-source", "preview")
    assert revision(view) - before >= 10
    assert len(seen) > 5  # the same number, changing
    page.mouse.move(box["x"] + 130, box["y"] + 225, steps=10)
    page.mouse.up()
    expect(view).to_have_attribute("data-source", "torch")
    assert float(view.get_attribute("data-preview-error") or "inf") < AGREE
    assert pinned(page)[0] == "fc · logits"
    agreement = root(page).get_by_title("Of this picture both say the same to")
    expect(agreement).to_contain_text("PyTorch")


def test_the_preview_follows_centre_off_untrained_weights_undo_and_clear(app: str, page: Page):
    view = open_view(page, app)
    page.get_by_text("centre", exact=True).click()
    settled(page)
    page.get_by_role("button", name=re.compile("^model")).click()
    page.get_by_text("untrained (seed 42)").last.click()
    settled(page)
    page.keyboard.press("Escape")
    for act in [
        lambda: stroke(page, SEVEN[0]),
        lambda: stroke(page, [(60, 60), (90, 200)]),
        lambda: page.get_by_role("button", name="undo").click(),
        lambda: page.get_by_role("button", name="clear").click(),
    ]:
        before = revision(view)
        act()
        page.wait_for_function(
            "([view, n]) => view.dataset.source === 'torch' && Number(view.dataset.revision) > n",
            arg=[view.element_handle(), before],
        )
        assert float(view.get_attribute("data-preview-error") or "inf") < AGREE
    ink = trace(models.untrained(), as_image(prepare(samples.ink(7) * 0, centre=False).centred))
    layer(page, "logits").focus()
    page.keyboard.press("Enter")
    expect(inspector(page).locator("h2")).to_have_text("fc · logits")
    assert pinned(page)[2] == pytest.approx(float(ink["fc"].values.max()), abs=6e-4)


def test_without_the_drawing_canvas_the_maps_follow_at_pen_up(app: str, page: Page):
    view = open_view(page, app)
    canvas_box(page)
    # Another version of the drawing component, say: its canvases have other class names.
    page.evaluate(
        """() => {
          for (const element of document.querySelectorAll('.st-key-draw *')) {
            for (const c of element.shadowRoot?.querySelectorAll('canvas') ?? []) {
              c.classList.remove('upper-canvas', 'lower-canvas');
            }
          }
        }"""
    )
    box = canvas_box(page)
    before = revision(view)
    page.mouse.move(box["x"] + 75, box["y"] + 75)
    page.mouse.down()
    page.mouse.move(box["x"] + 205, box["y"] + 75, steps=8)
    page.mouse.move(box["x"] + 130, box["y"] + 225, steps=8)
    assert revision(view) == before
    page.mouse.up()
    page.wait_for_function(
        "([view, n]) => Number(view.dataset.revision) > n", arg=[view.element_handle(), before]
    )
    expect(view).to_have_attribute("data-source", "torch")


def test_the_weights_do_not_travel_with_a_stroke(app: str, open_page: Callable[..., Page]):
    page = open_page(fresh=True)
    received: list[bytes] = []

    def keep(frame: str | bytes) -> None:
        received.append(frame if isinstance(frame, bytes) else frame.encode())

    page.on("websocket", lambda socket: socket.on("framereceived", keep))

    def roles() -> set[bytes]:
        found = [re.findall(rb'"role": ?"(weights|trace)"', frame) for frame in received]
        return {role for each in found for role in each}

    view = open_view(page, app)
    settled(page)
    assert roles() == {b"weights", b"trace"}
    received.clear()
    stroke(page, SEVEN[0])
    expect(view).to_have_attribute("data-source", "torch")
    settled(page)
    assert roles() == {b"trace"}
    assert sum(map(len, received)) < 60_000


def test_see_it_slide_fills_the_map_and_the_inspector_follows(app: str, page: Page):
    open_view(page, f"{app}/?pin=conv2.5.4.6")
    player = page.get_by_role("group", name="See it slide")
    player.get_by_role("button", name="Play").click()
    player.get_by_label("Speed").select_option("20 a second")
    expect(player.locator(".where")).to_have_text(re.compile(r"^\d\d / 121"))
    player.get_by_role("button", name="Pause").click()
    player.get_by_label("Position of the window").fill("60")
    expect(player.locator(".where")).to_have_text("61 / 121")
    assert pinned(page)[1] == "row 5, column 5"
    player.get_by_role("button", name="One step on").click()
    expect(inspector(page).locator(".place")).to_have_text("row 5, column 6")
    # The last cell isn't filled yet: it has the surface's own colour, #f6f7f9.
    assert set(colours(root(page), "conv2.5.10.10")) == {(0xF6, 0xF7, 0xF9)}


def test_a_slide_starts_paused_for_those_who_want_less_motion(
    app: str, open_page: Callable[..., Page]
):
    page = open_page(reduced_motion="reduce")
    open_view(page, f"{app}/?pin=pool1.0.4.6")
    player = page.get_by_role("group", name="See it slide")
    player.get_by_role("button", name="Play").click()
    expect(player.locator(".where")).not_to_be_empty()
    first = player.locator(".where").inner_text()
    page.wait_for_timeout(600)
    expect(player.locator(".where")).to_have_text(first)
    expect(player.get_by_role("button", name="Play")).to_be_visible()


def test_as_pytorch_runs_and_prints_the_number_and_an_enlarged_map_gives_csv(
    app: str, page: Page, seven: Trace
):
    open_view(page, f"{app}/?pin=conv2.5.4.6")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("() => navigator.clipboard.writeText('mine')")
    page.get_by_role("button", name="as PyTorch").click()
    code = page.get_by_role("region", name="As PyTorch").locator("pre").inner_text()
    assert float(printed_alone("-c", code, folder=ROOT)) == pytest.approx(pinned(page)[2], abs=6e-4)
    assert "checkpoints/article.safetensors" in code
    # Opening only shows it.
    assert page.evaluate("() => navigator.clipboard.readText()") == "mine"
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="copied")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == code

    page.get_by_role("button", name="enlarge").click()
    panel = page.get_by_role("region", name="conv2 map 5, enlarged")
    assert panel.get_by_role("table").count() == 4
    with page.expect_download() as download:
        panel.get_by_role("button", name="CSV").click()
    rows = list(csv.reader(io.StringIO(download.value.path().read_text())))
    assert np.array_equal(np.array(rows, dtype=np.float32), seven["conv2"].values[5].numpy())


def test_the_filters_of_a_layer_stand_beside_the_maps_they_make_and_follow_the_weights(
    app: str, page: Page
):
    open_view(page, app)
    layer(page, "conv2").locator("header").click()
    panel = page.get_by_role("region", name="Kernels of conv2")
    assert panel.get_by_role("button", name=re.compile("^Enlarge conv2 map")).count() == 8
    assert panel.locator("canvas").count() == 8 * 4 + 8
    kernel = panel.locator("canvas").first
    pixels = "c => [...c.getContext('2d').getImageData(0, 0, 3, 3).data].join()"
    trained = kernel.evaluate(pixels)
    page.get_by_role("button", name=re.compile("^model")).click()
    page.get_by_text("untrained (seed 42)").last.click()
    settled(page)
    assert kernel.evaluate(pixels) != trained


def test_every_tile_is_painted_in_both_themes(app: str, page: Page):
    view = open_view(page, app)
    counts = {"conv1": 4, "relu1": 4, "pool1": 4, "conv2": 8, "relu2": 8, "pool2": 8}
    maps = ["input.0", *(f"{name}.{i}" for name, n in counts.items() for i in range(n))]
    kernels = [f"conv1.weight.{i}.0" for i in range(4)]
    kernels += [f"conv2.weight.{i}.{j}" for i in range(8) for j in range(4)]
    surface = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        settled(page)
        surface[scheme] = colours(view, "fc.0")
        found = how_many_colours(view, [*maps, *kernels])
        several = [name for name in maps if found[name] > 3]
        assert len(several) >= len(maps) - 4, scheme  # a map may be all 0
        for name in kernels:
            assert found[name] > 3, f"{name}, {scheme}"
    assert surface["light"] != surface["dark"]


def test_nothing_is_cut_off_at_any_width(app: str, open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 400, "height": 900})
    view = open_view(page, f"{app}/?pin=conv2.5.4.6")
    for width in (400, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        settled(page)
        box = _box(view)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for column in view.locator(".column").all():
            column_box = _box(column)
            assert column_box["x"] >= box["x"] - 1, width
            assert column_box["x"] + column_box["width"] <= box["x"] + box["width"] + 6, width


def _box(locator: Locator) -> FloatRect:
    box = locator.bounding_box()
    assert box is not None
    return box
