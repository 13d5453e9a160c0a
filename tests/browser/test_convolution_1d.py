"""The 1D lab, driven as a person would."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hand import complete, settled

ROUTE = "convolution_1d"


@pytest.fixture
def lab(app: str, page: Page) -> Page:
    return opened(page, app)


def opened(page: Page, app: str, query: str = "") -> Page:
    page.goto(f"{app}/{ROUTE}?{query}")
    expect(view(page)).to_have_attribute("data-source", "numpy", timeout=60_000)
    return page


def view(page: Page) -> Locator:
    return page.locator("[data-cnnviz=signal-view]")


def said(page: Page) -> Locator:
    """The sum written out."""
    return view(page).locator(".sum")


def slider(page: Page, name: str) -> Locator:
    return view(page).get_by_role("slider", name=name)


def tip(page: Page, row: str, index: int) -> tuple[float, float]:
    """Where a stem's tip is, in the window."""
    view(page).locator("canvas").scroll_into_view_if_needed()
    box = view(page).locator("canvas").bounding_box()
    place = view(page).evaluate("(root, [row, index]) => root.tipOf(row, index)", [row, index])
    assert box is not None
    return box["x"] + place["x"], box["y"] + place["y"]


def drag(page: Page, row: str, index: int, by: float) -> None:
    x, y = tip(page, row, index)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + by / 2, steps=3)
    page.mouse.move(x, y + by, steps=3)


def numbers(page: Page, label: str) -> list[float]:
    text = page.get_by_label(label, exact=True).input_value()
    return [float(part) for part in text.split(",")]


def test_it_opens_on_the_articles_example_downloads_and_without_the_flip_names_both(lab: Page):
    expect(said(lab)).to_have_text("y[3] = 0·1 + 1·0 + 2·(−1) = −2")
    expect(lab.get_by_text('np.convolve([3, 2, 1, 0], [1, 0, -1], "full")')).to_be_visible()
    with lab.expect_download() as download:
        view(lab).get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename == "convolution.csv"
    rows = download.value.path().read_text().splitlines()
    assert rows[0] == "n,signal,filter,result"
    assert [float(row.split(",")[3]) for row in rows[1:]] == [3, 2, -2, -2, -1, 0]

    lab.get_by_text("Flip the filter first").click()
    expect(view(lab).get_by_text("cross-correlation", exact=True)).to_be_visible()
    expect(view(lab).get_by_text("convolution, for comparison")).to_be_visible()
    expect(view(lab).get_by_text("Not equal")).to_be_visible()
    expect(said(lab)).to_have_text("z[3] = 2·1 + 1·0 + 0·(−1) = 2")


def test_a_drag_changes_the_sum_at_once_python_confirms_and_the_next_drags_keep_it(lab: Page):
    drag(lab, "signal", 1, -20)
    expect(view(lab)).to_have_attribute("data-source", "preview")
    expect(view(lab).get_by_text("preview")).to_be_visible()
    preview = said(lab).inner_text()
    assert preview != "y[3] = 0·1 + 1·0 + 2·(−1) = −2"
    lab.mouse.up()
    expect(view(lab)).to_have_attribute("data-source", "numpy")
    expect(said(lab)).to_have_text(preview)
    signal = numbers(lab, "Signal")
    assert signal[1] > 2
    assert [signal[0], *signal[2:]] == [3, 1, 0]
    shown = f"np.convolve([{', '.join(f'{v:g}' for v in signal)}], [1, 0, -1]"
    expect(lab.get_by_text(shown)).to_be_visible()
    # Two in a row, the second before Python has answered the first.
    drag(lab, "signal", 0, 15)
    lab.mouse.up()
    drag(lab, "signal", 2, -15)
    lab.mouse.up()
    expect(view(lab)).to_have_attribute("data-source", "numpy")
    expect(lab.get_by_label("Signal", exact=True)).not_to_have_value(re.compile(r", 1, 0$"))
    now = numbers(lab, "Signal")
    assert now[0] < 3
    assert now[1] == signal[1]
    assert now[2] > 1
    # A tap of the filter, which is drawn flipped, is that tap.
    settled(lab)
    drag(lab, "filter", 0, -15)
    lab.mouse.up()
    expect(lab.get_by_label("Filter", exact=True)).not_to_have_value("1, 0, -1")
    expect(view(lab)).to_have_attribute("data-source", "numpy")
    taps = numbers(lab, "Filter")
    assert taps[0] > 1
    assert taps[1:] == [0, -1]


def test_sliding_by_scrubber_buttons_keys_window_and_play_and_a_stem_by_keyboard(lab: Page):
    scrubber = slider(lab, "Position n of the filter")
    scrubber.press("ArrowRight")
    expect(said(lab)).to_contain_text("y[4]")
    view(lab).get_by_role("button", name="One position back").click()
    expect(said(lab)).to_contain_text("y[3]")
    view(lab).get_by_role("button", name="One position back").press("ArrowLeft")
    expect(said(lab)).to_contain_text("y[2]")
    scrubber.press("Home")
    expect(said(lab)).to_have_text("y[0] = 3·1 + 0·0 + 0·(−1) = 3")
    expect(view(lab).get_by_text("outside the signal there are zeros")).to_be_visible()
    x, y = tip(lab, "signal", 3)
    lab.mouse.move(x, y + 300)
    lab.mouse.down()
    lab.mouse.up()
    expect(said(lab)).to_contain_text("y[3]")
    scrubber.press("Home")
    view(lab).get_by_role("button", name="Play").click()
    expect(said(lab)).to_contain_text("y[5]")  # the last
    expect(view(lab).get_by_role("button", name="Play")).to_be_visible()
    for _ in range(2):
        scrubber.press("ArrowLeft")
    expect(said(lab)).to_contain_text("y[3]")
    stem = slider(lab, "Signal f")
    stem.focus()
    expect(stem).to_have_attribute("aria-valuetext", "f[0] = 3")
    stem.press("ArrowRight")
    stem.press("ArrowUp")
    expect(stem).to_have_attribute("aria-valuetext", "f[1] = 2.1")
    expect(said(lab)).to_contain_text("2.1·(−1)")
    expect(view(lab)).to_have_attribute("data-source", "numpy")
    expect(lab.get_by_label("Signal", exact=True)).to_have_value("3, 2.1, 1, 0")


def test_bad_input_keeps_the_picture_and_good_input_applies_typed_or_pasted(lab: Page):
    field = lab.get_by_label("Signal", exact=True)
    field.fill("3, two")
    field.press("Enter")
    expect(lab.get_by_text("Signal, entry 2: “two” isn't a number")).to_be_visible()
    expect(said(lab)).to_have_text("y[3] = 0·1 + 1·0 + 2·(−1) = −2")

    field.focus()
    field.select_text()
    lab.evaluate(
        """() => {
            const field = document.activeElement;
            document.execCommand("insertText", false, "1\\n2\\n4\\n8\\n");
            field.dispatchEvent(new ClipboardEvent("paste", { bubbles: true }));
        }"""
    )
    expect(field).to_have_value("1, 2, 4, 8")
    expect(lab.get_by_text("isn't a number")).to_have_count(0)

    field = lab.get_by_label("Filter", exact=True)
    field.fill("1/3 1/3 1/3")
    field.press("Enter")
    expect(said(lab)).to_contain_text("(1/3)")
    expect(lab.get_by_text("[1/3, 1/3, 1/3]")).to_be_visible()


def test_predict_then_reveal(lab: Page):
    lab.get_by_text("Predict, then reveal").click()
    box = view(lab).get_by_role("textbox")
    expect(box).to_be_visible()
    expect(said(lab)).to_be_hidden()
    box.fill("3")
    box.press("Enter")
    expect(view(lab).get_by_text("Right: you said 3", exact=True)).to_be_visible()
    expect(said(lab)).to_contain_text("= 3")
    view(lab).get_by_role("button", name="Next").click()
    box.fill("7")
    view(lab).get_by_role("button", name="Check").click()
    expect(view(lab).get_by_text("Not quite: you said 7")).to_be_visible()
    expect(view(lab).get_by_text("1 of 2")).to_be_visible()
    # What one guessed is kept: it is still there when one comes back.
    view(lab).get_by_role("button", name="One position back").click()
    expect(view(lab).get_by_text("Right: you said 3", exact=True)).to_be_visible()
    view(lab).get_by_role("button", name="One position on").click()
    expect(view(lab).get_by_text("Not quite: you said 7")).to_be_visible()
    # Another signal is another exercise, from its beginning.
    lab.get_by_text("step", exact=True).click()
    expect(said(lab)).to_be_hidden()
    expect(view(lab).get_by_text("1 of 2")).to_be_hidden()


def test_a_reload_keeps_the_set_up(lab: Page):
    lab.get_by_role("radio", name="heartbeat").click()
    expect(lab).to_have_url(re.compile("signal="))
    lab.get_by_role("radio", name="same").click()
    expect(lab).to_have_url(re.compile("mode=same"))
    scrubber = slider(lab, "Position n of the filter")
    expect(scrubber).to_have_attribute("max", "95")  # the picture has the new mode
    scrubber.press("End")
    expect(lab).to_have_url(re.compile("at=95"))
    shown = said(lab).inner_text()
    lab.reload()
    expect(said(lab)).to_have_text(shown)


def test_with_a_stride_the_sum_is_named_by_the_position_beside_it(app: str, page: Page):
    opened(page, app, "hop=3&at=1")
    expect(view(page).get_by_text("n = 3", exact=True)).to_be_visible()
    expect(said(page)).to_have_text("y[3] = 0·1 + 1·0 + 2·(−1) = −2")


def test_the_position_survives_a_visit_to_another_page(lab: Page):
    slider(lab, "Position n of the filter").press("Home")
    expect(lab).to_have_url(re.compile("at=0"))
    lab.get_by_role("link", name="Pooling").click()
    expect(lab.get_by_role("heading", name="Max pooling")).to_be_visible(timeout=60_000)
    lab.get_by_role("link", name="1D convolution").click()
    expect(said(lab)).to_have_text("y[0] = 3·1 + 0·0 + 0·(−1) = 3", timeout=60_000)
    # Left at once, before it has come to rest: one comes back to it, and the address says so.
    slider(lab, "Position n of the filter").press("ArrowRight")
    lab.get_by_role("link", name="Pooling").click()
    expect(lab.get_by_role("heading", name="Max pooling")).to_be_visible(timeout=60_000)
    lab.get_by_role("link", name="1D convolution").click()
    expect(said(lab)).to_have_text("y[1] = 2·1 + 3·0 + 0·(−1) = 2", timeout=60_000)
    expect(lab).to_have_url(re.compile("at=1"))


def test_a_chart_waits_until_one_comes_near_and_moves_nothing_as_it_comes(lab: Page):
    settled(lab)
    plotly = "() => performance.getEntriesByType('resource').some(e => e.name.includes('Plotly'))"
    charts = lab.get_by_test_id("stPlotlyChart")
    expect(charts).to_have_count(0)
    assert not lab.evaluate(plotly)
    headings = lab.get_by_role("heading", level=3)
    expect(headings).to_have_count(3)
    before = places(headings)
    complete(lab)
    expect(charts).to_have_count(5)
    assert lab.evaluate(plotly)
    assert places(headings) == before


def places(elements: Locator) -> list[tuple[float, float]]:
    """Where they stand in the page, whatever is in sight of it."""
    return elements.evaluate_all(
        """elements => {
            const { scrollLeft, scrollTop } = document.querySelector("[data-testid=stMain]");
            return elements.map(element => {
                const { x, y } = element.getBoundingClientRect();
                return [x + scrollLeft, y + scrollTop];
            });
        }"""
    )


def test_heat_follows_the_slider_while_it_moves_and_a_reload_keeps_it_and_the_spectrum(lab: Page):
    time = lab.get_by_role("slider", name="Time t")
    expect(time).to_be_visible()
    time.scroll_into_view_if_needed()
    box = time.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    words = lab.get_by_text("One point of heat spreads into a Gaussian")
    expect(words).to_contain_text("9.6 mm")
    lab.mouse.move(box["x"] + 8 + 2 / 30 * (box["width"] - 16), y)
    lab.mouse.down()
    lab.mouse.move(box["x"] + box["width"] - 1, y, steps=8)
    expect(words).to_contain_text("37.1 mm")  # sqrt(2 · 23 · 30), and the button is still down
    lab.mouse.up()
    expect(lab).to_have_url(re.compile("time=30"))
    lab.get_by_role("radio", name="two spots").click()
    expect(lab).to_have_url(re.compile("rod=two"))
    lab.get_by_role("radio", name="high-pass").click()
    expect(lab.get_by_text("This filter is high-pass")).to_be_visible()
    lab.reload()
    expect(time).to_have_value("30")
    expect(lab.get_by_role("radio", name="two spots")).to_be_checked()
    expect(lab.get_by_text("This filter is high-pass")).to_be_visible()


def test_a_link_that_cannot_be_is_ignored_with_a_note_and_the_theme_reaches_the_picture(
    app: str, page: Page
):
    opened(page, app, "mode=sideways&hop=99")
    expect(page.get_by_text("Part of the link was ignored")).to_be_visible()
    expect(said(page)).to_have_text("y[3] = 0·1 + 1·0 + 2·(−1) = −2")
    orange = "(root) => getComputedStyle(root).getPropertyValue('--st-orange-color').trim()"
    assert view(page).evaluate(orange) == "#e6550d"
    page.emulate_media(color_scheme="dark")
    settled(page)
    assert view(page).evaluate(orange) == "#f08c4a"


def test_a_pen_draws_across_512_samples(app: str, page: Page):
    opened(page, app, "signal=" + ",".join(["1"] * 512) + "&filter=" + ",".join(["0.1"] * 64))
    x0, y = tip(page, "signal", 100)
    x1, _ = tip(page, "signal", 200)
    page.mouse.move(x0, y + 20)
    page.mouse.down()
    page.mouse.move(x1, y + 20, steps=12)
    page.mouse.up()
    expect(page.get_by_label("Signal", exact=True)).not_to_have_value(re.compile("^(1, )+1$"))
    expect(view(page)).to_have_attribute("data-source", "numpy")
    signal = np.array(numbers(page, "Signal"))
    assert (signal[:99] == 1).all()
    assert (signal[102:199] < 1).all()
    assert (signal[202:] == 1).all()


def test_on_a_phone_nothing_is_wider_and_a_finger_drags_a_stem(app: str, phone_page: Page):
    page = opened(phone_page, app)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    width = view(page).evaluate("(root) => root.scrollWidth - root.clientWidth")
    assert width == 0
    x, y = tip(page, "signal", 0)
    touch = page.context.new_cdp_session(page)
    for kind, points in [
        ("touchStart", [{"x": x, "y": y}]),
        ("touchMove", [{"x": x, "y": y + 10}]),
        ("touchMove", [{"x": x, "y": y + 25}]),
        ("touchEnd", []),
    ]:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(page.get_by_label("Signal", exact=True)).not_to_have_value("3, 2, 1, 0")
    assert numbers(page, "Signal")[0] < 3
    assert numbers(page, "Signal")[1:] == [2, 1, 0]
