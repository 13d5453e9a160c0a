"""The presentation size, 1920×1080: what the last row is to read, and point at."""

import itertools
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import hand, sight, view

CHARTS = "[data-testid=stMain] .js-plotly-plot"
# Where in the window the middle of a chart's curves is, and which x that is.
MIDDLE = """chart => {
  const { left, right, top, bottom } = chart.querySelector(".nsewdrag").getBoundingClientRect();
  const [low, high] = chart.layout.xaxis.range;
  return [(left + right) / 2, (top + bottom) / 2, (low + high) / 2];
}"""

# The fields that touch their labels, or show a number of four digits cut.
APART = """labels => labels.filter((label) => {
  const range = document.createRange();
  range.selectNode(label.firstChild);
  const input = label.querySelector("input");
  const gap = input.getBoundingClientRect().left - range.getBoundingClientRect().right;
  const was = input.value;
  input.value = "1024";
  const cut = input.scrollWidth > input.clientWidth;
  input.value = was;
  return gap < 4 || cut;
}).map((label) => label.textContent)"""


def points_at_its_middle(page: Page, chart: Locator) -> None:
    """What a chart says of its middle is of the x that is there."""
    chart.scroll_into_view_if_needed()
    x, y, there = chart.evaluate(MIDDLE)
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    said = chart.locator(".hoverlayer .legendtext, .hoverlayer .legendtitletext").first
    expect(said).to_have_text(re.compile(rf"^{there:.0f}$"))


def test_a_charts_words_are_large_whole_and_found_by_the_pointer_and_the_key_undoes_it(
    app: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(viewport={"width": 1920, "height": 1080})
    page.goto(f"{app}/convolution_1d")
    hand.settled(page)
    hand.complete(page)
    hand.settled(page)
    assert page.locator(f"{CHARTS} text").count() > 40
    assert not sight.small(page, CHARTS, 18)
    assert not sight.unreadable(page)
    cooling = page.locator(".st-key-cooling .js-plotly-plot")
    points_at_its_middle(page, cooling)
    wide = cooling.locator(".main-svg").first.bounding_box()
    page.keyboard.press("p")
    expect(page.locator("html")).not_to_have_attribute("data-presentation", "")
    words = cooling.locator(".xtick text").first
    expect(words).to_have_css("font-size", "12.25px")
    assert sight.small(page, CHARTS, 18)
    page.mouse.move(0, 0)
    page.wait_for_function(
        "([chart, width]) => Math.abs(chart.getBoundingClientRect().width - width) < 2",
        arg=[cooling.locator(".main-svg").first.element_handle(), wide and wide["width"]],
    )
    points_at_its_middle(page, cooling)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_built_is_seen_together_with_its_maps(
    app: str, open_page: Callable[..., Page], scheme: str
) -> None:
    page = open_page(viewport={"width": 1920, "height": 1080}, color_scheme=scheme)
    page.goto(f"{app}/build")
    root = view.root(page).first
    expect(root).to_have_attribute("data-revision", re.compile(r"[1-9]"))
    hand.settled(page)
    cards = page.locator(".st-key-build_row li.card")
    expect(cards).to_have_count(9)
    for place in range(9):
        expect(cards.nth(place)).to_be_in_viewport(ratio=1)
    for name in ("conv1.0", "conv2.0", "fc.0"):
        box = view.where(page, name, root)
        assert box["y"] + box["height"] <= 1080
    assert not sight.small(page, ".st-key-build_row", 18)
    assert not sight.unreadable(page)
    assert cards.locator("label").evaluate_all(APART) == []

    # A layer more than there is room for is where one looks: its row scrolls, and not the page.
    cards.last.focus()
    page.get_by_role("button", name="Linear", exact=True).click()
    expect(cards).to_have_count(10)
    expect(cards.last).to_be_in_viewport(ratio=0.95)
    assert page.locator("[data-testid=stMain]").evaluate("main => main.scrollTop") == 0


@pytest.mark.parametrize("size", [(1920, 1080), (1600, 900)])
def test_the_pages_names_are_large_and_all_in_one_line(
    size: tuple[int, int], app: str, open_page: Callable[..., Page]
) -> None:
    # A first visit: the course's offer stands in the same line.
    page = open_page(fresh=True, viewport={"width": size[0], "height": size[1]})
    page.goto(f"{app}/lessons")
    expect(page.locator("html")).to_have_attribute("data-presentation", "")
    hand.settled(page)
    names = page.get_by_test_id("stTopNavLink")
    expect(names).to_have_count(10)
    assert not sight.small(page, "[data-testid=stTopNavLink]", 18)
    places = [name.bounding_box() for name in names.all()]
    tools = page.locator(".st-key-tools").bounding_box()
    assert tools
    assert all(places)
    boxes = [place for place in places if place]
    assert len({place["y"] for place in boxes}) == 1
    for left, right in itertools.pairwise([*boxes, tools]):
        assert left["x"] + left["width"] <= right["x"]


@pytest.mark.parametrize("size", [(1920, 1080), (390, 844)])
def test_the_ink_that_is_gone_is_counted_to_its_end(
    size: tuple[int, int], app: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(viewport={"width": size[0], "height": size[1]})
    page.goto(f"{app}/why")
    hand.settled(page)
    charts = page.locator(".st-key-why_ink .js-plotly-plot")
    expect(charts).to_have_count(2)
    for chart in charts.all():
        chart.scroll_into_view_if_needed()
        ticks = chart.locator(".xtick text")
        expect(ticks).to_have_text(["0 %", "25 %", "50 %", "75 %", "100 %"])
        frame, last = chart.bounding_box(), ticks.last.bounding_box()
        assert frame
        assert last
        assert last["x"] + last["width"] <= frame["x"] + frame["width"] + 1


def test_what_is_asked_is_large(app: str, open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 1920, "height": 1080})
    view.open_view(page, f"{app}/why")
    expect(page.locator("html")).to_have_attribute("data-presentation", "")
    hand.settled(page)
    expect(page.locator(".why-question")).to_be_visible()
    assert not sight.small(page, ".why-question", 18)
